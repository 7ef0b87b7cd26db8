#include "client/forecast/forecast.hpp"

#include "client/scenario/wall_clock.hpp"
#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>

namespace forecast_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::trace::EventKind;

std::string value_of(const Played& played, std::size_t phone, const char* parameter) {
  return std::string(
      played.final_states.at(phone).parameters.get(*profile::find_parameter(parameter)));
}

const std::string one_phone = R"(
phones:
  - count: 1
    set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Random_Delay: 0, Resync_Periodic: 600}
)";

}  // namespace

TEST_CASE("a phone in virtual time passes when a phone in real time would", "[R-RESYNC-07]") {
  const auto played = play(scenario_of(one_phone + "limits: {duration: 30m}\n"));
  CHECK(times_of(played, EventKind::pass_started) ==
        "pass_started@0 pass_started@600 pass_started@1200 pass_started@1800");
  CHECK(times_of(played, EventKind::request) == "request@0 request@600 request@1200 request@1800");
}

TEST_CASE("latency moves what follows a pass", "[R-RESYNC-07]") {
  const auto played =
      play(scenario_of(one_phone + "server: {latency: 250ms}\nlimits: {duration: 21m}\n"));
  CHECK(times_of(played, EventKind::pass_succeeded) ==
        "pass_succeeded@0.250 pass_succeeded@600.500 pass_succeeded@1200.750");
}

