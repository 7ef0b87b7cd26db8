#include "profile/markup.hpp"

#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "profile/excerpt.hpp"
#include "profile/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

// One look into a table for each character of a run of text. Order matters, since white space is
// taken back out of the control characters.
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

// How a value begins that was pasted from a word processor, in UTF-8 and in Windows-1252.
bool begins_typographic_quote(std::string_view text) {
  constexpr std::array<std::string_view, 10> quotes{
      "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x98", "\xe2\x80\x99",
      "\xe2\x80\x9a", "\x93",         "\x94",         "\x91",         "\x92"};
  return std::any_of(quotes.begin(), quotes.end(),
                     [&](std::string_view quote) { return text.starts_with(quote); });
}

}  // namespace

Mark MarkupReader::next() {
  while (at_ < text_.size()) {
    if (text_[at_] != '<') {
      const auto mark = read_text();
      if (mark == Mark::fault || !open_.empty()) return mark;
      continue;
    }
    switch (at_ + 1 < text_.size() ? text_[at_ + 1] : ' ') {
      case '/':
        return read_end_tag();
      case '?':
        if (!read_instruction()) return Mark::fault;
        break;
      case '!':
        if (!text_.substr(at_).starts_with("<!--")) return read_declaration();
        if (!read_comment()) return Mark::fault;
        break;
      default:
        return read_start_tag();
    }
  }
  return read_end();
}

Mark MarkupReader::read_end() {
  if (!had_root_) return fail_at(at_, "no element at all");
  if (open_.empty()) return Mark::end;
  const auto [name, start] = open_.back();
  open_.pop_back();  // what the error says it is in
  return fail_at(at_, fmt::format("the file ends before the end tag of {} (opened on line {})",
                                  spoken(name), position_at(text_, start).line));
}

Mark MarkupReader::read_text() {
  const auto start = at_;
  while (true) {
    auto stop = at_;
    while (stop < text_.size() && !is(text_[stop], kind_stop)) ++stop;
    at_ = stop;
    if (at_ == text_.size() || text_[at_] == '<') break;
    if (!check_stop()) return Mark::fault;
  }
  raw_ = text_.substr(start, at_ - start);
  if (!open_.empty()) return Mark::text;
  const auto stray =
      std::find_if_not(raw_.begin(), raw_.end(), [](char c) { return is(c, kind_space); });
  if (stray == raw_.end()) return Mark::text;
  return fail_at(
      start + static_cast<std::size_t>(stray - raw_.begin()),
      had_root_ ? "text after the end of the outermost element" : "text before the first element");
}

// At a character that ends a run of text, or that an attribute value may not pass over unseen.
bool MarkupReader::check_stop() {
  const char c = text_[at_];
  if (c == '&') {
    const auto reference = parse_reference(text_.substr(at_));
    if (!reference) return refuse_reference();
    at_ += reference->length;
    return true;
  }
  if (c == ']' && text_.substr(at_).starts_with("]]>")) {
    return refuse(at_, "]]> outside CDATA", "write ]]&gt;");
  }
  if (is(c, kind_forbidden)) {
    return refuse(at_, fmt::format("control character {:02x}", static_cast<unsigned char>(c)));
  }
  ++at_;
  return true;
}

bool MarkupReader::refuse_reference() {
  const auto behind = text_.substr(at_ + 1);
  std::size_t length = 0;
  while (length < behind.size() && is(behind[length], kind_name)) ++length;
  const bool named = length > 0 && behind.substr(length).starts_with(';');
  // The name is not repeated: it may be the rest of a password.
  return refuse(at_, "& that begins no entity XML knows",
                behind.starts_with('#') ? ""
                : named                 ? "write &amp; for &, or a character's number: &#160;"
                                        : "write &amp;");
}

Mark MarkupReader::read_declaration() {
  const auto rest = text_.substr(at_);
  if (rest.starts_with("<![CDATA[")) return read_cdata();
  // R-XML-09: no document type, hence no entities of one's own.
  if (rest.starts_with("<!DOCTYPE")) {
    return fail_at(at_, "a document type declaration", "leave it out", Errc::xml_doctype);
  }
  return fail_at(at_, "<! that begins no comment and no CDATA");
}

