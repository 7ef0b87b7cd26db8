#include "client/fleet/events_begun.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace events_begun_test {

using namespace provphone::client;
using namespace provphone::client::fleet;
using namespace std::chrono_literals;
using figures::ScenarioEvent;

namespace {

scenario::Scenario with_events(const std::string& events) {
  auto scenario = scenario::read_scenario(
      "phones: [{group: a, count: 30}, {group: b, count: 10}]\nevents: [" + events + "]\n", "test");
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

figures::ScenarioEvents of_whole_run(const std::string& events, std::chrono::milliseconds length) {
  return events_begun(with_events(events), length, {1, 1});
}

}  // namespace

TEST_CASE("a run's events are those that had begun when it ended, in the order of time") {
  const std::string events =
      "{at: 20s, power_off: a}, {at: 0s, power_on: all, over: 10s}, {at: 1m, notify: reboot}";
  const std::vector<ScenarioEvent> expected{
      {0s, 10s, "power_on", 40}, {20s, 0s, "power_off", 30}, {60s, 0s, "notify reboot", 40}};
  const auto all = of_whole_run(events, 60s);
  CHECK(all.listed == expected);
  CHECK(all.more == 0);
  CHECK(of_whole_run(events, 59s).listed.size() == 2);
  CHECK(of_whole_run(events, -1s).listed.empty());
}

TEST_CASE("events that are alike and begin together are one") {
  const auto both = of_whole_run(
      "{at: 5s, resync: a, over: 3s}, {at: 5s, resync: b}, {at: 5s, power_off: a}", 10s);
  CHECK(both.listed ==
        std::vector<ScenarioEvent>{{5s, 0s, "power_off", 30}, {5s, 3s, "resync", 40}});
}

TEST_CASE("an event takes as long as its last phone, whichever shape it has") {
  const std::string staged =
      "{at: 0s, power_on: all, shape: {stages: [{over: 2s, rate: 5/s}, {over: 3s, rate: 5/s}]}}";
  // 10 phones in the first stage; the other 30 at 5 a second.
  CHECK(of_whole_run(staged, 1s).listed.at(0).over == 7800ms);
  const std::string empty_end =
      "{at: 0s, power_on: all, shape: {stages: [{over: 0s, share: 100%}, {over: 5m, share: 0%}]}}";
  CHECK(of_whole_run(empty_end, 1s).listed.at(0).over == 5min);
}

TEST_CASE("of very many events the first are listed and the others counted") {
  const auto all = of_whole_run("{at: 0s, resync: 1, every: 1s}", 59s);
  REQUIRE(all.listed.size() == figures::most_scenario_events);
  CHECK(all.listed.back().at == 49s);
  CHECK(all.more == 10);
  // As many as there are milliseconds in ten years are not gone through.
  const auto most = of_whole_run("{at: 0s, resync: 1, every: 1ms}", 87600h);
  CHECK(most.listed.size() == figures::most_scenario_events);
  CHECK(most.more > 4'000'000'000);
}

TEST_CASE("shards have the same events, each with its own phones") {
  const auto scenario = with_events("{at: 0s, power_on: all}, {at: 1s, power_off: 1, phones: b}");
  auto sum = events_begun(scenario, 1min, {1, 3});
  for (const unsigned number : {2U, 3U}) {
    const auto part = events_begun(scenario, 1min, {number, 3});
    CHECK(part.listed.size() == 2);
    merge(sum, part);
  }
  CHECK(sum == events_begun(scenario, 1min, {1, 1}));
  CHECK(sum.listed.at(1).phones == 1);
}

}  // namespace events_begun_test
