#include "client/figures/fleet_result.hpp"
#include "client/figures/verdict_text.hpp"
#include "resync/random.hpp"
#include "test/client/forecast/simulation.hpp"
#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

namespace shards_test {

// Whether the shards of a run, judged together, say what one run of all phones says.
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace provphone::client::figures;

// Bounds that are now too high, now too low, and now right, for a few phones in three hours.
std::string random_expectation(std::uint64_t seed) {
  std::uint64_t drawn = 0;
  const auto below = [&](std::uint64_t limit) { return resync::mix(seed * 977 + ++drawn) % limit; };
  const auto bounds = [&]() -> std::string {
    const auto count = below(30);
    switch (below(5)) {
      case 0:
        return "none: true";
      case 1:
        return fmt::format("count: {}", below(4));
      case 2:
        return fmt::format("each: true, max: {}", below(6));
      case 3:
        return fmt::format("min: {}", count);
      default:
        return fmt::format("max: {}", count);
    }
  };
  const auto phones = below(4) == 0 ? ", phones: 50%" : "";
  switch (below(11)) {
    case 0:
      return fmt::format("{{converged: {}%, within: {}s{}}}", below(101), 1 + below(900), phones);
    case 1:
      return fmt::format("{{no_request_before: {}s{}}}", 1 + below(5), phones);
    case 2:
      return fmt::format("{{parameter: GPP_P, equals: p{}}}", phones);
    case 3:
      return fmt::format("{{latency: fetch, p50: {}ms, p99: 2s{}}}", 500 + below(400), phones);
    case 4:
      return fmt::format("{{error: file_not_found, {}{}}}", bounds(), phones);
    case 5:
      return fmt::format("{{error: service_unavailable, {}{}}}", bounds(), phones);
    case 6:
      return fmt::format("{{log: a, {}{}}}", bounds(), phones);
    case 7:
      return fmt::format("{{requests: \"*.xml\", {}{}}}", bounds(), phones);
    case 8:
      return fmt::format("{{upgrade: {}, {}{}}}", below(2) == 0 ? "done" : "failed", bounds(),
                         phones);
    case 9:
      return fmt::format("{{report: {}, {}{}}}", below(2) == 0 ? "sent" : "failed", bounds(),
                         phones);
    default:
      return fmt::format("{{requests: \"*.xml\", then: [\"*\"]{}}}", phones);
  }
}

std::string random_scenario(std::uint64_t seed) {
  auto sketch = random_sketch(seed);
  // Shards that share a server's queue are another run than one that has it to itself.
  sketch.server.clear();
  auto yaml = yaml_of(sketch) + "expect:\n";
  for (std::uint64_t i = 0; i < 5; ++i)
    yaml += fmt::format("  - {}\n", random_expectation(seed * 8 + i));
  return yaml;
}

// As it is kept in a file, and read from there.
FleetResult kept(const client::scenario::Scenario& scenario, Outcome outcome, Shard shard) {
  FleetResult result;
  result.title = "random.yaml";
  result.scenario_hash = scenario.fingerprint;
  result.seed = scenario.seed;
  result.shards = {shard};
  result.starts = {{shard.number, 0, 0}};
  result.phones = static_cast<std::uint32_t>(outcome.extent.phones);
  result.outcome = std::move(outcome);
  auto read = parse_fleet_result(format_json(result), "random.json");
  REQUIRE(read);
  return *std::move(read);
}

std::string told(const Verdicts& verdicts) {
  auto text = fmt::format("{}: {}\n{}\n", name(verdicts.verdict), headline(verdicts),
                          extent_sentence(verdicts));
  for (const auto& result : verdicts.expectations) {
    text += fmt::format("{} {} {} of {} {}\n", result.title, name(result.status), result.failed,
                        result.phones, result.why);
    for (const auto& failure : result.failures) {
      for (const auto& line : lines_of(result, failure)) text += line + "\n";
    }
  }
  return text + format_failures(verdicts);
}

}  // namespace

TEST_CASE("three shards together say of a run what one says, expectation by expectation") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto yaml = random_scenario(seed);
    INFO(yaml);
    const auto scenario = scenario_of(yaml);
    const auto whole = judge(kept(scenario, outcome_of(scenario, 1), {}));
    std::vector<FleetResult> shards;
    for (const unsigned number : {2U, 3U, 1U})
      shards.push_back(kept(scenario, outcome_of(scenario, 1, {number, 3}), {number, 3}));
    const auto merged = merge(std::move(shards));
    REQUIRE(merged);
    const auto together = judge(*merged);
    REQUIRE(told(together) == told(whole));
    seen.insert(std::string(name(whole.verdict)));
    for (const auto& result : whole.expectations) seen.insert(std::string(name(result.status)));
  }
  // Of a test that only ever saw one colour nobody would learn anything.
  for (const auto* each : {"pass", "fail", "passed", "failed", "not_judged"}) {
    INFO(each);
    CHECK(seen.contains(each));
  }
}

TEST_CASE("workers of a forecast come to the outcome of one") {
  for (std::uint64_t seed = 1'000; seed < 1'040; ++seed) {
    const auto scenario = scenario_of(random_scenario(seed));
    CHECK(told(judge(kept(scenario, outcome_of(scenario, 3), {}))) ==
          told(judge(kept(scenario, outcome_of(scenario, 1), {}))));
  }
}

}  // namespace shards_test
