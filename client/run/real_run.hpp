#pragma once

#include "client/drive/real.hpp"
#include "client/identity/cache_folder.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

// A scenario turned into what drive/real.hpp takes, for run and for fleet.
namespace provphone::client::run {

// `provphone run` watches so many phones at most.
inline constexpr std::uint32_t max_real_phones = 1'000;

// A scenario as the real-time driver takes it, its files read and its certificates signed, if need
// be: phones, clock, targets and plan. `length` bounds what is planned; without one, everything is.
// Fails with bad_argument, unreadable_file, unknown_time_zone, or with what a group's `config` is
// refused for.
Result<drive::RealRun> real_run_of(const scenario::Scenario& scenario,
                                   std::optional<resync::Duration> length,
                                   std::chrono::system_clock::time_point now,
                                   const identity::Keeping& keeping);

// The same without phones and plan. Fails with bad_argument or unknown_time_zone.
Result<drive::RealRun> run_without_phones(const scenario::Scenario& scenario,
                                          std::chrono::system_clock::time_point now);

// Where a phone of that number is among those that are driven; nothing where it is not.
using IndexOf = std::function<std::optional<std::uint32_t>(std::uint32_t number)>;

// What happens to those phones in the first `length`, in the order of time and then of number.
drive::Plan plan_of(const scenario::Scenario& scenario, resync::Duration length,
                    const IndexOf& index_of);

// bad_argument where an event is repeated until the run ends and nothing says when that is.
Result<void> check_end(const scenario::Scenario& scenario, std::optional<resync::Duration> length);

}  // namespace provphone::client::run
