#include "test/client/forecast/world.hpp"

#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace provphone::test {

using namespace provphone::client;

scenario::Scenario scenario_of(std::string_view yaml) {
  auto scenario = scenario::read_scenario(yaml, "test.yaml");
  INFO((scenario ? std::string() : scenario.error().detail));
  REQUIRE(scenario);
  return *std::move(scenario);
}

namespace {

forecast::VirtualRun run_of(const scenario::Scenario& scenario) {
  const auto wall = scenario::wall_clock_of(scenario);
  REQUIRE(wall);
  forecast::VirtualRun run{scenario, *wall, forecast::length_of(scenario), 1, {}, {}, {}, {}};
  run.fewest_phones = 1;  // so that few phones meet as many do
  return run;
}

}  // namespace

Played play(const scenario::Scenario& scenario) {
  std::vector<trace::TraceEvent> trace;
  auto run = run_of(scenario);
  run.trace = [&](const trace::TraceEvent& event) { trace.push_back(event); };
  auto result = forecast::drive_virtually(run);
  REQUIRE(result);
  return {std::move(result->figures), std::move(trace), std::move(result->final_states)};
}

figures::ForecastFigures figures_of(const scenario::Scenario& scenario, unsigned workers,
                                    figures::Shard shard) {
  auto run = run_of(scenario);
  run.workers = workers;
  run.shard = shard;
  auto result = forecast::drive_virtually(run);
  REQUIRE(result);
  return std::move(result->figures);
}

figures::Outcome outcome_of(const scenario::Scenario& scenario, unsigned workers,
                            figures::Shard shard) {
  auto run = run_of(scenario);
  run.workers = workers;
  run.shard = shard;
  auto result = forecast::drive_virtually(run);
  REQUIRE(result);
  return std::move(result->outcome);
}

std::string times_of(const Played& played, trace::EventKind kind) {
  std::string text;
  for (const auto& event : played.trace) {
    if (event.event != kind) continue;
    const auto ms = event.at.time_since_epoch().count();
    text += fmt::format("{}{}@{}", text.empty() ? "" : " ", name(kind),
                        ms % 1000 == 0 ? fmt::format("{}", ms / 1000)
                                       : fmt::format("{}.{:03}", ms / 1000, ms % 1000));
  }
  return text;
}

}  // namespace provphone::test
