#include "client/scenario/shape.hpp"

#include "client/scenario/phone_events.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace shape_test {

using namespace provphone;
using namespace provphone::client::scenario;
using namespace std::chrono_literals;

namespace {

std::vector<Duration> moments(const std::string& event, int phones) {
  const auto scenario = read_scenario("phones: [{count: " + std::to_string(phones) +
                                          "}]\nevents: [{at: 0s, power_on: all, " + event + "}]",
                                      "a.yaml");
  if (!scenario) FAIL(scenario.error().detail);
  std::vector<Duration> all;
  plan_phone_events(*scenario, 1h, [&](resync::Time at, std::uint32_t phone, const PhoneEvent&) {
    REQUIRE(phone == all.size());
    all.push_back(at.time_since_epoch());
  });
  return all;
}

std::string refusal(const std::string& event) {
  const auto scenario =
      read_scenario("phones: [{}]\nevents: [{at: 0s, power_on: all, " + event + "}]", "a.yaml");
  return scenario ? "it is accepted" : scenario.error().detail;
}

}  // namespace

TEST_CASE("the phones of an event follow one another as its shape says") {
  using Moments = std::vector<Duration>;
  struct Row {
    std::string event;
    int phones;
    Moments at;
  };
  for (const auto& [event, phones, at] : std::vector<Row>{
           {"over: 8s", 4, {0s, 2s, 4s, 6s}},
           {"over: 8s, shape: linear", 4, {0s, 2s, 4s, 6s}},
           {"over: 8s, shape: ramp", 4, {0s, 4s, 5'656ms, 6'928ms}},
           {"over: 8s, shape: burst", 4, {0s, 1'071ms, 2'343ms, 4s}},
           {"shape: {stages: [{over: 8s}]}", 4, {0s, 2s, 4s, 6s}},
           {"shape: {stages: [{over: 2s, share: 50%}, {over: 4s, share: 50%}]}",
            4,
            {0s, 1s, 2s, 4s}},
           {"shape: {stages: [{over: 0s, share: 50%}, {over: 4s, share: 0%}, {over: 4s}]}",
            4,
            {0s, 0s, 4s, 6s}},
           // A rate, and what it has no time for.
           {"shape: {stages: [{over: 2s, rate: 1}, {over: 10s, rate: 30/m}]}", 4, {0s, 1s, 2s, 4s}},
           {"shape: {stages: [{over: 2s, rate: 2/s}]}", 6, {0s, 500ms, 1s, 1'500ms, 2s, 2'500ms}},
           // More time than phones: what comes behind it is empty.
           {"shape: {stages: [{over: 1h, rate: 3600/h}, {over: 1s}]}", 2, {0s, 1s}},
           // A third of ten is three; the last stage has the others.
           {"shape: {stages: [{over: 3s, share: 33%}, {over: 7s, share: 67%}]}",
            10,
            {0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s}},
       }) {
    INFO(event);
    CHECK(moments(event, phones) == at);
  }
}

TEST_CASE("a shape loses no phone and keeps their order, however many there are") {
  for (const auto* event :
       {"over: 10m, shape: ramp", "over: 10m, shape: burst",
        "shape: {stages: [{over: 1m, rate: 7/m}, {over: 0s, share: 13.7%}, {over: 9m}]}"}) {
    for (const int phones : {1, 2, 7, 1'000}) {
      INFO(event << " " << phones);
      const auto all = moments(event, phones);
      CHECK(all.size() == static_cast<std::size_t>(phones));
      CHECK(std::is_sorted(all.begin(), all.end()));
      CHECK(all.front() == 0s);
      CHECK(all.back() < 10min);
    }
  }
  // As late as ten million phones may be.
  const Shape ramp{Curve::ramp, {}}, burst{Curve::burst, {}};
  CHECK(offset_of(ramp, 10min, 9'999'999, 10'000'000) < 10min);
  CHECK(offset_of(burst, 10min, 9'999'999, 10'000'000) < 10min);
  CHECK(offset_of(ramp, 10min, 0, 0) == 0s);
}

TEST_CASE("half of the time of a ramp has a quarter of its phones, of a burst three quarters") {
  const auto in_first_half = [](const std::string& shape) {
    const auto all = moments("over: 100s, shape: " + shape, 1'000);
    return std::count_if(all.begin(), all.end(), [](Duration at) { return at < 50s; });
  };
  CHECK(in_first_half("linear") == 500);
  CHECK(in_first_half("ramp") == 250);
  CHECK(in_first_half("burst") == 750);
}

TEST_CASE("a shape that leaves phones out, or says a thing twice, is refused where it stands") {
  struct Row {
    std::string event, message;
  };
  for (const auto& [event, message] : std::vector<Row>{
           {"shape: ramp", "2:41: shape needs over"},
           {"over: 1m, shape: rmap", "expected linear, ramp or burst, found 'rmap'"},
           {"over: 1m, shape: {stages: [{over: 1m}]}",
            "stages say themselves how long they take; leave over out"},
           {"shape: {stages: []}", "expected 1 to 100 stages, found a list"},
           {"shape: {stages: [{share: 1%}]}", "the key 'over' is missing"},
           {"shape: {stages: [{over: 1m, rate: 0}]}",
            "expected a rate such as 5/s, 300/m or 20/h, found '0'"},
           {"shape: {stages: [{over: 1m, rate: 5/d}]}",
            "expected a rate such as 5/s, 300/m or 20/h, found '5/d'"},
           {"shape: {stages: [{over: 1m, rate: 5, share: 5%}]}", "a stage has a share or a rate"},
           {"shape: {stages: [{over: 1m}, {over: 1m}]}",
            "expected share or rate; only the last stage is for all that are left"},
           {"shape: {stages: [{over: 1m, share: 60%}, {over: 1m, share: 50%}]}",
            "the shares come to 110 %"},
           {"shape: {stages: [{over: 1m, share: 60%}, {over: 1m, share: 30%}]}",
            "the shares come to 90 %; without share the last stage is for all that are left"},
           {"shape: {stages: [{over: 1m, rate: 1}, {over: 1m, share: 100%}]}",
            "the last stage is for all that are left; leave share out"},
       }) {
    INFO(event);
    const auto said = refusal(event);
    INFO(said);
    CHECK(said.starts_with("a.yaml:2:"));
    CHECK(said.ends_with(message));
  }
}

}  // namespace shape_test
