#include "client/scenario/phone_events.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace phone_events_test {

using namespace provphone;
using namespace provphone::client::scenario;
using namespace std::chrono_literals;

namespace {

struct Told {
  resync::Time at;
  std::uint32_t phone;
  PhoneEvent::Kind kind;
  int line = 0;

  friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> told(const std::string& events, Duration length) {
  const auto scenario = read_scenario("phones: [{count: 2}]\nevents: [" + events + "]\n", "test");
  if (!scenario) FAIL(scenario.error().detail);
  std::vector<Told> all;
  plan_phone_events(*scenario, length,
                    [&](resync::Time at, std::uint32_t phone, const PhoneEvent& event) {
                      all.push_back({at, phone, event.kind, event.line});
                    });
  return all;
}

constexpr resync::Time at(Duration offset) {
  return resync::Time{offset};
}

}  // namespace

TEST_CASE("what begins within a run is told with its end") {
  using Kind = PhoneEvent::Kind;
  CHECK(told("{at: 1s, power_cycle: 1, off: 3s}", 2s).size() == 2);
  CHECK(told("{at: 1s, call: all, for: 5s}", 2s) == std::vector<Told>{{at(1s), 0, Kind::call_start},
                                                                      {at(6s), 0, Kind::call_end},
                                                                      {at(1s), 1, Kind::call_start},
                                                                      {at(6s), 1, Kind::call_end}});
}

TEST_CASE("what begins behind the end of a run is not told") {
  CHECK(told("{at: 2001ms, resync: all}", 2s).empty());
  CHECK(told("{at: 2s, resync: all}", 2s).size() == 2);
}

TEST_CASE("an event without a last time is told until the run ends") {
  CHECK(told("{at: 0s, resync: all, every: 1s}", 10s).size() == 22);
  CHECK(told("{at: 0s, resync: all, every: 1s, times: 3}", 10s).size() == 6);
}

TEST_CASE("a registration is lost on the line that the event names") {
  const auto all = told("{at: 0s, register: lost, line: 2}", 1s);
  REQUIRE(all.size() == 2);
  CHECK(all[0].line == 1);
  const auto event = machine_event_of({PhoneEvent::Kind::registration_lost, 1, 0});
  REQUIRE(std::holds_alternative<resync::RegistrationLost>(event));
  CHECK(std::get<resync::RegistrationLost>(event).line == 1);
}

}  // namespace phone_events_test
