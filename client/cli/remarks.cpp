#include "client/cli/remarks.hpp"

#include "client/cli/complain.hpp"

#include <fmt/format.h>

namespace provphone::client::cli {

void complain_of_contradictions(const scenario::Scenario& scenario) {
  for (const auto& group : scenario.phones) {
    for (const auto& each : group.contradictions)
      complain(fmt::format("group {}: {}", group.name, each));
  }
}

}  // namespace provphone::client::cli
