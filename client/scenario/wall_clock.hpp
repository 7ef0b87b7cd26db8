#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/local_time.hpp"

#include <string>

// What the phones' clocks show, from the system's time zone data.
namespace provphone::client::scenario {

// Changes of local time up to so many years behind `from`. Fails with unknown_time_zone.
Result<resync::Zone> load_zone(const std::string& name, resync::sys_seconds from);

// The zone that this machine is in; UTC where that cannot be found out.
resync::Zone local_zone(resync::sys_seconds from);

// The clock that a scenario describes. Without `clock` the phones never know what time it is; with
// a `clock: set` event each knows once it is told. Fails like load_zone.
Result<resync::WallClock> wall_clock_of(const Scenario& scenario);

}  // namespace provphone::client::scenario