// Skips to behind `terminator`. What lies between must be free of forbidden characters.
bool MarkupReader::skip_past(std::string_view terminator, std::size_t from, std::string_view what) {
  const auto end = text_.find(terminator, from);
  if (end == std::string_view::npos) return refuse(at_, fmt::format("{} without an end", what));
  const auto body = text_.substr(from, end - from);
  const auto bad =
      std::find_if(body.begin(), body.end(), [](char c) { return is(c, kind_forbidden); });
  if (bad != body.end()) {
    return refuse(from + static_cast<std::size_t>(bad - body.begin()),
                  fmt::format("control character in {}", what));
  }
  at_ = end + terminator.size();
  return true;
}

bool MarkupReader::read_instruction() {
  const auto start = at_;
  at_ += 2;
  const auto target = read_name();
  const bool ends = text_.substr(at_).starts_with("?>");
  if (target.empty() || !(skip_space() || ends)) return refuse(start, "<? without a name");
  if (target == "xml" && start != 0) {
    return refuse(start, "an XML declaration that is not the first thing in the file");
  }
  const auto body = std::exchange(at_, start);
  return skip_past("?>", body, "<?");
}

bool MarkupReader::read_comment() {
  const auto start = at_;
  if (!skip_past("--", start + 4, "a comment")) return false;
  if (at_ == text_.size() || text_[at_] != '>') return refuse_comment(start, at_ - 2);
  ++at_;
  return true;
}

bool MarkupReader::refuse_comment(std::size_t start, std::size_t dashes) {
  // The usual cause: somebody commented out a part that has a comment in it, whose opening dashes
  // are what was found.
  if (dashes >= start + 6 && text_.substr(dashes - 2).starts_with("<!--")) {
    return refuse(dashes - 2,
                  fmt::format("a comment inside the one that begins on line {}",
                              position_at(text_, start).line),
                  "comments do not nest");
  }
  return refuse(dashes, "-- inside a comment", "XML allows no two - in a row there");
}

Mark MarkupReader::read_cdata() {
  if (open_.empty()) return fail_at(at_, "CDATA outside the outermost element");
  const auto start = at_ + 9;
  if (!skip_past("]]>", start, "CDATA")) return Mark::fault;
  raw_ = text_.substr(start, at_ - 3 - start);
  return Mark::cdata;
}

Mark MarkupReader::read_end_tag() {
  const auto start = at_;
  at_ += 2;
  if (ends_as_it_should()) {
    open_.pop_back();
    return Mark::end_tag;
  }
  name_ = read_name();
  skip_space();
  if (name_.empty() || at_ == text_.size() || text_[at_] != '>') {
    return fail_at(start, "an end tag that is not of the form </NAME>");
  }
  ++at_;
  if (open_.empty()) return fail_at(start, "an end tag outside the outermost element");
  const Element opened = open_.back();
  open_.pop_back();
  return opened.name == name_ ? Mark::end_tag : refuse_end_tag(start, opened);
}

// Whether the end tag is that of the open element, with nothing in it besides: nearly all are. Then
// it is read.
bool MarkupReader::ends_as_it_should() {
  if (open_.empty()) return false;
  const auto name = open_.back().name;
  const auto behind = at_ + name.size();
  if (behind >= text_.size() || text_[behind] != '>' || text_.substr(at_, name.size()) != name)
    return false;
  name_ = text_.substr(at_, name.size());
  at_ = behind + 1;
  return true;
}

Mark MarkupReader::refuse_end_tag(std::size_t start, const Element& opened) {
  const auto line = position_at(text_, opened.start).line;
  const bool outer = std::any_of(open_.begin(), open_.end(),
                                 [&](const Element& element) { return element.name == name_; });
  if (outer) {
    return fail_at(start, fmt::format("the end tag of {}, but {} (opened on line {}) has none yet",
                                      spoken(name_), spoken(opened.name), line));
  }
  return fail_at(start, fmt::format("the end tag of {} where that of {} (line {}) is due",
                                    spoken(name_), spoken(opened.name), line));
}

Mark MarkupReader::read_start_tag() {
  const auto start = at_;
  ++at_;
  name_ = read_name();
  if (name_.empty()) return fail_at(start, "< that begins no tag", "write &lt;");
  if (open_.empty() && had_root_) {
    return fail_at(start, "a second element beside the outermost one");
  }
  had_root_ = true;
  if (open_.size() == max_xml_depth) {
    return fail_at(start, fmt::format("elements nested more than {} deep", max_xml_depth), "",
                   Errc::xml_too_deep);
  }
  if (++elements_ > max_xml_elements) {
    return fail_at(start, fmt::format("more than {} elements", max_xml_elements), "",
                   Errc::xml_too_many_elements);
  }
  // Open before its attributes are read, so that a fault in them is told to be in this element.
  open_.push_back({name_, start});
  if (!read_attributes()) return Mark::fault;
  if (text_[at_ - 2] != '/' || text_[at_ - 1] != '>') return Mark::start_tag;
  open_.pop_back();
  return Mark::empty_tag;
}

