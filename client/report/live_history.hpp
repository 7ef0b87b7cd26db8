#pragma once

#include "client/figures/fleet_figures.hpp"

#include <optional>
#include <vector>

// The last minutes of a run from its series, which is as long as a run may be and bounded.
namespace provphone::client::report {

// One stretch that is over; rates are a second's.
struct HistoryPoint {
  double arrivals = 0, failed = 0;         // retrievals
  double powered_on = 0, provisioned = 0;  // phones
  double p99_us = 0;                       // of responses; 0: there was none
};

struct History {
  resync::Duration width{};          // of a point
  std::vector<HistoryPoint> points;  // the latest last
};

// At most so many points. The stretch that is still going on is left out, and stretches in which
// nothing happened are there.
History recent_history(const figures::Series& series, resync::Duration elapsed, std::size_t most);

// When the phones that are left will be provisioned, if they go on as in the last ten points;
// nothing where none was. Not negative.
std::optional<resync::Duration> time_left(const History& history, std::uint64_t phones_left);

}  // namespace provphone::client::report
