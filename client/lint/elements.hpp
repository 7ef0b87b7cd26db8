#pragma once

#include "profile/excerpt.hpp"

#include <span>
#include <string_view>
#include <vector>

// Where the elements of a profile stand. profile/xml.hpp has what they mean, and no places.
namespace provphone::client::lint {

struct Element {
  std::string_view name;
  std::string_view text;       // from its start tag to the end of its end tag
  profile::Position position;  // of its start tag
  bool in_profile = false;     // a child of flat-profile
  bool is_inside = false;      // ... or deeper in it
};

// Every element but flat-profile and what is inside a parameter, in the order of start tags.
// Views of `text`, which must be well-formed and without a byte order mark.
struct Elements {
  std::vector<Element> all;
  bool has_flat_profile = false;
};

Elements elements_of(std::string_view text);

}  // namespace provphone::client::lint
