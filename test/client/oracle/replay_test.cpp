#include "client/replay/difference.hpp"
#include "client/replay/ends.hpp"
#include "client/replay/shrink.hpp"
#include "test/client/forecast/simulation.hpp"
#include "test/client/oracle/cases.hpp"
#include "test/client/oracle/recorded.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace replay_test {

// What was recorded, played once more: the third driver decides as the first one did.
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::test;

constexpr std::uint16_t a_port = 8080;

struct Played {
  replay::Replayed replayed;
  Trace trace;
};

Played played(const capsule::Capsule& capsule, const replay::Changes& changes = {}) {
  Played result;
  const auto replayed = replay::replay(
      capsule, changes, [&](const trace::TraceEvent& event) { result.trace.push_back(event); });
  REQUIRE(replayed);
  result.replayed = *replayed;
  return result;
}

void check_same(const std::string& yaml) {
  const auto run = recorded(yaml);
  const auto again = played(run.capsule);
  INFO(yaml << difference(run.trace, again.trace).value_or("the order of phones"));
  CHECK(again.replayed.is_as(run.capsule.manifest));
  CHECK(again.replayed.departures.empty());
  CHECK(again.replayed.unknown.empty());
}

// A server that fails the third rule, behind a redirect, of phones without a site.
std::string hundred_phones() {
  std::string yaml =
      "phones:\n"
      "  - {group: site-a, count: 60, set: {Profile_Rule: 'http://10.0.0.1/base/$MA.xml', "
      "Profile_Rule_B: 'http://10.0.0.1/line.xml', "
      "Profile_Rule_C: 'http://10.0.0.1/site/$B/x.xml', Resync_Random_Delay: 0}}\n"
      "  - {group: site-b, count: 40, set: {Profile_Rule: 'http://10.0.0.1/b/$MA.xml', "
      "Profile_Rule_B: 'http://10.0.0.1/line.xml', "
      "Profile_Rule_C: 'http://10.0.0.1/site/$B/x.xml', Resync_Random_Delay: 0}}\n"
      "events:\n  - {at: 0s, power_on: all}\n  - {at: 10s, resync: 10%}\n"
      "server:\n  answers:\n"
      "    - {path: /site//x.xml, redirect: /fallback.xml}\n"
      "    - {path: /fallback.xml, as: 500}\n"
      "  profiles:\n"
      "    - {path: '/base/*', set: {GPP_B: paris, Proxy_1_: a.example.net}}\n"
      "    - {path: '/b/*', set: {Proxy_1_: b.example.net, GPP_C: c, GPP_D: d}}\n"
      "    - {path: /line.xml, set: {Display_Name_1_: desk}}\n"
      "    - {path: '/site/paris/*', set: {Time_Zone: GMT+01:00}}\n"
      "limits: {duration: 30s}\n";
  return yaml;
}

}  // namespace

TEST_CASE("each mechanism comes out as it was recorded") {
  for (const auto& it : oracle_cases()) {
    SECTION(std::string(it.title)) {
      check_same(yaml_of(it, a_port));
    }
  }
}

TEST_CASE("random scenarios come out as they were recorded") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto sketch = random_sketch(seed);
    sketch.server.clear();  // as in oracle_test.cpp
    check_same(yaml_of(sketch));
  }
}

TEST_CASE("a phone that is changed leaves the course where it first does something else") {
  const auto run = recorded(hundred_phones());
  const auto again =
      played(run.capsule, {{"Resync_Random_Delay=0", "Profile_Rule_B="}, {}, {}, {}});
  CHECK_FALSE(again.replayed.is_as(run.capsule.manifest));
  REQUIRE(again.replayed.departures.size() == 100);
  // Behind the first rule, when it asked for the second one.
  CHECK(again.replayed.departures.front().recorded ==
        "GET http://10.0.0.1:80/line.xml was answered 200");
  // The third one's answers are known: other phones, and this one, asked for them.
  CHECK(again.replayed.unknown.empty());
}

