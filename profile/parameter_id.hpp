#pragma once

#include "profile/catalogue.hpp"
#include "profile/detail/parameter_places.hpp"  // made of profile/catalogue.tsv by the build

#include <array>
#include <cstddef>
#include <string_view>

// The parameters that code names. Names out of files are for find_parameter().
namespace provphone::profile {

namespace detail {
void the_catalogue_has_no_such_parameter();  // no definition: nothing ever calls it
}

// The id of the parameter of that name. A name that the catalogue does not have does not compile,
// nor does an alias or a member of a numbered family.
consteval ParameterId parameter_id(std::string_view name) {
  for (const auto& [known, place] : detail::placed_names) {
    if (known == name) return ParameterId{place};
  }
  detail::the_catalogue_has_no_such_parameter();
  return {};
}

// The same for several, in their order.
template <std::size_t size>
consteval std::array<ParameterId, size> parameter_ids(const std::string_view (&names)[size]) {
  std::array<ParameterId, size> ids{};
  for (std::size_t i = 0; i < size; ++i) ids[i] = parameter_id(names[i]);
  return ids;
}

}  // namespace provphone::profile
