#pragma once

#include "client/figures/cut_short.hpp"
#include "client/figures/fleet_result.hpp"
#include "client/fleet/lookout.hpp"
#include "client/fleet/resources.hpp"
#include "client/fleet/worker.hpp"
#include "client/identity/cache_folder.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Many phones in real time, over workers. Nothing is shared between workers while they run; what
// they have counted is added up, in any order. All members are for one thread, the one that shows
// the run: make(), start(), then look(), set_pace(), pause() and go_on() as often as wanted,
// stop(), and the results.
namespace provphone::client::fleet {

using WallTime = std::chrono::system_clock::time_point;

struct FleetOptions {
  figures::Shard shard;
  // Threads, at least 1; a worker may have no phone.
  unsigned workers = 1;
  listen::Places doors;                    // where the phones answer, until stop()
  std::optional<resync::Duration> length;  // nothing: until nothing is left to do
  // When the run's time 0 is, so that shards on several machines begin together; nothing: at once.
  std::optional<WallTime> start_at;
  // Of one retrieval in a thousand: a run that lags more is void.
  std::int64_t lag_limit_us = figures::usual_lag_limit_us;
  // Where the keys and signatures of certificates are kept. What is remarked is told in make().
  identity::Keeping keeping;
  // Every event, from several threads at once; empty: none, and nobody explains decisions.
  trace::TraceSink trace;
  // Makes who hears what each worker's phones meet; empty: nobody does. Called in make().
  std::function<std::shared_ptr<drive::Witness>()> make_witness;
  // How often at most workers find out how expectations and failures stand; nothing: never.
  std::optional<std::chrono::milliseconds> standing_every;
  // A worker that owes an answer for so long is called late.
  std::chrono::milliseconds late_after{1'000};
};

// All workers together, each as it last said.
struct FleetView {
  resync::Duration elapsed{};  // of the run's time, which pauses stop; negative before the start
  WorkerView sum;
  std::uint32_t phones = 0;
  // Of `workers`, so many are busy and have not answered; one of them for so long.
  unsigned workers = 0, workers_late = 0;
  resync::Duration late_for{};
  figures::Resources resources;
  // What makes the run void, were it to end now.
  std::vector<figures::VoidReason> void_reasons;
  // Null: nobody asked for it, or not all workers have said it. Without expectations where these
  // and the phones are too many to be looked at while the run goes on.
  std::shared_ptr<const figures::Standing> standing;
};

// As many workers as the machine has processors; 1 where phones answer at an address that several
// share, which one thread has to have.
unsigned usual_workers(const scenario::Scenario& scenario, const listen::Places& doors);

class Fleet {
 public:
  // Reads files and makes keys and listens where phones answer, but opens no connection; takes the
  // longer the more groups there are. `scenario` must outlive it. Fails with bad_argument, also
  // where phones of several workers would answer at one address; with unreadable_file or
  // unknown_time_zone, or with what a group's `config` is refused for.
  static Result<std::unique_ptr<Fleet>> make(const scenario::Scenario& scenario,
                                             FleetOptions options);

  // Where the phones answer; as in listen/doors.hpp, of all workers.
  std::vector<std::string> web_urls() const;
  std::vector<std::string> sip_urls() const;

  void start();
  // Asks every worker and waits for none that is busy: of such a one it has what it said last. What
  // only grows never becomes less from one look to the next.
  FleetView look();
  // For all workers of this shard together; nothing: each retrieval at its time. Comes to the
  // workers later, like the two below.
  void set_pace(std::optional<double> starts_per_second);
  // The time of the run stands still, for whoever looks too; what is on its way goes on. Afterwards
  // everything is due as much later.
  void pause();
  void go_on();
  // Waits for the workers' threads; what is under way is dropped.
  void stop();

  // --- once it is stopped
  // Once. The title is left to whoever knows the file. `end` and `aim`: what ended the run, and
  // what it was meant to come to.
  figures::FleetResult result(figures::RunEnd end, const figures::Aim& aim);
  std::uint32_t phones() const;
  // What the phones' clocks show.
  const resync::WallClock& wall() const { return workers_.front()->wall(); }

 private:
  Fleet(const scenario::Scenario& scenario, FleetOptions options, FleetSetup setup);

  Result<void> add_workers();
  Result<void> open_doors();
  std::size_t most_in_flight_of_worker() const;
  std::vector<figures::VoidReason> void_reasons_of(const figures::FleetFigures& figures,
                                                   const figures::Resources& resources) const;
  figures::Outcome outcome(figures::RunEnd end, const figures::Aim& aim) const;
  drive::Pace pace_of_worker() const;
  resync::Duration elapsed() const;
  void note_pause(std::chrono::steady_clock::time_point end);

  const scenario::Scenario& scenario_;
  FleetOptions options_;
  FleetSetup setup_;
  MachineLimits limits_;
  Meter meter_;
  std::size_t sockets_of_doors_ = 0;
  std::optional<double> starts_per_second_;
  WallTime started_at_{};
  std::chrono::steady_clock::time_point started_{};
  std::int64_t late_us_ = 0;  // behind options_.start_at
  std::optional<std::chrono::steady_clock::time_point> paused_at_;
  std::chrono::steady_clock::duration stood_{};  // in all pauses that are over
  std::vector<figures::Pause> pauses_;           // likewise
  resync::Duration lasted_{};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<Lookout> lookout_;  // from add_workers() on
};

}  // namespace provphone::client::fleet
