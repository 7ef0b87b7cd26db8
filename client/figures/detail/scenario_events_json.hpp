#pragma once

#include "client/figures/detail/member.hpp"
#include "client/figures/scenario_events.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::figures {

nlohmann::ordered_json scenario_events_json(const ScenarioEvents& events);

// Reads what scenario_events_json() wrote.
ScenarioEvents read_scenario_events(const Member& from);

}  // namespace provphone::client::figures
