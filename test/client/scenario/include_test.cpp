#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace include_test {
namespace {

using namespace provphone;
using namespace provphone::client::scenario;

using Texts = std::map<std::string, std::string>;

Result<Scenario> read(const std::string& yaml, Texts files, Texts environment = {}) {
  Surroundings given;
  given.read_file = [&](const std::string& path, std::size_t) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end())
      return fail(Errc::unreadable_file, "cannot read " + path + ": no such file");
    return found->second;
  };
  given.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
  return read_scenario(yaml, "dir/a.yaml", {}, given);
}

Scenario scenario_of(const std::string& yaml, Texts files, Texts environment = {}) {
  auto scenario = read(yaml, std::move(files), std::move(environment));
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

std::string refusal_of(const std::string& yaml, Texts files, Texts environment = {}) {
  const auto scenario = read(yaml, std::move(files), std::move(environment));
  return scenario ? "it is accepted" : scenario.error().detail;
}

}  // namespace

TEST_CASE("an included scenario comes first, and the including one wins") {
  const auto scenario = scenario_of(
      "include: [base.yaml, more.yaml]\nseed: 7\nphones: [{group: own}]\n"
      "limits: {duration: 5m}\nevents: [{at: 1m, power_on: base}]\n",
      {{"dir/base.yaml",
        "seed: 3\ntime_zone: Europe/Paris\nphones: [{group: base}]\n"
        "events: [{at: 0s, power_on: all}]\nlimits: {duration: 1h, starts_per_second: 9}\n"},
       {"dir/more.yaml",
        "expect: [{converged: 99%, within: 1m}]\nlimits: {targets: [10.0.0.1]}\n"}});
  CHECK(scenario.seed == 7);
  CHECK(scenario.time_zone == "Europe/Paris");
  REQUIRE(scenario.phones.size() == 2);
  CHECK(scenario.phones[0].name == "base");
  CHECK(scenario.phones[1].name == "own");
  REQUIRE(scenario.events.size() == 2);
  CHECK(scenario.events[1].at == std::chrono::minutes(1));
  CHECK(scenario.expect.size() == 1);
  CHECK(scenario.limits.duration == std::chrono::minutes(5));
  CHECK(scenario.limits.starts_per_second == 9U);
  CHECK(scenario.limits.targets == std::vector<std::string>{"10.0.0.1"});
  CHECK(scenario.files == std::vector<std::string>{"base.yaml", "more.yaml"});
}

TEST_CASE("what is wrong with an include is told at its place") {
  const Texts files{
      {"dir/self.yaml", "seed: 1\ninclude: self.yaml\n"},
      {"dir/circle.yaml", "include: back.yaml\n"},
      {"dir/back.yaml", "include: circle.yaml\n"},
      {"dir/list.yaml", "[1]\n"},
      {"dir/bad.yaml", "phones: [{}]\nsede: 1\n"},
      {"dir/1.yaml", "include: 2.yaml"},
      {"dir/2.yaml", "include: 3.yaml"},
      {"dir/3.yaml", "include: 4.yaml"},
      {"dir/4.yaml", "include: 5.yaml"},
      {"dir/5.yaml", "include: 6.yaml"},
      {"dir/6.yaml", "include: 7.yaml"},
      {"dir/7.yaml", "include: 8.yaml"},
      {"dir/8.yaml", "include: 9.yaml"},
      {"dir/9.yaml", "phones: [{}]"},
  };
  struct Row {
    std::string yaml, message;
  };
  const Row rows[] = {
      {"include: none.yaml", "dir/a.yaml:1:10: cannot read dir/none.yaml: no such file"},
      {"include: self.yaml", "dir/self.yaml:2:10: dir/self.yaml includes itself"},
      {"include: circle.yaml", "dir/back.yaml:1:10: dir/circle.yaml includes itself"},
      {"include: a.yaml", "dir/a.yaml:1:10: dir/a.yaml includes itself"},
      {"include: list.yaml", "dir/list.yaml:1:1: expected the blocks of a scenario, found a list"},
      {"include: bad.yaml", "dir/bad.yaml:2:1: unknown key 'sede'; did you mean 'seed'?"},
      {"include: 1.yaml", "dir/8.yaml:1:10: files include one another more than 8 deep"},
      {"include: []",
       "dir/a.yaml:1:10: expected the name of a file, or a list of them, found a list"},
      {"include:", "dir/a.yaml:1:1: expected a text that is not empty, found nothing"},
  };
  for (const auto& [yaml, message] : rows) {
    INFO(message);
    CHECK(refusal_of(yaml, files) == message);
  }
  CHECK(refusal_of("include: 2.yaml", files) == "it is accepted");
}

TEST_CASE("values of the environment stand where a scenario asks for them") {
  const auto group = [](const std::string& value, const Texts& environment) {
    const auto scenario = scenario_of("phones: [{model: \"" + value + "\"}]", {}, environment);
    return scenario.phones.front().model;
  };
  const Texts set{{"MODEL", "CP-7841-3PCC"}, {"EMPTY", ""}};
  CHECK(group("${MODEL}", set) == "CP-7841-3PCC");
  CHECK(group("a-${MODEL}-${MODEL:-x}", set) == "a-CP-7841-3PCC-CP-7841-3PCC");
  CHECK(group("${NONE:-CP-8841-3PCC}", set) == "CP-8841-3PCC");
  CHECK(group("x${EMPTY:-y}", set) == "xy");
  CHECK(group("x${EMPTY}", set) == "x");
  CHECK(group("x${NONE:-}", set) == "x");
  // Macros of phones are none of these, and neither is what is said to be none.
  CHECK(group("$MA-$PSN $(x) $$", set) == "$MA-$PSN $(x) $$");
  CHECK(group("$${MODEL}", set) == "$${MODEL}");
}

TEST_CASE("what the environment lacks is told at the place that asks for it") {
  CHECK(refusal_of("seed: 1\nphones: [{model: \"${NONE}\"}]", {}) ==
        "dir/a.yaml:2:18: the environment has no NONE, and no default is given: ${NONE:-default}");
  for (const auto* text : {"${}", "${1}", "${a b}", "${NONE", "${-x}"}) {
    INFO(text);
    CHECK(refusal_of(std::string("phones: [{model: \"") + text + "\"}]", {}) ==
          "dir/a.yaml:1:18: expected ${NAME} or ${NAME:-default}; write $${ for these characters");
  }
  CHECK(refusal_of("include: b.yaml", {{"dir/b.yaml", "phones: [{}]\npki: ${PKI}"}}) ==
        "dir/b.yaml:2:6: the environment has no PKI, and no default is given: ${PKI:-default}");
  const auto scenario = scenario_of("phones: [{}]\npki: ${PKI}", {}, {{"PKI", "pki"}});
  using Used = std::vector<std::pair<std::string, std::string>>;
  CHECK(scenario.environment == Used{{"PKI", "pki"}});
}

}  // namespace include_test
