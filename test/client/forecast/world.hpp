#pragma once

#include "client/forecast/forecast.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"

#include <string>
#include <string_view>
#include <vector>

// Scenarios written inside a test, and what happens in them.
namespace provphone::test {

// Fails the test where the text is no scenario.
client::scenario::Scenario scenario_of(std::string_view yaml);

struct Played {
  client::figures::ForecastFigures figures;
  std::vector<client::trace::TraceEvent> trace;
  std::vector<client::forecast::FinalState> final_states;
};

// In virtual time, with a trace of every phone.
Played play(const client::scenario::Scenario& scenario);

// The figures alone, by so many workers; of all phones, or of a shard.
client::figures::ForecastFigures figures_of(const client::scenario::Scenario& scenario,
                                            unsigned workers, client::figures::Shard shard = {});

// What it comes to, likewise.
client::figures::Outcome outcome_of(const client::scenario::Scenario& scenario, unsigned workers,
                                    client::figures::Shard shard = {});

// `event@seconds` of the events of one kind, in order: "pass_started@0 pass_started@3600".
std::string times_of(const Played& played, client::trace::EventKind kind);

}  // namespace provphone::test
