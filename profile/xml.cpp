#include "profile/xml.hpp"

#include "profile/alias_map.hpp"
#include "profile/markup.hpp"
#include "profile/reference.hpp"
#include "profile/value.hpp"

#include <fmt/format.h>
#include <tinyxml2.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace provphone::profile {
namespace {

using tinyxml2::XMLElement;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view profile_element = "flat-profile";

// `text` without comments and instructions, so that what they interrupt is one text again: `a<!--
// -->b` is ab.
std::string without_asides(std::string_view text, const std::vector<Span>& asides) {
  std::string out;
  out.reserve(text.size());
  std::size_t from = 0;
  for (const auto& [start, size] : asides) {
    out.append(text.substr(from, start - from));
    from = start + size;
  }
  out.append(text.substr(from));
  return out;
}

// A piece of an element's text as it stands in the file.
struct Piece {
  std::string_view raw;
  bool is_cdata;
};

// Takes the white space off the outer ends of what the pieces make together.
void trim(std::vector<Piece>& pieces) {
  for (auto& [raw, is_cdata] : pieces) {
    raw.remove_prefix(std::min(raw.find_first_not_of(white_space), raw.size()));
    if (!raw.empty()) break;
  }
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    piece->raw = piece->raw.substr(0, piece->raw.find_last_not_of(white_space) + 1);
    if (!piece->raw.empty()) break;
  }
}

// R-XML-11 to R-XML-15. Line ends have become LF by now. References come last, so that &#32;
// outlives the trimming and
// &#10; stays a line end.
std::string read_value(const XMLElement& element, std::vector<Piece>& pieces) {
  pieces.clear();
  for (const auto* node = element.FirstChild(); node; node = node->NextSibling()) {
    if (const auto* text = node->ToText()) pieces.push_back({text->Value(), text->CData()});
  }
  trim(pieces);
  std::string value;
  std::string line;
  for (const auto& [raw, is_cdata] : pieces) {
    line.assign(raw);
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (is_cdata) {
      value += line;
    } else {
      append_resolved(value, line);
    }
  }
  if (value == "\"\"") value.clear();
  return value;
}

std::optional<Access> parse_access(std::string_view text) {
  for (const Access access : {Access::none, Access::read_only, Access::read_write}) {
    if (name(access) == text) return access;
  }
  return std::nullopt;
}

// Phones print these into their own configuration and take no notice of them on the way back.
bool means_nothing(std::string_view attribute) {
  return attribute == "group" || attribute == "um";
}

// Whether children of the element at hand are parameters.
enum class Place { outside, in_profile };

class Reader {
 public:
  Reader(SelfClosed self_closed, AliasMap aliases)
      : self_closed_(self_closed), aliases_(std::move(aliases.entries)) {
    out_.ignored = std::move(aliases.ignored);
  }

  Decoded read(const XMLElement& root) {
    visit(root, Place::outside);
    std::erase_if(out_.changes, [](const Change& c) { return !c.value && !c.access; });
    return std::move(out_);
  }

 private:
  void visit(const XMLElement& element, Place place) {
    const std::string_view element_name = element.Name();
    const auto path_size = path_.size();
    if (!aliases_.empty()) path_.append("/").append(element_name);
    const bool mapped = take_mapped(element);
    const auto id = place == Place::in_profile ? find_parameter(element_name) : std::nullopt;
    if (id) {
      take(*id, element);
    } else {
      if (!mapped) note_unknown(element, place);
      descend(element);
    }
    path_.resize(path_size);
  }

  void descend(const XMLElement& element) {
    const auto place = element.Name() == profile_element ? Place::in_profile : Place::outside;
    for (const auto* child = element.FirstChildElement(); child;
         child = child->NextSiblingElement()) {
      visit(*child, place);
    }
  }

  // Elements around a flat-profile, and what stands beside it, are no mistake; a parameter left
  // outside may be one.
  void note_unknown(const XMLElement& element, Place place) {
    if (element.Name() == profile_element) return;
    if (place == Place::in_profile) {
      out_.ignored.push_back({element.Name(), "no parameter has this name"});
    } else if (!element.FirstChildElement()) {
      out_.ignored.push_back({element.Name(), "outside flat-profile"});
    }
  }

