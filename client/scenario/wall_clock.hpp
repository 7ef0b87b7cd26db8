#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/local_time.hpp"

#include <string>

// What the phones' clocks show, from the system's time zone data.
namespace provphone::client::scenario {

// Changes of local time from two days before `from` to twelve years behind it; later ones are not
// known. Fails with unknown_time_zone.
Result<resync::Zone> load_zone(const std::string& name, resync::sys_seconds from);

// The zone that this machine is in; UTC where that cannot be found out.
resync::Zone local_zone(resync::sys_seconds from);

// What clocks of this machine show, as phones that know it from their boot.
resync::WallClock present_clock(resync::sys_seconds now);

// The clock that a scenario describes, or `otherwise` without `clock`: one that phones never know,
// where nothing else is given. With a `clock: set` event each knows it once it is told. Fails like
// load_zone.
Result<resync::WallClock> wall_clock_of(const Scenario& scenario, resync::WallClock otherwise = {});

}  // namespace provphone::client::scenario
