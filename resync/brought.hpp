#pragma once

#include "macro/rule.hpp"
#include "resync/dhcp.hpp"

#include <optional>
#include <string>
#include <vector>

namespace provphone::resync {

// The texts that come along with an event, which is too small for them: what somebody sets
// (ParametersChanged), the rule that a pass is asked for with (ResyncRequested of one_time_rule,
// R-RESYNC-42), or what a DHCP server grants (LeaseChanged). Under the catalogue's names; the rule
// as it stands, macros and all.
struct Brought {
  std::vector<macro::Assignment> set{};
  std::string rule{};
  std::optional<Lease> lease{};
};

}  // namespace provphone::resync
