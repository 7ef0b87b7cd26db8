#pragma once

#include "client/drive/real.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <optional>

namespace provphone::client::scenario {

// `provphone run` watches so many phones at most.
inline constexpr std::uint32_t max_real_phones = 1'000;

// A scenario as the real-time driver takes it, its files read and its certificates signed: phones,
// clock, targets and plan. `length` bounds what is planned; without one, everything is. Fails with
// bad_argument, unreadable_file, unknown_time_zone, or with what a group's `config` is refused for.
Result<drive::RealRun> real_run_of(const Scenario& scenario, std::optional<Duration> length,
                                   std::chrono::system_clock::time_point now);

}  // namespace provphone::client::scenario
