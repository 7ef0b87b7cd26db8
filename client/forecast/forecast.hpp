#pragma once

#include "client/expect/outcome.hpp"
#include "client/figures/forecast_figures.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "resync/local_time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

// The virtual-time driver: as many phones as there is memory for, no socket and no clock. The same
// machines as in real time; the server is a model (model_server.hpp). The result is a function of
// scenario, `wall`, length and shard; workers change nothing.
namespace provphone::client::forecast {

struct VirtualRun {
  const scenario::Scenario& scenario;
  resync::WallClock wall;
  resync::Duration length;  // virtual time that passes
  // Threads; more than one only where answers share no line and nothing is traced.
  unsigned workers = 1;
  // Of the traced phones and of the server, in the order of virtual time; empty: none.
  trace::TraceSink trace;
  std::function<bool(std::uint32_t phone)> is_traced;  // empty: all
  // Called now and then with the virtual time that has passed, by each worker on its own thread and
  // for its own phones. Empty: nobody asks.
  std::function<void(resync::Duration passed)> progress;
  // Asked now and then, likewise: an interruption ends the run there. Empty: nobody interrupts it.
  std::function<std::optional<figures::RunEnd>()> interruption;
  // That a worker has at the least where phones meet at a server's queue: workers wait for each
  // other there, which fewer are not worth.
  std::uint32_t fewest_phones = 2'000;
  figures::Shard shard{};  // only its phones are switched on, every `of`-th
};

// What phones remember in the end.
struct FinalState {
  std::uint32_t phone;
  profile::ParameterSet parameters;
};

struct VirtualResult {
  figures::ForecastFigures figures;
  // Of all phones, by number, where there are at most 100; of none where there are more.
  std::vector<FinalState> final_states;
  expect::RollCall roll;
  std::optional<expect::Judge> judge;  // told of all of it, where something is expected
  resync::Duration length;             // that was driven, the shortest of several workers
  figures::RunEnd end;
  figures::Outcome outcome{};  // what all of that comes to
};

// Blocks until the last worker is through. Fails with unreadable_file or with what a group's
// `config` is refused for.
Result<VirtualResult> drive_virtually(const VirtualRun& run);

// How long a scenario lasts: what it says, or until its last event, outage and profile are past by
// a day. Repetitions without a number count once.
resync::Duration length_of(const scenario::Scenario& scenario);

}  // namespace provphone::client::forecast
