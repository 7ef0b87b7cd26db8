#pragma once

#include "client/figures/fleet_result.hpp"
#include "client/report/timeline.hpp"

#include <optional>
#include <string>

// A fleet's run while it lasts, for the person in front of it. Pure: the clock, the terminal and
// the keys are the caller's (cli/fleet.cpp).
namespace provphone::client::report {

// What happened between two looks: the difference of figures that only grow. Of one that did not,
// nothing.
struct Recent {
  resync::Duration length{};
  std::uint64_t started = 0, succeeded = 0, failed = 0;  // retrievals
  figures::Histogram response_us;                        // of those that succeeded
};

Recent recent(const figures::FleetFigures& before, const figures::FleetFigures& now,
              resync::Duration length);

enum class Running : std::uint8_t { yes, paused, ending };

struct LiveView {
  std::string title;  // the scenario's file
  resync::Duration elapsed{}, length{};
  std::uint32_t phones = 0;
  std::uint32_t in_flight = 0;                     // retrievals
  std::optional<std::uint32_t> starts_per_second;  // the cap
  Running running = Running::yes;
  std::int64_t lag_limit_us = figures::usual_lag_limit_us;
  figures::FleetFigures figures;  // since the start
  Recent recent;
  figures::Resources resources;  // until now
  // Of `workers`, so many are busy and have not answered, one of them for so long. The figures have
  // what they said before.
  unsigned workers = 0, workers_late = 0;
  resync::Duration late_for{};
};

struct ScreenSize {
  std::size_t columns = 80, rows = 24;
};

// One page that paints over the last one. 80 by 24 is enough; of what does not fit, the rarest
// failures go first, then the right edge.
std::string format_screen(const LiveView& view, ScreenSize size, Colour colour);

// The same in one line without a line end, for pipes and logs.
std::string format_plain_line(const LiveView& view);

}  // namespace provphone::client::report
