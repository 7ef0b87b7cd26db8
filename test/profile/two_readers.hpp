#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The same bytes read by the profile reader and by tinyxml2, which somebody else wrote.
namespace provphone::profile::samples {

struct Element {
  std::size_t depth;
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  // that stands in it and in no element within it

  friend bool operator==(const Element&, const Element&) = default;
};

struct Opinion {
  std::vector<Element> elements;  // in the order of their start tags
  std::string refusal;            // empty: the file is well-formed
};

// Ways in which tinyxml2 reads text otherwise than XML says. Each is a bit.
enum Quirk : unsigned { no_quirk = 0, drops_blanks = 1, joins_lf_cr = 2, all_quirks = 3 };

// With quirks: as tinyxml2 would read what the scan found. White space beside elements is nobody's
// text.
Opinion read_by_phone(std::string_view file, unsigned quirks = no_quirk);
Opinion read_by_tinyxml2(std::string_view file);

struct Setting {
  std::optional<std::string> value;
  std::string right;  // empty: none is given

  friend bool operator==(const Setting&, const Setting&) = default;
};

using Settings = std::map<std::string, Setting, std::less<>>;  // by parameter

// What a phone is to set, of a file that both take: as profile/xml.cpp finds it, and as R-XML-11 to
// R-XML-19 and R-XML-26 make it of tinyxml2's tree.
Settings settings_by_phone(std::string_view file);
Settings settings_by_tinyxml2(std::string_view file);

}  // namespace provphone::profile::samples
