#include "client/forecast/forecast.hpp"
#include "client/scenario/read.hpp"
#include "test/bench/bench.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace provphone::bench {
namespace {

using client::scenario::Scenario;

constexpr std::string_view one_place = "http://p.example.net/$MA.xml";
// What the last request came to decides where the next one goes.
constexpr std::string_view two_places =
    "(\"$ERR\" eq \"\")? http://p.example.net/$MA.xml | http://q.example.net/$MA.xml";

Scenario fleet(std::uint32_t phones, std::string_view rule, std::string_view outages = "") {
  auto scenario = client::scenario::read_scenario(
      fmt::format(
          "phones: [{{count: {}, set: {{Profile_Rule: '{}', Resync_Periodic: '3600+600'}}}}]\n"
          "server: {{latency: 20ms{}}}\n",
          phones, rule, outages),
      "bench.yaml");
  if (!scenario) std::abort();
  return *std::move(scenario);
}

struct Driven {
  double wall = 0;  // seconds
  std::uint64_t events = 0;
};

Driven drive(const Scenario& scenario, resync::Duration length, unsigned workers) {
  const client::forecast::VirtualRun run{scenario, {}, length, workers, {}, {}, {}};
  const auto began = std::chrono::steady_clock::now();
  const auto result = client::forecast::drive_virtually(run);
  if (!result) std::abort();
  const auto took = std::chrono::steady_clock::now() - began;
  return {std::chrono::duration<double>(took).count(), result->figures.events};
}

}  // namespace

// Wall time, because the budget of a forecast is a person's patience.
void bench_forecast() {
  using namespace std::chrono_literals;
  const auto cores = std::max(std::thread::hardware_concurrency(), 1U);
  fmt::print("Forecast, phones with an hourly period and jitter, {} threads\n", cores);
  fmt::print("  {:>9} {:>12} {:>10} {:>14}\n", "phones", "virtual", "seconds", "ns an event");
  for (const std::uint32_t phones : {1'000U, 10'000U, 100'000U, 1'000'000U}) {
    const auto scenario = fleet(phones, one_place);
    const auto [wall, events] = drive(scenario, 24h, cores);
    fmt::print("  {:>9} {:>12} {:>10.2f} {:>14.0f}\n", phones, "one day", wall,
               wall * 1e9 / static_cast<double>(events));
  }
  const auto year = drive(fleet(1, one_place), 24h * 365, 1);
  fmt::print("  {:>9} {:>12} {:>10.4f} {:>14.0f}   budget 0.05 s\n", 1, "one year", year.wall,
             year.wall * 1e9 / static_cast<double>(year.events));
  fmt::print("  budget for a million phones and one day: 10 s\n");
  const auto recalling =
      drive(fleet(1'000'000, two_places, ", outages: [{from: 6h, to: 7h, as: 503}]"), 24h, cores);
  fmt::print("  a million phones whose rule looks at $ERR, one day: {:.2f} s   budget 30 s\n",
             recalling.wall);
}

}  // namespace provphone::bench
