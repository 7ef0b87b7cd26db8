#include "client/scenario/wall_clock.hpp"

#include "macro/try.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace provphone::client::scenario {
namespace {

using resync::sys_seconds;

// A run lasts ten years at most (input::parse_duration).
constexpr int years_ahead = 12;

resync::Zone table_of(const date::time_zone& zone, sys_seconds from) {
  // A little earlier, so that a clock which runs a day behind is right too.
  auto info = zone.get_info(from - std::chrono::hours(48));
  resync::Zone table{info.offset, {}};
  const auto last = from + date::years(years_ahead);
  while (info.end < last) {
    info = zone.get_info(info.end);
    table.changes.push_back({info.begin, info.offset});
  }
  return table;
}

}  // namespace

Result<resync::Zone> load_zone(const std::string& name, sys_seconds from) {
  try {
    return table_of(*date::locate_zone(name), from);
  } catch (const std::exception&) {
    return fail(Errc::unknown_time_zone,
                fmt::format("there is no time zone {} on this system; install tzdata, or see "
                            "/usr/share/zoneinfo for the names",
                            name));
  }
}

resync::Zone local_zone(sys_seconds from) {
  try {
    return table_of(*date::current_zone(), from);
  } catch (const std::exception&) {
    return {};
  }
}

resync::WallClock present_clock(sys_seconds now) {
  return {now, local_zone(now), resync::ClockIsKnown::from_boot};
}

Result<resync::WallClock> wall_clock_of(const Scenario& scenario, resync::WallClock otherwise) {
  auto wall = std::move(otherwise);
  if (scenario.clock) {
    // Some hours off, which table_of() allows for.
    const sys_seconds as_if_utc{scenario.clock->time_since_epoch()};
    TRY(auto zone, load_zone(scenario.time_zone, as_if_utc));
    wall = {resync::first_instant(zone, *scenario.clock), std::move(zone),
            resync::ClockIsKnown::from_boot};
  }
  const bool is_told =
      std::any_of(scenario.events.begin(), scenario.events.end(),
                  [](const auto& event) { return std::holds_alternative<SetClock>(event.action); });
  // A clock that phones never know stays unknown: there is no time to tell them.
  if (is_told && wall.known == resync::ClockIsKnown::from_boot)
    wall.known = resync::ClockIsKnown::once_told;
  return wall;
}

}  // namespace provphone::client::scenario
