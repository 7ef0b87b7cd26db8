#include "client/lint/detail/names.hpp"

#include "profile/catalogue.hpp"

#include <fmt/format.h>

namespace provphone::client::lint::detail {

// The nearest spelling says nothing: of real names that the catalogue lacks it has another one for
// many.
Finding unknown_name(std::string_view name) {
  if (const auto meant = profile::parameter_of_same_letters(name))
    return finding_of(
        Kind::misspelt, name,
        fmt::format("is spelt {}; the phone does not set it", profile::parameter(*meant).name));
  if (const auto meant = profile::meant_by_misprint(name); !meant.empty())
    return finding_of(Kind::misprint, name,
                      fmt::format("is what guides print for {}; the phone does not set it", meant));
  if (const auto numbers = profile::numbers_known_for(name); !numbers.empty())
    return finding_of(Kind::more_numbers, name, fmt::format("is known for {} only", numbers));
  return finding_of(Kind::unknown_name, name,
                    "no document up to 12.0(7)SR5 and no dump read so far has it");
}

}  // namespace provphone::client::lint::detail
