#include "client/cli/remarks.hpp"

#include "client/cli/complain.hpp"
#include "client/input/file.hpp"
#include "client/scenario/lease_file.hpp"
#include "macro/try.hpp"
#include "profile/name_standing.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <string>
#include <utility>

namespace provphone::client::cli {

void complain_of_contradictions(const scenario::Scenario& scenario) {
  // Parts of a group may have the same to say.
  std::set<std::string> said;
  for (const auto& group : scenario.phones) {
    if (group.part == 0) said.clear();
    for (const auto& each : group.contradictions)
      if (said.insert(each).second) complain(fmt::format("group {}: {}", group.name, each));
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

Result<scenario::Surroundings> surroundings(const std::string& leases) {
  scenario::Surroundings given;
  given.read_file = input::read_file;
  given.environment = [](const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  if (leases.empty()) return given;
  TRY(auto read, scenario::read_lease_file(leases));
  if (read.left_out > 0)
    complain(fmt::format("{}: {} leases of another vendor's devices are left out", leases,
                         read.left_out));
  given.leased = std::make_shared<const std::vector<scenario::LeasedPhone>>(std::move(read.phones));
  return given;
}

}  // namespace provphone::client::cli
