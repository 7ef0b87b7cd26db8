#pragma once

#include "client/figures/scenario_events.hpp"
#include "client/figures/shard.hpp"
#include "client/scenario/scenario.hpp"

namespace provphone::client::fleet {

// The scenario's events that begin in the first `length` of a run, that moment included, with how
// many phones of a shard each has. Every shard has the same events, be there no phone of its own.
figures::ScenarioEvents events_begun(const scenario::Scenario& scenario, resync::Duration length,
                                     figures::Shard shard);

}  // namespace provphone::client::fleet
