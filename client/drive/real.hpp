#pragma once

#include "client/drive/clock.hpp"
#include "client/drive/phones.hpp"
#include "client/drive/plan.hpp"
#include "client/drive/witness.hpp"
#include "client/trace/event.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/socket_exchange.hpp"
#include "resync/brought.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

// The driver in real time: one clock, one exchange, and as many phones as `phones` has room for. It
// keeps queues, pace and deadlines, and knows nothing of how a phone behaves: that is in resync/,
// and conductor.hpp brings the two together. All of it, its call-backs included, is on the thread
// of the loop or of whoever moves the clock.
namespace provphone::client::drive {

// How fast fetches may start.
struct Pace {
  // Above 0; nothing: each at its time. What has to wait for it waits in the order of wanting.
  std::optional<double> starts_per_second{};
  // At least 1.
  std::size_t most_in_flight = SIZE_MAX;
};

struct RealRun {
  std::shared_ptr<Phones> phones;
  std::uint64_t seed = 0;
  resync::WallClock wall;  // what the phones' clocks show
  resync::SaltKey salt{};  // of reports; with real servers the driver draws one
  transport::Network network;
  Plan plan;
  Pace pace;
  resync::Depth depth = resync::Depth::everything;
  // Every event, as it happens, in the order of the decisions. Must not be empty.
  trace::TraceSink trace;
  // That phone rests: behind a pass, an upgrade or a report, and behind whatever else has happened
  // to it. Once more when a message of it is sent after that. May be empty.
  std::function<void(std::size_t phone)> on_pass_over;
  // Each profile that was decoded, as it is behind decryption and unpacking; empty: nobody reads.
  std::function<void(std::size_t phone, std::string_view document, const macro::Url& from)>
      on_document;
  // Null: nobody hears what the run is made of.
  std::shared_ptr<Witness> witness;
  bool traces_headers = false;  // requests say what certificate they come with
  // When the run's time 0 is, which may lie ahead; nothing: when the driver is made.
  std::optional<std::chrono::steady_clock::time_point> start;
};

class RealDriver {
 public:
  // Real servers, by the machine's clock. `loop` must outlive the driver. Nothing happens before
  // the loop runs. Draws the salt of reports; throws std::runtime_error where the system has no
  // random numbers.
  RealDriver(boost::asio::io_context& loop, RealRun run);
  // Whatever answers, by whatever clock; `run.network` does not count. Nothing happens before the
  // clock rings.
  RealDriver(std::unique_ptr<Clock> clock, std::unique_ptr<transport::Exchange> exchange,
             RealRun run);
  ~RealDriver();  // drops every timer and transfer
  RealDriver(const RealDriver&) = delete;
  RealDriver& operator=(const RealDriver&) = delete;

  // The phone gets power now and goes its way, besides what the plan says.
  void power_on(std::size_t phone);
  // Somebody does that to the phone now, besides the plan; `brought` is null where nothing comes
  // along. Not from within a call-back of the driver's.
  void happens(std::size_t phone, const resync::Event& event,
               std::shared_ptr<const resync::Brought> brought);
  // The time of the run.
  resync::Time now() const;
  // The phone becomes one that has been running for a while and has nothing due, and is asked for
  // one pass. For a phone that nothing has happened to yet.
  void request_resync_of_running(std::size_t phone);

  // Nothing is under way, and nothing will be by itself: no phone is awake, no deadline is set, the
  // plan is through and no message waits for its server's address.
  bool is_at_rest() const;

  // As it stands now, at rest or not.
  DrivenPhone phone(std::size_t index) const;
  // What the phone is called in the run, and its events with it.
  std::uint32_t number(std::size_t index) const;
  std::size_t phone_count() const;

  // Fetches that are on their way.
  std::size_t in_flight() const;
  // Log messages that wait for the address of their server.
  std::size_t messages_waiting() const;
  // Counts for what has not started; what waits gets its place anew. May be called while the loop
  // runs, from its thread.
  void set_pace(const Pace& pace);

  // The time of the run stands still: no phone does anything of itself, and no fetch starts. What
  // is on its way goes on, and its answers are taken at the time that stands still. Afterwards
  // everything is due as much later as the pause was long, so that nothing is late for it. `at` as
  // in run_clock.hpp; from the loop's thread, while it runs or before.
  void pause(Clock::Instant at);
  void go_on(Clock::Instant at);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::drive
