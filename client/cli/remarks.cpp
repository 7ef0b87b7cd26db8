#include "client/cli/remarks.hpp"

#include "client/cli/complain.hpp"
#include "client/scenario/lease_file.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

namespace provphone::client::cli {

void complain_of_contradictions(const scenario::Scenario& scenario) {
  for (const auto& group : scenario.phones) {
    for (const auto& each : group.contradictions)
      complain(fmt::format("group {}: {}", group.name, each));
  }
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
