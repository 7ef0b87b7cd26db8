#include "client/scenario/selection.hpp"

#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace selection_test {

using namespace provphone;
using namespace provphone::client::scenario;
using namespace std::chrono_literals;

namespace {

using Phones = std::vector<std::uint32_t>;

Scenario scenario_of(const std::string& events, const std::string& seed = "7") {
  auto scenario = read_scenario("seed: " + seed +
                                    "\nphones: [{group: a, count: 1000}, {group: b, count: 9000}]\n"
                                    "events: [" +
                                    events + "]",
                                "a.yaml");
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

Phones picked(const std::string& event, const std::string& seed = "7") {
  return phones_of_event(scenario_of(event, seed), 0, 0);
}

}  // namespace

TEST_CASE("an event happens to the phones that its selector picks") {
  CHECK(picked("{at: 0s, power_on: all}").size() == 10'000);
  CHECK(picked("{at: 0s, power_on: 100%}").size() == 10'000);
  CHECK(picked("{at: 0s, power_on: 0%}").empty());
  const auto group = picked("{at: 0s, power_on: b}");
  CHECK(group.size() == 9'000);
  CHECK(group.front() == 1'000);
  CHECK(picked("{at: 0s, power_on: 000e08000005}") == Phones{5});
  CHECK(picked("{at: 0s, power_on: 25}").size() == 25);
  CHECK(picked("{at: 0s, power_on: 25, phones: a}").back() < 1'000);
  CHECK(picked("{at: 0s, power_on: 5000, phones: a}").size() == 1'000);
  CHECK(picked("{at: 0s, power_on: b, phones: a}").empty());
  CHECK(picked("{at: 0s, power_on: [000e08000005, 000e08000003, a]}").size() == 1'000);
  CHECK(picked("{at: 0s, notify: resync}").size() == 10'000);
}

TEST_CASE("a share of the phones is drawn, and the same on every run") {
  const auto forty = picked("{at: 0s, power_on: 40%}");
  CHECK(forty.size() > 3'800);
  CHECK(forty.size() < 4'200);
  CHECK(std::is_sorted(forty.begin(), forty.end()));
  CHECK(forty == picked("{at: 0s, power_on: 40%}"));
  CHECK(forty != picked("{at: 0s, power_on: 40%}", "8"));
  // The picks of one event say nothing about those of another, nor of its next occurrence.
  const auto scenario =
      scenario_of("{at: 0s, power_on: 40%}, {at: 0s, power_on: 40%, every: 1h, times: 2}");
  const auto second = phones_of_event(scenario, 1, 0), later = phones_of_event(scenario, 1, 1);
  for (const auto* other : {&second, &later}) {
    Phones both;
    std::set_intersection(forty.begin(), forty.end(), other->begin(), other->end(),
                          std::back_inserter(both));
    CHECK(both.size() > 1'450);
    CHECK(both.size() < 1'750);
  }
  // The draws themselves may not change from one release to the next.
  CHECK(Phones(forty.begin(), forty.begin() + 5) == Phones{0, 2, 4, 7, 8});
}

TEST_CASE("a share within a group is of that group") {
  const auto tenth = picked("{at: 0s, power_on: 10%, phones: a}");
  CHECK(tenth.size() > 60);
  CHECK(tenth.size() < 140);
  CHECK(tenth.back() < 1'000);
}

TEST_CASE("an event spreads over its phones evenly and repeats at its distance") {
  const auto event =
      scenario_of("{at: 10s, power_on: all, over: 60s, every: 1h, times: 3}").events[0];
  CHECK(time_of(event, 0, 0, 4) == resync::Time(10s));
  CHECK(time_of(event, 0, 1, 4) == resync::Time(25s));
  CHECK(time_of(event, 0, 3, 4) == resync::Time(55s));
  CHECK(time_of(event, 2, 3, 4) == resync::Time(2h + 55s));
  CHECK(time_of(event, 0, 0, 0) == resync::Time(10s));
  CHECK(time_of(event, 0, 9'999'999, 10'000'000) == resync::Time(10s + 59'999ms));
}

TEST_CASE("an expectation is about the phones it names") {
  const auto scenario = read_scenario(
      "phones: [{group: a, count: 10}, {group: b, count: 10}]\n"
      "expect: [{no_foreign_identity: true, phones: b}, {no_foreign_identity: true}]",
      "a.yaml");
  REQUIRE(scenario);
  CHECK(phones_of_expectation(*scenario, 0).front() == 10);
  CHECK(phones_of_expectation(*scenario, 1).size() == 20);
}

}  // namespace selection_test
