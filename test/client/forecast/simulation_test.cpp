#include "test/client/forecast/simulation.hpp"

#include "macro/enum_array.hpp"
#include "test/client/forecast/invariants.hpp"
#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>

namespace simulation_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::trace::EventKind;
using client::trace::TraceEvent;
using namespace std::chrono_literals;
using resync::Reason;
using resync::Time;
using resync::Timer;

std::optional<std::string> what_breaks(const Sketch& sketch) {
  const auto played = play(scenario_of(yaml_of(sketch)));
  return broken_invariant(played.trace, 3h);
}

TraceEvent event(resync::Duration at, EventKind kind) {
  TraceEvent made{.at = Time{at}, .phone = MacAddress{1}, .event = kind};
  made.reason = Reason::periodic_interval;
  return made;
}

TraceEvent armed(resync::Duration at, Timer timer, Time due) {
  auto made = event(at, EventKind::timer_armed);
  made.timer = timer;
  made.due = due;
  return made;
}

TraceEvent without_reason(TraceEvent made) {
  made.reason.reset();
  return made;
}

}  // namespace

// In hundreds, each of which takes its time where sanitizers watch. The argument is the first seed.
TEMPLATE_TEST_CASE_SIG("a thousand random scenarios keep every invariant", "[R-RESYNC-19]",
                       ((std::uint64_t first), first), 1, 101, 201, 301, 401, 501, 601, 701, 801,
                       901) {
  for (auto seed = first; seed < first + 100; ++seed) {
    const auto sketch = random_sketch(seed);
    const auto broken = what_breaks(sketch);
    if (!broken) continue;
    const auto least = shrunk(sketch, what_breaks);
    FAIL(fmt::format("seed {}: {}\nthe least scenario that breaks: {}\n{}", seed, *broken,
                     what_breaks(least).value_or(""), yaml_of(least)));
  }
}

TEST_CASE("a random scenario decides the same whenever it is run", "[R-RESYNC-19]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto scenario = scenario_of(yaml_of(random_sketch(seed)));
    const auto in_turn = play(scenario).figures;
    for (const unsigned workers : {1U, 2U, 8U}) {
      const auto together = figures_of(scenario, workers);
      CHECK(together.decisions == in_turn.decisions);
      CHECK(together.requests == in_turn.requests);
      CHECK(together.response_us.counts() == in_turn.response_us.counts());
      CHECK(together.backlog.values() == in_turn.backlog.values());
    }
  }
}

TEST_CASE("random scenarios visit every corner") {
  EnumArray<EventKind, std::uint64_t> seen;
  for (std::uint64_t seed = 1; seed <= 250; ++seed) {
    for (const auto& each : play(scenario_of(yaml_of(random_sketch(seed)))).trace)
      ++seen[each.event];
  }
  for (const auto kind : every<EventKind>) {
    if (kind == EventKind::clock_set) continue;  // no event of a random scenario
    // No modelled server is a registrar.
    if (kind == EventKind::registered || kind == EventKind::registration_failed) continue;
    INFO(name(kind));
    // A phone does that once, and nothing behind it.
    const std::uint64_t fewest = kind == EventKind::migrated ? 3 : 20;
    CHECK(seen[kind] > fewest);
  }
}

TEST_CASE("each invariant can be broken") {
  const auto on = event(0s, EventKind::powered_on);
  const auto started = event(1s, EventKind::pass_started);
  const auto request = event(1s, EventKind::request);
  const auto response = event(2s, EventKind::response);
  const auto of = [](TraceEvent made, std::string_view rule) {
    made.rule = rule;
    return made;
  };
  const auto upgrade = event(1s, EventKind::upgrade_started);
  const auto upgraded = event(2s, EventKind::upgrade_done);
  auto file = event(2s, EventKind::applied);
  file.layers = {"xml"};
  auto failed = event(2s, EventKind::pass_failed);
  failed.error = Errc::file_not_found;
  struct Case {
    std::vector<TraceEvent> trace;
    const char* broken;
  };
  const std::vector<Case> cases{
      {{on, event(5s, EventKind::pass_due), event(4s, EventKind::pass_due)}, "time goes back"},
      {{on, armed(9s, Timer::periodic, Time{8s})}, "in the past"},
      {{on, without_reason(armed(1s, Timer::periodic, Time{8s}))}, "without a reason"},
      {{on, armed(1s, Timer::periodic, Time{8s})}, "is lost"},
      {{on, started, started}, "two passes"},
      {{started}, "is down"},
      {{on, without_reason(started)}, "no reason"},
      {{on, started, request, request}, "two retrievals"},
      {{on, request}, "outside a pass"},
      {{on, started, response}, "no request"},
      {{on, event(1s, EventKind::applied)}, "outside a pass"},
      {{on, failed}, "did not start"},
      {{on, started, request, failed}, "in flight"},
      {{on, started, without_reason(failed)}, "no reason"},
      {{on, started, event(1s, EventKind::pass_gated)}, "is gated"},
      {{on, without_reason(event(1s, EventKind::pass_gated))}, "no reason"},
      {{on, started, event(1s, EventKind::rebooted)}, "breaks a pass"},
      {{on, started, file}, "without a fetch"},
      {{on, started, request, response, file, file}, "without a fetch"},
      {{on, of(request, "Upgrade_Rule")}, "outside an upgrade"},
      {{on, started, upgrade}, "within a pass"},
      {{on, upgrade, upgrade}, "two upgrades"},
      {{on, upgrade, of(request, "Upgrade_Rule"), upgraded}, "in flight"},
      {{on, upgraded}, "did not start"},
      {{on, upgrade, event(1s, EventKind::rebooted)}, "breaks an upgrade"},
      {{on, of(request, "Report_Rule"), event(1s, EventKind::reported)}, "in flight"},
      {{on, of(request, "Report_Rule"), of(request, "Report_Rule")}, "two retrievals"},
  };
  for (const auto& [trace, broken] : cases) {
    INFO(broken);
    const auto found = broken_invariant(trace, 1h);
    REQUIRE(found);
    CHECK(found->find(broken) != std::string::npos);
  }
  CHECK_FALSE(broken_invariant({on, started, request, response, failed}, 1h));
}

TEST_CASE("what is printed of a broken scenario is the least that breaks") {
  const auto makes_a_call = [](const Sketch& sketch) -> std::optional<std::string> {
    for (const auto& line : sketch.events) {
      if (line.find("call:") != std::string::npos) return "there is a call";
    }
    return std::nullopt;
  };
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    const auto sketch = random_sketch(seed);
    if (!makes_a_call(sketch)) continue;
    const auto least = shrunk(sketch, makes_a_call);
    CHECK(least.events.size() == 1);
    CHECK(least.outages.empty());
    CHECK(least.profiles.empty());
    CHECK(least.groups.size() == 1);
  }
}

}  // namespace simulation_test
