#pragma once

#include "client/figures/histogram.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <string>

// Figures as a person reads them.
namespace provphone::client::report {

// 1d 02h 03m, 1h 02m 03s, 2m 03s, 3.2s, 45ms, 0.3ms, 0.05ms or 0s: as much as a person wants to
// read.
// Microseconds in the first; not negative.
std::string duration_text(std::int64_t us);
std::string duration_text(resync::Duration duration);

// The duration that a share of what was measured stayed below; - where nothing was.
std::string quantile_text(const figures::Histogram& histogram, double q);

// 0, 999, 12 345, 12.3 million, 4.56 billion, 1.2e+12.
std::string count_text(std::uint64_t count);

// 0 %, 0.3 %, 78 %, 99.9 %, 100 %: never 100 % before all are there, never 0 % once some are.
std::string share_text(std::uint64_t part, std::uint64_t whole);

}  // namespace provphone::client::report
