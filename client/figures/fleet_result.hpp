#pragma once

#include "client/figures/fleet_figures.hpp"
#include "client/figures/scenario_events.hpp"
#include "client/figures/shard.hpp"
#include "client/figures/tested.hpp"
#include "client/figures/verdicts.hpp"

#include <string>
#include <string_view>
#include <vector>

// The result of a fleet's run as it is kept in a file, shown, and merged with those of other
// shards.
namespace provphone::client::figures {

// A run whose generator lags more than this at p99.9 is void.
inline constexpr std::int64_t usual_lag_limit_us = 50'000;

// What the generator used of its machine. Limits are what the system allowed.
struct Resources {
  // On average over the run, out of `processors`.
  double processors_used = 0;
  unsigned processors = 0;
  // In octets, of the whole process.
  std::uint64_t memory_peak = 0;
  std::uint64_t open_files_peak = 0, open_files_limit = 0;
  std::uint64_t ports_first = 0, ports_last = 0;  // the system's range for outgoing connections
  std::int64_t longest_stall_us = 0;              // of an event loop
};

// When a shard began.
struct ShardStart {
  unsigned number = 1;
  std::int64_t began_ms = 0;  // of UTC, since 1970
  std::int64_t late_us = 0;   // behind the time that it was told to begin at

  friend bool operator==(const ShardStart&, const ShardStart&) = default;
};

// Shards that begin further apart than this are not one run.
inline constexpr std::int64_t longest_lateness_us = 1'000'000;

// A stretch in which the run stood still because somebody wanted it to. No time of the run passes
// in it, so that `at` is when it began and when it ended.
struct Pause {
  resync::Duration at{};      // since the start, pauses before it left out
  resync::Duration length{};  // by the clock on the wall

  friend auto operator<=>(const Pause&, const Pause&) = default;
};

struct FleetResult {
  std::string title;  // the scenario's file
  std::string scenario_hash;
  std::uint64_t seed = 0;
  // In UTC, 2026-03-01T06:00:00Z; the earliest of several.
  std::string started;
  // Without pauses. Of several, the longest.
  resync::Duration length{};
  std::vector<Pause> pauses;  // in the order of time; of several, all of them
  ScenarioEvents events;
  // That are in it, sorted; the only one of one for a whole run.
  std::vector<Shard> shards;
  std::vector<ShardStart> starts;  // by number; of runs that were pooled, those of the first
  unsigned runs = 1;               // of the scenario, laid over each other
  std::int64_t lag_limit_us = usual_lag_limit_us;
  // Of several shards or runs, both added up.
  unsigned workers = 1;
  std::uint32_t phones = 0;
  FleetFigures figures;
  Resources resources;  // of several shards: the largest of each, processors together
  Outcome outcome;
  std::string version;
  Tested tested;
};

// How it came out. A shard by itself is a part, and more than one of them is a run.
Verdicts judge(const FleetResult& result, Strictness strictness = Strictness::usual);

// A retrieval's span, whichever way the retrieval ended.
Histogram both_endings(const FleetFigures& figures, Span span);

// A member a line: first those that every run's result has, then a fleet's own.
std::string format_json(const FleetResult& result);

// Reads what format_json wrote. Fails with bad_argument; `file` is for the error, which names the
// first member that is wrong. Control characters become blanks.
Result<FleetResult> parse_fleet_result(std::string_view text, std::string_view file);

// Shards of one run, in any order; while they are not all there the sum is void for it. Fails with
// bad_argument for results that are not: other scenarios, seeds or divisions, or a shard that is
// there twice.
Result<FleetResult> merge(std::vector<FleetResult> shards);

// Runs of one scenario, with whatever seeds, as if all had been at once; of one shard they are void
// like the sum of too few. Fails with
// bad_argument for results of several scenarios or of different shards.
Result<FleetResult> pool(std::vector<FleetResult> runs);

}  // namespace provphone::client::figures