TEST_CASE("a request that nobody has made is said to be unknown, and fails") {
  const auto run = recorded(hundred_phones());
  const auto again = played(run.capsule, {{"Profile_Rule=http://10.0.0.1/other.xml"}, {}, {}, {}});
  REQUIRE_FALSE(again.replayed.unknown.empty());
  CHECK(again.replayed.unknown.front().asked == "GET http://10.0.0.1:80/other.xml");
  const auto failed = std::find_if(again.trace.begin(), again.trace.end(), [](const auto& event) {
    return event.event == trace::EventKind::pass_failed;
  });
  REQUIRE(failed != again.trace.end());
  CHECK(failed->detail == "the capsule has no answer to this");
}

TEST_CASE("changes of a parameter that say nothing change nothing") {
  const auto run = recorded(hundred_phones());
  const auto again = played(run.capsule, {{"Display_Name_2_=x"}, {}, {}, {}});
  CHECK(again.replayed.is_as(run.capsule.manifest));
}

TEST_CASE("what is changed has to be something") {
  const auto run = recorded(hundred_phones());
  CHECK_FALSE(replay::replay(run.capsule, {{"Profile_Rule"}, {}, {}, {}}, {}));
  CHECK_FALSE(replay::replay(run.capsule, {{}, {"no_such_knob=1"}, {}, {}}, {}));
  CHECK_FALSE(replay::replay(run.capsule, {{}, {}, {}, "mpp99"}, {}));
}

TEST_CASE("a capsule shrinks to the one phone and the rules that it takes") {
  const auto run = recorded(hundred_phones());
  const auto shrunk = replay::shrink(run.capsule, {"converged: 100%, within: 20s", {}, {}});
  REQUIRE(shrunk);
  CHECK(shrunk->phones == 1);
  CHECK(shrunk->rules <= 2);
  CHECK(shrunk->elements == 0);
  CHECK(shrunk->failure == Errc::internal_server_error);
  CHECK(shrunk->is_done);
  INFO(shrunk->yaml);
  CHECK(shrunk->yaml.find("/fallback.xml") != std::string::npos);
  CHECK(shrunk->yaml.find("redirect") != std::string::npos);
}

TEST_CASE("what holds in a capsule cannot be shrunk, nor what is no expectation") {
  const auto run = recorded(hundred_phones());
  const auto holds = replay::shrink(run.capsule, {"converged: 10%, within: 20s", {}, {}});
  REQUIRE_FALSE(holds);
  CHECK(holds.error().detail.find("holds in the capsule") != std::string::npos);
  CHECK_FALSE(replay::shrink(run.capsule, {"konverged: 10%", {}, {}}));
}

TEST_CASE("shrinking ends with its time, and says so") {
  const auto run = recorded(hundred_phones());
  int left = 3;
  const auto shrunk =
      replay::shrink(run.capsule, {"converged: 100%, within: 20s", [&] { return left-- > 0; }, {}});
  REQUIRE(shrunk);
  CHECK_FALSE(shrunk->is_done);
  CHECK(shrunk->phones == 1);
}

TEST_CASE("what phones end up with is compared by parameter") {
  const auto was = recorded(hundred_phones());
  auto changed = hundred_phones();
  const std::string from = "Proxy_1_: b.example.net, ";
  changed.replace(changed.find(from), from.size(), "Proxy_1_: c.example.net, ");
  const auto is = recorded(changed);
  const auto before = replay::ends_of(was.capsule);
  const auto after = replay::ends_of(is.capsule);
  REQUIRE(before);
  REQUIRE(after);
  CHECK(replay::compared(*before, *before).same());
  const auto found = replay::compared(*before, *after);
  CHECK(found.phones == 100);
  CHECK(found.different == 40);
  REQUIRE(found.changes.size() == 1);
  CHECK(found.changes.front().parameter == "Proxy_1_");
  CHECK(found.changes.front().before == "b.example.net");
  CHECK(found.changes.front().after == "c.example.net");
  CHECK(found.changes.front().phones.size() == 40);
}

}  // namespace replay_test