// From behind the name of a start tag to behind its >.
bool MarkupReader::read_attributes() {
  attributes_.clear();
  while (true) {
    const bool spaced = skip_space();
    if (at_ == text_.size()) return refuse(at_, "the file ends inside a tag");
    if (text_[at_] == '>') {
      ++at_;
      return true;
    }
    if (text_.substr(at_).starts_with("/>")) {
      at_ += 2;
      return true;
    }
    if (!spaced) return refuse(at_, "a character that no name can hold, in a tag");
    if (!read_attribute()) return false;
  }
}

bool MarkupReader::read_attribute() {
  const auto start = at_;
  const auto name = read_name();
  if (name.empty()) return refuse(start, "a character that begins no attribute, in a tag");
  if (std::any_of(attributes_.begin(), attributes_.end(),
                  [&](const Attribute& other) { return other.name == name; })) {
    return refuse(start, "an attribute that stands twice in one tag");
  }
  if (attributes_.size() == max_xml_attributes) {
    return refuse(start, fmt::format("more than {} attributes in one tag", max_xml_attributes));
  }
  attributes_.push_back({name, {}});
  skip_space();
  if (at_ == text_.size() || text_[at_] != '=') {
    return refuse(at_, "an attribute without a value",
                  "write NAME=\"VALUE\", or &lt; for a < in a value");
  }
  ++at_;
  skip_space();
  if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) {
    return refuse_unquoted_value();
  }
  return read_attribute_value(at_);
}

bool MarkupReader::refuse_unquoted_value() {
  if (begins_typographic_quote(text_.substr(at_))) {
    return refuse(at_, "typographic quotes round an attribute value", "write \" or '");
  }
  return refuse(at_, "an attribute value without quotes", "write NAME=\"VALUE\"");
}

bool MarkupReader::read_attribute_value(std::size_t start) {
  const char quote = text_[start];
  ++at_;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '<') {
      return refuse(at_,
                    fmt::format("< in the attribute value that begins on line {}",
                                position_at(text_, start).line),
                    "end it with its quote, or write &lt;");
    }
    // ]]> is harmless here, unlike in text.
    if (text_[at_] == ']' || !is(text_[at_], kind_stop)) {
      ++at_;
    } else if (!check_stop()) {
      return false;
    }
  }
  if (at_ == text_.size()) return refuse(at_, "the file ends inside an attribute value");
  attributes_.back().raw = text_.substr(start + 1, at_ - start - 1);
  ++at_;
  return true;
}

std::string_view MarkupReader::read_name() {
  const auto start = at_;
  auto end = start;
  if (end < text_.size() && is(text_[end], kind_name_start)) {
    while (end < text_.size() && is(text_[end], kind_name)) ++end;
  }
  at_ = end;
  return text_.substr(start, end - start);
}

// Says whether there was any.
bool MarkupReader::skip_space() {
  const auto start = at_;
  while (at_ < text_.size() && is(text_[at_], kind_space)) ++at_;
  return at_ != start;
}

bool MarkupReader::refuse(std::size_t offset, std::string cause, std::string_view remedy,
                          Errc code) {
  const auto [line, column] = position_at(text_, offset);
  auto detail = fmt::format("line {}, column {}: {}", line, column, cause);
  if (!open_.empty()) detail += fmt::format(", in {}", spoken(open_.back().name));
  if (!remedy.empty()) detail.append("; ").append(remedy);
  fault_ = MarkupFault{{code, std::move(detail)}, offset};
  at_ = text_.size();
  return false;
}

Mark MarkupReader::fail_at(std::size_t offset, std::string cause, std::string_view remedy,
                           Errc code) {
  refuse(offset, std::move(cause), remedy, code);
  return Mark::fault;
}

Result<void> check_markup(std::string_view text) {
  MarkupReader reader(text);
  while (true) {
    const auto mark = reader.next();
    if (mark == Mark::fault) return tl::make_unexpected(reader.fault().error);
    if (mark == Mark::end) return {};
  }
}

}  // namespace provphone::profile