TEST_CASE("a phone backs off during an outage and comes back after it", "[R-RESYNC-13]") {
  const auto played = play(scenario_of(one_phone + R"(
server: {outages: [{from: 0s, to: 5m, as: refused}]}
limits: {duration: 10m}
)"));
  CHECK(times_of(played, EventKind::pass_failed) == "pass_failed@0 pass_failed@60 pass_failed@180");
  CHECK(times_of(played, EventKind::pass_succeeded) == "pass_succeeded@420");
}

TEST_CASE("what the served file sets takes effect on phones and on their schedule",
          "[R-RESYNC-12]") {
  const auto played = play(scenario_of(one_phone + R"(
server:
  profiles:
    - {from: 10m, set: {Resync_Periodic: 100, GPP_A: "{index}"}}
limits: {duration: 14m}
)"));
  CHECK(times_of(played, EventKind::pass_started) ==
        "pass_started@0 pass_started@600 pass_started@700 pass_started@800");
  CHECK(value_of(played, 0, "Resync_Periodic") == "100");
  CHECK(value_of(played, 0, "GPP_A") == "0");
}

TEST_CASE("a phone without power answers nothing, not even an answer under way", "[R-RESYNC-02]") {
  const auto played = play(scenario_of(one_phone + R"(
server: {latency: 2s}
events:
  - {at: 0s, power_on: all}
  - {at: 1s, power_off: all}
  - {at: 5s, power_on: all}
limits: {duration: 1m}
)"));
  CHECK(times_of(played, EventKind::pass_started) == "pass_started@0 pass_started@5");
  CHECK(times_of(played, EventKind::pass_succeeded) == "pass_succeeded@7");
  CHECK(times_of(played, EventKind::applied) == "applied@7");
}

TEST_CASE("events of a scenario reach the machine", "[R-RESYNC-38][R-RESYNC-40][R-RESYNC-49]") {
  const auto played = play(scenario_of(one_phone + R"(
events:
  - {at: 0s, power_on: all}
  - {at: 10s, call: all, for: 1m}
  - {at: 20s, notify: resync}
  - {at: 200s, notify: reboot}
  - {at: 300s, set: {Resync_From_SIP: "No"}}
  - {at: 310s, notify: resync}
limits: {duration: 8m}
)"));
  CHECK(times_of(played, EventKind::pass_started) ==
        "pass_started@0 pass_started@70 pass_started@260");
  CHECK(times_of(played, EventKind::rebooted) == "rebooted@200");
  CHECK(times_of(played, EventKind::pass_gated) == "pass_gated@310");
}

TEST_CASE("a rule that differs from phone to phone is evaluated for each", "[R-RULE-01]") {
  const auto played = play(scenario_of(R"(
phones:
  - count: 2
    mac: 000e08000000
    set:
      Profile_Rule: '("$MA" eq "000e08000001")? (GPP_A = "second";)! http://h.example.net/x'
      Resync_Random_Delay: 0
limits: {duration: 1m}
)"));
  CHECK(value_of(played, 0, "GPP_A").empty());
  CHECK(value_of(played, 1, "GPP_A") == "second");
  CHECK(times_of(played, EventKind::request) == "request@0");
}

TEST_CASE("a restart for a parameter brings no boot pass, and the schedule goes on",
          "[R-RESYNC-46][R-RESYNC-47][R-RESYNC-48]") {
  const auto played = play(scenario_of(one_phone + R"(
server: {profiles: [{from: 0s, set: {VLAN_ID: 7}}]}
limits: {duration: 12m}
)"));
  CHECK(times_of(played, EventKind::rebooted) == "rebooted@0");
  CHECK(times_of(played, EventKind::pass_started) == "pass_started@0 pass_started@660");
}

TEST_CASE("what a rule assigns may take a restart too", "[R-RESYNC-45][R-RESYNC-46]") {
  for (const auto* behind : {"", " http://h.example.net/x"}) {
    const auto played =
        play(scenario_of(std::string("phones: [{count: 1, set: {Resync_Random_Delay: "
                                     "0, Profile_Rule: '(VLAN_ID = \"7\";)!") +
                         behind + "'}}]\nlimits: {duration: 30s}\n"));
    CHECK(times_of(played, EventKind::rebooted) == "rebooted@0");
  }
}

TEST_CASE("Resync_At follows the scenario's clock and zone", "[R-RESYNC-20][R-RESYNC-24]") {
  const auto played = play(scenario_of(R"(
clock: 2026-03-28T23:00:00
time_zone: Europe/Paris
phones:
  - count: 1
    personality: mpp11
    set: {Profile_Rule: "http://h.example.net/x", Resync_Random_Delay: 0, Resync_At__HHmm_: "0230", Resync_At_Random_Delay: 0}
limits: {duration: 50h}
)"));
  // 02:30 does not exist on the 29th; clocks go from 02:00 to 03:00 three hours after the start.
  CHECK(times_of(played, EventKind::pass_started) ==
        "pass_started@0 pass_started@10800 pass_started@95400");
}

TEST_CASE("a fleet over four zones resyncs in each at its own time", "[R-RESYNC-26][R-RESYNC-28]") {
  // Three of the zones are phones' own; the fourth phone has none, and is where the scenario is.
  const auto played = play(scenario_of(R"(
clock: 2026-07-01T00:00:00
time_zone: Europe/Paris
phones:
  - {group: west, count: 1, personality: mpp11, set: {Profile_Rule: "http://h.example.net/x", Resync_On_Reset: "No", Resync_At__HHmm_: "0300", Resync_At_Random_Delay: 0, Time_Zone: "GMT-08:00", Daylight_Saving_Time_Rule: "start=3/8/7/2;end=11/1/7/2;save=1"}}
  - {group: india, count: 1, personality: mpp11, set: {Profile_Rule: "http://h.example.net/x", Resync_On_Reset: "No", Resync_At__HHmm_: "0300", Resync_At_Random_Delay: 0, Time_Zone: "GMT+05:30"}}
  - {group: sydney, count: 1, personality: mpp11, set: {Profile_Rule: "http://h.example.net/x", Resync_On_Reset: "No", Resync_At__HHmm_: "0300", Resync_At_Random_Delay: 0, Time_Zone: "GMT+10:00", Daylight_Saving_Time_Rule: "start=10/1/7/2;end=4/1/7/3;save=1"}}
  - {group: here, count: 1, personality: mpp11, set: {Profile_Rule: "http://h.example.net/x", Resync_On_Reset: "No", Resync_At__HHmm_: "0300", Resync_At_Random_Delay: 0}}
limits: {duration: 24h}
)"));
  std::map<std::uint32_t, std::int64_t> hours;
  for (const auto& event : played.trace) {
    if (event.event != EventKind::pass_started) continue;
    CHECK(hours.count(event.number) == 0);
    hours[event.number] = event.at.time_since_epoch() / std::chrono::minutes(30);
  }
  // Half hours behind 22:00 UTC, when the run starts: 03:00 is at 10:00, 21:30, 17:00 and 01:00
  // UTC.
  CHECK(hours == std::map<std::uint32_t, std::int64_t>{{0, 24}, {1, 47}, {2, 38}, {3, 6}});
}

TEST_CASE("without a clock in the scenario phones do not know what time it is", "[R-RESYNC-23]") {
  const auto played = play(scenario_of(R"(
phones:
  - count: 1
    set: {Profile_Rule: "http://h.example.net/x", Resync_Random_Delay: 0, Resync_At__HHmm_: "0230"}
limits: {duration: 50h}
)"));
  CHECK(times_of(played, EventKind::pass_started) == "pass_started@0");
}

TEST_CASE("a time zone that the system does not know is an error") {
  auto scenario = scenario_of(one_phone);
  scenario.clock = std::chrono::local_seconds{};
  scenario.time_zone = "Europe/Nowhere";
  const auto wall = client::scenario::wall_clock_of(scenario);
  REQUIRE_FALSE(wall);
  CHECK(wall.error().code == Errc::unknown_time_zone);
}

TEST_CASE("one, two and eight workers make the same decisions") {
  const auto scenario = scenario_of(R"(
seed: 5
phones:
  - {group: a, count: 300, set: {Profile_Rule: "http://h.example.net/$MA", Resync_Periodic: "300+60"}}
  - {group: b, count: 200, personality: spa, set: {Profile_Rule: "http://h.example.net/$MA", Resync_Trigger_1: "$PRVTMR ge 500"}}
events:
  - {at: 0s, power_on: all}
  - {at: 10m, power_cycle: 40%}
  - {at: 12m, call: 10%, for: 3m}
server:
  latency: {p50: 20ms, p99: 200ms}
  outages: [{from: 15m, to: 25m, as: 503}]
trouble: {disconnect_mid_body: 1%}
limits: {duration: 2h}
)");
  const auto alone = figures_of(scenario, 1);
  CHECK(alone.passes.failed > 0);
  for (const unsigned workers : {2U, 8U}) {
    const auto together = figures_of(scenario, workers);
    CHECK(together.decisions == alone.decisions);
    CHECK(together.requests == alone.requests);
    CHECK(together.convergence_us.count() == alone.convergence_us.count());
    CHECK(together.arrivals.values() == alone.arrivals.values());
  }
  auto other = scenario;
  other.seed = 6;
  CHECK(figures_of(other, 2).decisions != alone.decisions);
}

TEST_CASE("the shards of a scenario decide what one run of all its phones decides") {
  const auto scenario = scenario_of(R"(
seed: 5
phones: [{count: 500, set: {Profile_Rule: "http://h.example.net/$MA", Resync_Periodic: "300+60"}}]
events:
  - {at: 0s, power_on: all, over: 1m}
  - {at: 10m, power_cycle: 40%}
server: {latency: {p50: 20ms, p99: 200ms}, outages: [{from: 15m, to: 25m, as: 503}]}
limits: {duration: 2h}
)");
  const auto all = figures_of(scenario, 1);
  client::figures::ForecastFigures sum(all.arrivals.step());
  for (const unsigned number : {1U, 2U, 3U}) {
    const auto part = figures_of(scenario, 2, {number, 3});
    CHECK(part.decisions != all.decisions);
    sum.merge(part);
  }
  CHECK(sum.decisions == all.decisions);
  CHECK(sum.requests == all.requests);
  CHECK(sum.passes.failed == all.passes.failed);
  CHECK(sum.arrivals.values() == all.arrivals.values());
}

namespace {

// A server that has too much to do, in one way or another.
std::string crowd(std::string_view server, std::string_view rules) {
  return fmt::format(R"(
seed: 5
phones:
  - {{group: a, count: 60, set: {{{}, Resync_Periodic: "30+60", Resync_Error_Retry_Delay: "5+20"}}}}
  - {{group: b, count: 40, personality: spa, set: {{{}, Resync_Periodic: "300"}}}}
events:
  - {{at: 0s, power_on: all}}
  - {{at: 10m, power_cycle: 40%}}
  - {{at: 12m, call: 10%, for: 3m}}
  - {{at: 13m, set: {{GPP_A: by hand}}}}
  - {{at: 14m, resync: all, every: 10ms, times: 5}}
server: {{{}}}
limits: {{duration: 30m}}
)",
                     rules, rules, server);
}

}  // namespace

TEST_CASE("phones that meet at a queue meet in one order, however many workers drive them") {
  constexpr std::string_view one_rule = "Profile_Rule: \"http://h.example.net/$MA\"";
  constexpr std::string_view two_rules =
      "Profile_Rule: \"http://h.example.net/$MA\", Profile_Rule_B: \"tftp://h.example.net/b\"";
  // A phone that its own condition keeps awake.
  constexpr std::string_view own_rule =
      "Profile_Rule: '(\"$MA\" ne \"\")? http://h.example.net/$MA'";
  constexpr std::string_view changing =
      "profiles: [{set: {GPP_P: one}}, {from: 5m, set: {GPP_P: \"{mac}\"}}]";
  for (const auto& server :
       {std::string("latency: 20ms, capacity: {requests_per_second: 1, queue: 5}"),
        std::string("capacity: {requests_per_second: 5, queue: 1}, overload: refused"),
        std::string(
            "latency: {p50: 20ms, p99: 2s}, capacity: {requests_per_second: 10, queue: 20}, "
            "overload: 503, outages: [{from: 15m, to: 17m, as: timeout}], ") +
            std::string(changing)}) {
    for (const auto rules : {one_rule, two_rules, own_rule}) {
      const auto yaml = crowd(server, rules);
      INFO(yaml);
      const auto scenario = scenario_of(yaml);
      // A trace has them driven one event after the other.
      const auto in_turn = play(scenario).figures;
      CHECK(in_turn.requests > 500);
      CHECK(in_turn.turned_away > 0);
      for (const unsigned workers : {1U, 2U, 8U}) {
        INFO(workers);
        const auto together = figures_of(scenario, workers);
        CHECK(together.decisions == in_turn.decisions);
        CHECK(together.requests == in_turn.requests);
        CHECK(together.requests_failed == in_turn.requests_failed);
        CHECK(together.turned_away == in_turn.turned_away);
        CHECK(together.arrivals.values() == in_turn.arrivals.values());
        CHECK(together.backlog.values() == in_turn.backlog.values());
        CHECK(together.queued_us.counts() == in_turn.queued_us.counts());
        CHECK(together.response_us.counts() == in_turn.response_us.counts());
        CHECK(together.convergence_us.counts() == in_turn.convergence_us.counts());
      }
    }
  }
}

TEST_CASE("as many steps are counted, however many workers make them") {
  for (std::string_view capacity : {"", ", capacity: {requests_per_second: 50, queue: 100}"}) {
    const auto scenario = scenario_of(fmt::format(R"(
phones: [{{count: 500, set: {{Profile_Rule: "http://h.example.net/$MA"}}}}]
server: {{latency: 20ms{}}}
limits: {{duration: 3h}}
)",
                                                  capacity));
    const auto alone = figures_of(scenario, 1);
    CHECK(figures_of(scenario, 2).events == alone.events);
    CHECK(figures_of(scenario, 8).events == alone.events);
  }
}

TEST_CASE("a trace changes no decision") {
  const auto scenario = scenario_of(one_phone + "limits: {duration: 2h}\n");
  CHECK(play(scenario).figures.decisions == figures_of(scenario, 2).decisions);
}

TEST_CASE("a phone that is woken while it waits for an answer gets it") {
  const auto scenario = scenario_of(one_phone + R"(
events:
  - {at: 0s, power_on: all}
  - {at: 100ms, set: {GPP_A: by hand}}
server: {latency: 500ms, profiles: [{set: {GPP_B: from the file}}]}
limits: {duration: 1h}
)");
  const auto asleep = figures_of(scenario, 1);
  CHECK(asleep.passes.started > 0);
  CHECK(asleep.passes.succeeded == asleep.passes.started);
  CHECK(asleep.decisions == play(scenario).figures.decisions);
}

TEST_CASE("a phone that is switched on twice is provisioned once") {
  const auto figures = figures_of(scenario_of(one_phone + R"(
events:
  - {at: 0s, power_on: all}
  - {at: 5m, power_off: all}
  - {at: 6m, power_on: all}
limits: {duration: 30m}
)"),
                                  1);
  CHECK(figures.passes.succeeded > 2);
  CHECK(figures.convergence_us.count() == 1);
}

TEST_CASE("a server that serves one request at a time turns away what finds its queue full") {
  const auto turned_away = [](const char* count, const char* queue) {
    return figures_of(scenario_of(std::string("phones: [{count: ") + count + R"(,
  set: {Profile_Rule: "http://prov.example.net/a.xml", Resync_Random_Delay: 0,
        Resync_Error_Retry_Delay: 0}}]
limits: {duration: 10m}
server: {capacity: {requests_per_second: 10, queue: )" +
                                  queue + "}}\n"),
                      1)
        .turned_away;
  };
  CHECK(turned_away("1", "1") == 0);
  CHECK(turned_away("2", "1") == 0);  // one is served, one waits
  CHECK(turned_away("3", "1") == 1);
}

}  // namespace forecast_test
