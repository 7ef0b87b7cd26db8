#pragma once

#include "client/drive/real.hpp"
#include "client/expect/judge.hpp"
#include "client/figures/loss.hpp"
#include "client/figures/standing.hpp"
#include "client/fleet/recorder.hpp"
#include "client/fleet/scenario_phones.hpp"
#include "client/listen/doors.hpp"
#include "macro/enum_array.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>

// A thread of a fleet, from its phones to what it has counted.
namespace provphone::client::fleet {

// What a worker has come to so far.
struct WorkerView {
  figures::FleetFigures figures;
  std::uint32_t powered_on = 0, converged = 0;  // phones
  std::size_t in_flight = 0;                    // retrievals
  // The longest time that its event loop came to a timer too late.
  std::int64_t longest_stall_us = 0;
  bool is_at_rest = false;  // nothing is under way, and nothing will be
  // In the scenario's order; none where the run goes on whatever is lost.
  std::vector<figures::Loss> losses;
  // Null: nobody asked for it. Without expectations where looking at them would hold phones up.
  std::shared_ptr<const figures::Standing> standing;
};

// Adds what another worker has come to: counts, the longest stall, losses, and rest where both are.
// How expectations stand is left to Lookout::standing().
void add(WorkerView& sum, const WorkerView& view);

// A thread with an event loop of its own and its slice of the phones. It shares nothing with others
// while it runs. Not to be moved.
class Worker {
 public:
  // `run` without phones and trace; `setup` must outlive the worker. `identities` are those of the
  // scenario's phones.
  Worker(const FleetSetup& setup, Slice slice, drive::RealRun run,
         std::shared_ptr<const expect::Identities> identities);
  ~Worker();  // stops it
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Every event goes there too, from the worker's thread. Before start(); the sink outlives the
  // worker.
  void also_tell(trace::TraceSink sink) { sink_ = std::move(sink); }
  // From start() on look() has the standing, found out that often at most. Before start().
  void follow_expectations(std::chrono::milliseconds every) { follows_every_ = every; }

  std::size_t sockets_for(const listen::Places& places) const {
    return listen::sockets_for(places, *driver_);
  }
  // Its phones answer there, from start() on; before it. Fails as Doors::open() does.
  Result<void> open_doors(const listen::Places& places);
  // Null: they answer nowhere.
  const listen::Doors* doors() const { return doors_ ? &*doors_ : nullptr; }

  void start();

  // --- from another thread, while it runs
  // Answered by the worker's thread when it gets to it: a busy one is late, one that was stopped
  // before it did never answers.
  std::future<WorkerView> look();
  void set_pace(const drive::Pace& pace);
  // The time of its phones stands still, and goes on; drive::RealDriver says what becomes of what
  // is under way. With the same instants all workers of a run keep one time. Before start() too.
  void pause(drive::Clock::Instant at);
  void go_on(drive::Clock::Instant at);
  // No phone does anything any more, and the thread ends; waits for that. May be called again.
  void stop();

  // --- when it does not run
  WorkerView view() const;
  const Slice& slice() const { return slice_; }
  const resync::WallClock& wall() const { return wall_; }
  // What it has seen, with the phones as they are in the end, which are told at the first call;
  // null where nothing is expected. Valid as long as the worker.
  const expect::Judge* judge();
  const expect::RollCall& roll() const { return roll_; }

 private:
  void emit(const trace::TraceEvent& event);
  void read(std::uint32_t phone, std::string_view document, const macro::Url& from);
  void watch_stalls();
  void follow_expectations();
  void sign_in_spare_time(std::chrono::microseconds late);
  void sign_ahead(std::chrono::steady_clock::time_point until);
  void give_memory_back();

  struct Loop;

  const scenario::Scenario& scenario_;
  Slice slice_;
  expect::KnownDocuments known_;
  std::optional<expect::Judge> judge_;
  EnumArray<trace::EventKind, bool> judge_wants_;
  bool has_told_ends_ = false;
  bool aborts_ = false;  // when an expectation is lost
  expect::RollCall roll_;
  Recorder recorder_;
  trace::TraceSink sink_;
  // In this order: the driver uses the loop and the phones, and goes before them.
  std::unique_ptr<Loop> loop_;
  std::shared_ptr<ScenarioPhones> phones_;
  std::unique_ptr<drive::RealDriver> driver_;
  resync::WallClock wall_;
  std::shared_ptr<drive::Witness> witness_;
  transport::Network network_;  // where registrars are found, until `doors_` has it
  std::optional<listen::Doors> doors_;
  std::optional<std::chrono::milliseconds> follows_every_;
  resync::Time followed_at_{};
  std::shared_ptr<const figures::Standing> standing_;
  std::int64_t longest_stall_us_ = 0;
  std::chrono::microseconds processor_time_{};  // of the thread, signing ahead left out
  std::size_t busiest_ = 0;                     // retrievals in flight since memory was given back
  std::thread thread_;
};

}  // namespace provphone::client::fleet