  // R-XML-21. Says whether the alias map knows the element.
  bool take_mapped(const XMLElement& element) {
    bool mapped = false;
    for (const auto& [suffix, target] : aliases_) {
      if (!std::string_view(path_).ends_with(suffix)) continue;
      take(target, element);
      mapped = true;
    }
    return mapped;
  }

  void take(ParameterId id, const XMLElement& element) {
    if (element.FirstChildElement()) {
      return ignore(element, "it holds elements where a value is due");
    }
    const auto access = take_attributes(element);
    auto value = stated_value(element, access);
    if (value) {
      auto accepted = accept_value(id, *std::move(value));
      // R-XML-18: the whole element counts for nothing, its access right too.
      if (!accepted) return ignore(element, std::move(accepted.error()));
      value = *std::move(accepted);
    }
    if (value || access) remember(id, std::move(value), access);
  }

  std::optional<Access> take_attributes(const XMLElement& element) {
    std::optional<Access> access;
    for (const auto* a = element.FirstAttribute(); a; a = a->Next()) {
      if (std::string_view("ua") == a->Name()) {
        std::string text;
        append_resolved(text, a->Value());
        access = parse_access(text);
        if (!access) ignore_attribute(element, *a, "none of na, ro and rw");
      } else if (!means_nothing(a->Name())) {
        ignore_attribute(element, *a, "no attribute a phone knows");
      }
    }
    return access;
  }

  // R-XML-16: `<X/>` may leave the value alone; `<X></X>` never does.
  std::optional<std::string> stated_value(const XMLElement& element, std::optional<Access> access) {
    if (element.ClosingType() != XMLElement::CLOSED) return read_value(element, pieces_);
    if (self_closed_ == SelfClosed::keeps_value || access == Access::read_write)
      return std::nullopt;
    return std::string();
  }

  // R-XML-07: the last mention wins, for the value and for the right each; the change moves to
  // where it stands.
  void remember(ParameterId id, std::optional<std::string> value, std::optional<Access> access) {
    if (place_of_.empty()) place_of_.resize(parameter_count(), 0);
    auto& place = place_of_[static_cast<std::size_t>(id)];
    Change change{id, std::move(value), access};
    if (place > 0) {
      auto& earlier = out_.changes[place - 1];
      if (!change.value) change.value = std::move(earlier.value);
      if (!change.access) change.access = earlier.access;
      earlier.value.reset();
      earlier.access.reset();
    }
    out_.changes.push_back(std::move(change));
    place = static_cast<std::uint32_t>(out_.changes.size());
  }

  void ignore(const XMLElement& element, std::string why) {
    out_.ignored.push_back({element.Name(), std::move(why)});
  }

  void ignore_attribute(const XMLElement& element, const tinyxml2::XMLAttribute& attribute,
                        std::string why) {
    out_.ignored.push_back(
        {fmt::format("{}@{}", element.Name(), attribute.Name()), std::move(why)});
  }

  SelfClosed self_closed_;
  std::vector<AliasMap::Entry> aliases_;
  std::string path_;                     // of the element at hand; kept only where aliases need it
  std::vector<std::uint32_t> place_of_;  // by ParameterId: 1 + index in out_.changes, or 0
  std::vector<Piece> pieces_;            // of the value at hand
  Decoded out_;
};

}  // namespace

bool looks_like_markup(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const auto first = bytes.find_first_not_of(white_space);
  return first != std::string_view::npos && bytes[first] == '<';
}

Result<Decoded> parse_xml(std::string_view text, SelfClosed self_closed,
                          std::string_view alias_map) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const auto markup = check_markup(text);
  if (!markup) return tl::make_unexpected(markup.error());
  const auto content = without_asides(text, markup->asides);
  // References are left for read_value, which trims first (R-XML-12).
  tinyxml2::XMLDocument document(false, tinyxml2::PRESERVE_WHITESPACE);
  if (document.Parse(content.data(), content.size()) != tinyxml2::XML_SUCCESS) {
    return fail(Errc::xml_malformed,
                fmt::format("line {}: {}", document.ErrorLineNum(), document.ErrorName()));
  }
  auto decoded = Reader(self_closed, parse_alias_map(alias_map)).read(*document.RootElement());
  decoded.layers.push_back(Layer::xml);
  return decoded;
}

}  // namespace provphone::profile
