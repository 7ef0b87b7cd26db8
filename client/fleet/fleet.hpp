#pragma once

#include "client/figures/cut_short.hpp"
#include "client/figures/fleet_result.hpp"
#include "client/fleet/resources.hpp"
#include "client/fleet/worker.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Many phones in real time, over workers. Nothing is shared between workers while they run; what
// they have counted is added up, in any order. All members are for one thread, the one that shows
// the run: make(), start(), then look() and set_pace() as often as wanted, stop(), and the results.
namespace provphone::client::fleet {

using WallTime = std::chrono::system_clock::time_point;

struct FleetOptions {
  figures::Shard shard;
  // Threads, at least 1; a worker may have no phone.
  unsigned workers = 1;
  std::optional<resync::Duration> length;  // nothing: until nothing is left to do
  // When the run's time 0 is, so that shards on several machines begin together; nothing: at once.
  std::optional<WallTime> start_at;
  // Of one retrieval in a thousand: a run that lags more is void.
  std::int64_t lag_limit_us = figures::usual_lag_limit_us;
  // Every event, from several threads at once; empty: none, and nobody explains decisions.
  trace::TraceSink trace;
};

// All workers together, at one moment.
struct FleetView {
  resync::Duration elapsed{};  // negative before the start
  WorkerView sum;
  std::uint32_t phones = 0;
  figures::Resources resources;
};

class Fleet {
 public:
  // Reads files and makes keys, but opens no connection; takes the longer the more groups there
  // are. `scenario` must outlive it. Fails with bad_argument, unreadable_file, unknown_time_zone,
  // or with what a group's `config` is refused for.
  static Result<std::unique_ptr<Fleet>> make(const scenario::Scenario& scenario,
                                             FleetOptions options);

  void start();
  // Asks every worker and waits two seconds for each at most; what a busy one would have said is
  // missing from this view, which then is not at rest.
  FleetView look();
  // For all workers of this shard together; nothing: each retrieval at its time. Comes to the
  // workers later.
  void set_pace(std::optional<double> starts_per_second, bool is_paused);
  // Waits for the workers' threads; what is under way is dropped.
  void stop();

  // --- once it is stopped
  // Once. The title is left to whoever knows the file. `end` and `aim`: what ended the run, and
  // what it was meant to come to.
  figures::FleetResult result(figures::RunEnd end, const figures::Aim& aim);
  std::uint32_t phones() const;

 private:
  Fleet(const scenario::Scenario& scenario, FleetOptions options, FleetSetup setup);

  Result<void> add_workers();
  figures::Outcome outcome(figures::RunEnd end, const figures::Aim& aim) const;
  drive::Pace pace_of_worker() const;

  const scenario::Scenario& scenario_;
  FleetOptions options_;
  FleetSetup setup_;
  MachineLimits limits_;
  Meter meter_;
  std::optional<double> starts_per_second_;
  bool is_paused_ = false;
  WallTime started_at_{};
  std::chrono::steady_clock::time_point started_{};
  std::int64_t late_us_ = 0;  // behind options_.start_at
  resync::Duration lasted_{};
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace provphone::client::fleet
