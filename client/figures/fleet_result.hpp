#pragma once

#include "client/figures/fleet_figures.hpp"
#include "client/figures/run_result.hpp"

#include <string>
#include <string_view>
#include <vector>

// The result of a fleet's run as it is kept in a file, shown, and merged with those of other
// shards.
namespace provphone::client::figures {

// A run whose generator lags more than this at p99.9 is void.
inline constexpr std::int64_t usual_lag_limit_us = 50'000;

// What a run lacks that is not all there, in the place of a resource.
inline constexpr std::string_view missing_shards = "shards";
inline constexpr std::string_view cut_short_run = "time";

// Why the figures of a run are the generator's and not the server's, or why there are too few.
struct VoidReason {
  std::string resource;  // processor, open files, local ports, memory, ..., or one of the above
  std::string evidence;  // a sentence with figures
  std::string remedy;    // what to do, with the command where there is one
};

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

// Which part of a run's phones: `number`, from 1, of `of` parts.
struct Shard {
  unsigned number = 1, of = 1;

  friend auto operator<=>(const Shard&, const Shard&) = default;
};

// A stretch in which the run stood still because somebody wanted it to. No time of the run passes
// in it, so that `at` is when it began and when it ended.
struct Pause {
  resync::Duration at{};      // since the start, pauses before it left out
  resync::Duration length{};  // by the clock on the wall

  friend auto operator<=>(const Pause&, const Pause&) = default;
};

enum class ExpectationStatus : std::uint8_t { passed, failed, not_judged, last = not_judged };

std::string_view name(ExpectationStatus status);

// What became of one of the scenario's expectations. Lines of merged results with one title become
// one.
struct ExpectationLine {
  std::string title;
  ExpectationStatus status = ExpectationStatus::not_judged;
  std::string detail;  // what was found instead, or why it was not judged
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
  // That are in it, sorted; the only one of one for a whole run.
  std::vector<Shard> shards;
  unsigned runs = 1;  // of the scenario, laid over each other
  std::int64_t lag_limit_us = usual_lag_limit_us;
  // Of several shards or runs, both added up.
  unsigned workers = 1;
  std::uint32_t phones = 0;
  FleetFigures figures;
  Resources resources;  // of several shards: the largest of each, processors together
  std::vector<VoidReason> void_reasons;
  std::vector<ExpectationLine> expectations;
  std::string version;
};

// Void for a reason; else failed for an expectation or an incident, or, where nothing is expected,
// for a pass that failed.
Verdict verdict_of(const FleetResult& result);

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
