#include "client/cli/remarks.hpp"

#include "client/cli/complain.hpp"
#include "client/scenario/lease_file.hpp"
#include "macro/try.hpp"
#include "profile/name_standing.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace provphone::client::cli {

void complain_of_contradictions(const scenario::Scenario& scenario) {
  for (const auto& group : scenario.phones) {
    for (const auto& each : group.contradictions)
      complain(fmt::format("group {}: {}", group.name, each));
  }
  for (const auto& expectation : scenario.expect) {
    const auto* value = std::get_if<scenario::ParameterValue>(&expectation.what);
    if (value == nullptr || value->element.empty()) continue;
    complain(fmt::format("line {}: {} {}; what files say of it is judged", expectation.line,
                         value->element, profile::remark_on_name(value->element).text));
  }
}

identity::Keeping usual_keeping() {
  return {identity::usual_cache_folder(), [last = std::string()](const std::string& why) mutable {
            if (std::exchange(last, why) != why) complain(why);
          }};
}

Result<scenario::LeasedPhones> leased_phones(const std::string& file) {
  if (file.empty()) return scenario::LeasedPhones{};
  TRY(auto leases, scenario::read_lease_file(file));
  if (leases.left_out > 0)
    complain(fmt::format("{}: {} leases of another vendor's devices are left out", file,
                         leases.left_out));
  return std::make_shared<const std::vector<scenario::LeasedPhone>>(std::move(leases.phones));
}

}  // namespace provphone::client::cli
