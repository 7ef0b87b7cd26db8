#pragma once

#include "client/expect/judge.hpp"
#include "client/figures/fleet_result.hpp"
#include "client/figures/forecast_figures.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "resync/local_time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

// The virtual-time driver: as many phones as there is memory for, no socket and no clock. The same
// machine as in real time; the server is a model.
namespace provphone::client::forecast {

struct VirtualRun {
  const scenario::Scenario& scenario;
  resync::WallClock wall;
  resync::Duration length;  // virtual time that passes
  unsigned workers = 1;     // more than one only where phones do not meet at a server's queue
  trace::TraceSink trace;   // of the traced phones; empty: none. Then one worker drives all.
  std::function<bool(std::uint32_t phone)> is_traced;  // empty: all
  // Called now and then with the virtual time that has passed.
  std::function<void(resync::Duration passed)> progress;
  figures::Shard shard{};  // only its phones are switched on, every `of`-th
};

// What phones remember in the end.
struct FinalState {
  std::uint32_t phone;
  profile::ParameterSet parameters;
};

struct VirtualResult {
  figures::ForecastFigures figures;
  std::vector<FinalState> final_states;  // of at most 100 phones
  std::optional<expect::Judge> judge;    // told of all of it, where something is expected
};

// Fails with what a group's `config` is refused for.
Result<VirtualResult> drive_virtually(const VirtualRun& run);

// How long a scenario lasts: what it says, or until its last event and expectation are past by a
// day.
resync::Duration length_of(const scenario::Scenario& scenario);

}  // namespace provphone::client::forecast
