#include "profile/markup.hpp"

#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "profile/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace provphone::profile {
namespace {

enum Kind : unsigned char {
  kind_plain = 0,
  kind_name = 1,        // may stand in a name
  kind_name_start = 2,  // may begin one
  kind_space = 4,
  kind_stop = 8,       // ends a run of plain text: < & ]
  kind_forbidden = 16  // no XML document holds it
};

constexpr std::array<unsigned char, 256> make_kinds() {
  std::array<unsigned char, 256> kinds{};
  const auto mark = [&](std::string_view characters, unsigned char kind) {
    for (const char c : characters) kinds[static_cast<unsigned char>(c)] = kind;
  };
  for (std::size_t c = 0; c < 0x20; ++c) kinds[c] = kind_forbidden | kind_stop;
  mark(" \t\r\n", kind_space);
  mark("<&]", kind_stop);
  mark("0123456789-.", kind_name);
  mark("abcdefghijklmnopqrstuvwxyz", kind_name | kind_name_start);
  mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ_:", kind_name | kind_name_start);
  for (std::size_t c = 0x80; c < 0x100; ++c) kinds[c] = kind_name | kind_name_start;
  return kinds;
}

constexpr auto kinds = make_kinds();

bool is(char c, unsigned char kind) {
  return (kinds[static_cast<unsigned char>(c)] & kind) != 0;
}

// The name, where it is certainly one and not a piece of a value.
std::string spoken(std::string_view name) {
  if (name == "flat-profile" || find_parameter(name)) return std::string(name);
  return "an element that is no parameter";
}

// Reads a document from front to back. A function that fails leaves its error in error_ and returns
// false.
class Checker {
 public:
  explicit Checker(std::string_view text) : text_(text) {}

  Result<Markup> run() {
    while (at_ < text_.size()) {
      if (!(text_[at_] == '<' ? read_markup() : read_text())) return tl::make_unexpected(*error_);
    }
    if (!open_.empty() || !had_root_) {
      fault(at_, open_.empty() ? "no element at all" : "the file ends inside an element");
      return tl::make_unexpected(*error_);
    }
    return std::move(markup_);
  }

 private:
  struct Element {
    std::string_view name;
    std::size_t start;
  };

  bool read_text() {
    const auto start = at_;
    while (at_ < text_.size() && text_[at_] != '<') {
      while (at_ < text_.size() && !is(text_[at_], kind_stop)) ++at_;
      if (at_ == text_.size() || text_[at_] == '<') break;
      if (!check_stop()) return false;
    }
    if (!open_.empty()) return true;
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto stray = std::find_if_not(text_.begin() + static_cast<std::ptrdiff_t>(start), end,
                                        [](char c) { return is(c, kind_space); });
    if (stray == end) return true;
    return fault(static_cast<std::size_t>(stray - text_.begin()),
                 had_root_ ? "text after the end of the outermost element"
                           : "text before the first element");
  }

  // At a character that ends a run of text, or that an attribute value may not pass over unseen.
  bool check_stop() {
    const char c = text_[at_];
    if (c == '&') {
      const auto reference = parse_reference(text_.substr(at_));
      if (!reference) return fault(at_, "& that begins no entity XML knows");
      at_ += reference->length;
      return true;
    }
    if (c == ']' && text_.substr(at_).starts_with("]]>")) return fault(at_, "]]> outside CDATA");
    if (is(c, kind_forbidden)) {
      return fault(at_, fmt::format("control character {:02x}", static_cast<unsigned char>(c)));
    }
    ++at_;
    return true;
  }

  bool read_markup() {
    switch (at_ + 1 < text_.size() ? text_[at_ + 1] : ' ') {
      case '/':
        return read_end_tag();
      case '?':
        return read_instruction();
      case '!':
        return read_declaration();
      default:
        return read_start_tag();
    }
  }

