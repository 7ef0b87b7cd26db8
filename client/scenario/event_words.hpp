#pragma once

#include "client/scenario/scenario.hpp"

#include <string>

namespace provphone::client::scenario {

// An action as the scenario spells it, without its phones: `power_off`, `link down`,
// `notify check-sync;reboot=true`, `set Resync_Periodic and 2 more`. No value and no rule is in it,
// for these may be secret.
std::string words_of(const Action& action);

}  // namespace provphone::client::scenario