  bool read_declaration() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("<!--")) return read_comment();
    if (rest.starts_with("<![CDATA[")) return read_cdata();
    // R-XML-09: no document type, hence no entities of one's own.
    if (rest.starts_with("<!DOCTYPE")) {
      return fault(at_, "a document type declaration", Errc::xml_doctype);
    }
    return fault(at_, "<! that begins no comment and no CDATA");
  }

  // Skips to behind `terminator`. What lies between must be free of forbidden characters.
  bool skip_past(std::string_view terminator, std::size_t from, std::string_view what) {
    const auto end = text_.find(terminator, from);
    if (end == std::string_view::npos) return fault(at_, fmt::format("{} without an end", what));
    const auto body = text_.substr(from, end - from);
    const auto bad =
        std::find_if(body.begin(), body.end(), [](char c) { return is(c, kind_forbidden); });
    if (bad != body.end()) {
      return fault(from + static_cast<std::size_t>(bad - body.begin()),
                   fmt::format("control character in {}", what));
    }
    at_ = end + terminator.size();
    return true;
  }

  bool read_instruction() {
    const auto start = at_;
    at_ += 2;
    const auto target = read_name();
    const bool ends = text_.substr(at_).starts_with("?>");
    if (target.empty() || !(skip_space() || ends)) return fault(start, "<? without a name");
    if (target == "xml" && start != 0) {
      return fault(start, "an XML declaration that is not the first thing in the file");
    }
    const auto body = std::exchange(at_, start);
    if (!skip_past("?>", body, "<?")) return false;
    markup_.asides.push_back({start, at_ - start});
    return true;
  }

  bool read_comment() {
    const auto start = at_;
    if (!skip_past("--", start + 4, "a comment")) return false;
    if (at_ == text_.size() || text_[at_] != '>') return fault(at_ - 2, "-- inside a comment");
    ++at_;
    markup_.asides.push_back({start, at_ - start});
    return true;
  }

  bool read_cdata() {
    if (open_.empty()) return fault(at_, "CDATA outside the outermost element");
    return skip_past("]]>", at_ + 9, "CDATA");
  }

  bool read_end_tag() {
    const auto start = at_;
    at_ += 2;
    const auto name = read_name();
    skip_space();
    if (name.empty() || at_ == text_.size() || text_[at_] != '>') {
      return fault(start, "an end tag that is not of the form </NAME>");
    }
    ++at_;
    if (open_.empty()) return fault(start, "an end tag outside the outermost element");
    const Element opened = open_.back();
    open_.pop_back();
    if (opened.name == name) return true;
    return fault(start, fmt::format("the end tag of {} where that of {} (line {}) is due",
                                    spoken(name), spoken(opened.name), line_of(opened.start)));
  }

  bool read_start_tag() {
    const auto start = at_;
    ++at_;
    const auto name = read_name();
    if (name.empty()) return fault(start, "< that begins no tag");
    if (open_.empty() && had_root_) {
      return fault(start, "a second element beside the outermost one");
    }
    had_root_ = true;
    if (open_.size() == max_xml_depth) {
      return fault(start, fmt::format("elements nested more than {} deep", max_xml_depth),
                   Errc::xml_too_deep);
    }
    if (++elements_ > max_xml_elements) {
      return fault(start, fmt::format("more than {} elements", max_xml_elements),
                   Errc::xml_too_many_elements);
    }
    open_.push_back({name, start});
    return read_attributes();
  }

  // From behind the name of a start tag to behind its >.
  bool read_attributes() {
    attributes_.clear();
    while (true) {
      const bool spaced = skip_space();
      if (at_ == text_.size()) return fault(at_, "the file ends inside a tag");
      if (text_[at_] == '>') {
        ++at_;
        return true;
      }
      if (text_.substr(at_).starts_with("/>")) {
        at_ += 2;
        open_.pop_back();
        return true;
      }
      if (!spaced) return fault(at_, "a character that no name can hold, in a tag");
      if (!read_attribute()) return false;
    }
  }

  bool read_attribute() {
    const auto start = at_;
    const auto name = read_name();
    if (name.empty()) return fault(start, "a character that begins no attribute, in a tag");
    if (std::find(attributes_.begin(), attributes_.end(), name) != attributes_.end()) {
      return fault(start, "an attribute that stands twice in one tag");
    }
    if (attributes_.size() == max_xml_attributes) {
      return fault(start, fmt::format("more than {} attributes in one tag", max_xml_attributes));
    }
    attributes_.push_back(name);
    skip_space();
    if (at_ == text_.size() || text_[at_] != '=') return fault(at_, "an attribute without a value");
    ++at_;
    skip_space();
    if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) {
      return fault(at_, "an attribute value without quotes");
    }
    return read_attribute_value(text_[at_++]);
  }

  bool read_attribute_value(char quote) {
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '<') return fault(at_, "< in an attribute value");
      // ]]> is harmless here, unlike in text.
      if (text_[at_] == ']' || !is(text_[at_], kind_stop)) {
        ++at_;
      } else if (!check_stop()) {
        return false;
      }
    }
    if (at_ == text_.size()) return fault(at_, "the file ends inside an attribute value");
    ++at_;
    return true;
  }

  std::string_view read_name() {
    const auto start = at_;
    if (at_ < text_.size() && is(text_[at_], kind_name_start)) {
      while (at_ < text_.size() && is(text_[at_], kind_name)) ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  // Says whether there was any.
  bool skip_space() {
    const auto start = at_;
    while (at_ < text_.size() && is(text_[at_], kind_space)) ++at_;
    return at_ != start;
  }

  std::size_t line_of(std::size_t offset) const {
    const auto before = text_.substr(0, offset);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  }

  bool fault(std::size_t offset, std::string cause, Errc code = Errc::xml_malformed) {
    const auto line_start = text_.substr(0, offset).rfind('\n') + 1;  // npos + 1 is 0
    auto detail =
        fmt::format("line {}, column {}: {}", line_of(offset), offset - line_start + 1, cause);
    if (!open_.empty()) detail += fmt::format(", in {}", spoken(open_.back().name));
    error_ = Error{code, std::move(detail)};
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  bool had_root_ = false;
  std::vector<Element> open_;
  std::vector<std::string_view> attributes_;  // of the tag being read
  Markup markup_;
  std::optional<Error> error_;
};

}  // namespace

Result<Markup> check_markup(std::string_view text) {
  return Checker(text).run();
}

}  // namespace provphone::profile
