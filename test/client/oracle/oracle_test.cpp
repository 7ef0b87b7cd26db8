#include "client/check/audit.hpp"
#include "client/scenario/phones.hpp"
#include "test/client/forecast/invariants.hpp"
#include "test/client/forecast/simulation.hpp"
#include "test/client/forecast/world.hpp"
#include "test/client/oracle/cases.hpp"
#include "test/client/oracle/loopback.hpp"
#include "test/client/oracle/model_exchange.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace oracle_test {

// One phone, two drivers: what is decided in real time, over sockets or without, and in virtual
// time is the same, line by line.
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace std::chrono_literals;

constexpr resync::Duration latency = 30ms;
constexpr std::uint16_t some_port = 8080;

Answering in_memory(StillTime& time, const client::scenario::Scenario& scenario) {
  return {std::make_unique<ModelExchange>(time, scenario)};
}

std::optional<std::string> difference_of(const std::string& yaml, const MakeAnswering& answering) {
  const auto scenario = scenario_of(yaml);
  const auto length = client::forecast::length_of(scenario);
  return difference(trace_in_real_time(scenario, length, answering), play(scenario).trace);
}

std::optional<std::string> difference_of_sketch(const Sketch& sketch) {
  return difference_of(yaml_of(sketch), in_memory);
}

const OracleCase& case_titled(std::string_view title) {
  const auto all = oracle_cases();
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.title == title; });
  REQUIRE(it != all.end());
  return *it;
}

// A long run takes more; PROVPHONE_ORACLE_SEEDS says how many.
std::uint64_t seeds() {
  const char* const wanted = std::getenv("PROVPHONE_ORACLE_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 200;
}

}  // namespace

TEST_CASE("each mechanism decides alike in real time without sockets and in virtual time") {
  CHECK(oracle_cases().size() >= 60);
  for (const auto& it : oracle_cases()) {
    const auto yaml = yaml_of(it, some_port);
    const auto found = difference_of(yaml, in_memory);
    INFO(it.title << "\n" << yaml << found.value_or(""));
    CHECK_FALSE(found);
    // Nor does it matter whether anybody watches the phone.
    const auto scenario = scenario_of(yaml);
    CHECK(figures_of(scenario, 1).decisions == play(scenario).figures.decisions);
  }
}

TEST_CASE("each mechanism decides alike over sockets, whoever carries HTTP, and in virtual time") {
  using client::transport::HttpCarrier;
  const auto carrier = GENERATE(HttpCarrier::own, HttpCarrier::libcurl);
  Loopback loopback;
  for (const auto& it : oracle_cases()) {
    if (it.wire == Wire::memory_only) continue;
    const auto yaml = yaml_of(it, loopback.port());
    const auto found = difference_of(yaml, loopback.answering(latency, carrier));
    INFO(it.title << "\n" << yaml << found.value_or(""));
    CHECK_FALSE(found);
  }
}

// Every tenth of them, so that each test takes its time where sanitizers watch. The argument is the
// first seed.
TEMPLATE_TEST_CASE_SIG("random scenarios decide alike in real and in virtual time", "",
                       ((std::uint64_t first), first), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) {
  for (auto seed = first; seed <= seeds(); seed += 10) {
    auto sketch = random_sketch(seed);
    // A queue is shared, and who of two comes first in one instant is for no phone to decide.
    sketch.server.clear();
    INFO("seed " << seed << "\n" << yaml_of(sketch));
    const auto found = difference_of_sketch(sketch);
    if (!found) continue;
    const auto least = shrunk(sketch, difference_of_sketch);
    FAIL(fmt::format("seed {}: {}\nthe least scenario that differs:\n{}{}", seed, *found,
                     yaml_of(least), difference_of_sketch(least).value_or("")));
  }
}

// What came of a rule: the status of each answer, and the failure behind them.
struct Outcome {
  std::vector<int> statuses;
  std::optional<Errc> failure;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

// Of the first pass.
Outcome outcome_in(const Trace& trace) {
  using client::trace::EventKind;
  Outcome outcome;
  for (const auto& event : trace) {
    // A challenge that the phone answers (R-HTTP-09) is no hop of an audit.
    const bool is_answered = event.status == 401 && !event.refused;
    if (event.rule == "Profile_Rule" && event.status && !is_answered)
      outcome.statuses.push_back(*event.status);
    if (event.event == EventKind::pass_succeeded) return outcome;
    if (event.event == EventKind::pass_failed) {
      outcome.failure = event.error;
      return outcome;
    }
  }
  return outcome;
}

Outcome outcome_of_audit(const client::scenario::Scenario& scenario) {
  const auto setup = client::scenario::group_setup(scenario, 0);
  REQUIRE(setup);
  client::check::Audit audit;
  audit.device = client::scenario::device_of(scenario, *setup, 0);
  audit.rule = audit.device.rule(0);
  audit.pause = 0ms;
  const auto trail = client::check::observe(audit);
  REQUIRE(trail);
  const auto& exchanges = trail->files.front().exchanges;
  REQUIRE_FALSE(exchanges.empty());
  const auto& own = exchanges.front().answer;
  Outcome outcome;
  for (const auto& hop : own.hops) outcome.statuses.push_back(hop.status);
  outcome.statuses.push_back(own.status);
  if (own.error) outcome.failure = own.error->code;
  return outcome;
}

TEST_CASE("where an audit is the phone, it decides as the phone") {
  Loopback loopback;
  constexpr std::array titles{"a file",
                              "a register that is posted",
                              "a file that is not there",
                              "a server that moved",
                              "a relative redirect",
                              "a redirect with a macro",
                              "a redirect to itself",
                              "a redirect that is not followed",
                              "a redirect to a place that fails",
                              "a redirect to where the phone may not go",
                              "a status that phones do not process",
                              "a login that the rule gives",
                              "a login that the rule does not give"};
  for (const auto* title : titles) {
    INFO(title);
    const auto scenario = scenario_of(yaml_of(case_titled(title), loopback.port()));
    Outcome audited;
    loopback.serve_while(scenario, [&] { audited = outcome_of_audit(scenario); });
    CHECK(audited == outcome_in(play(scenario).trace));
  }
}

// Decides by itself what a redirect means, which is a phone's business.
class Meddling final : public ModelExchange {
 public:
  using ModelExchange::ModelExchange;

  Id start(Order order, OnResolved on_resolved, OnDone on_done) override {
    auto again = std::make_shared<Order>(order);
    return ModelExchange::start(
        std::move(order), on_resolved,
        [this, again, on_done](Result<resync::Answered> answer, const auto& stamps) {
          if (!answer || answer->location.empty()) return on_done(std::move(answer), stamps);
          again->fetch.request.url =
              *macro::resolve_location(again->fetch.request.url, answer->location);
          ModelExchange::start(
              *again, [](const auto&) {}, on_done);
        });
  }
};

TEST_CASE("a driver that decides for itself is found out") {
  const auto meddling = [](StillTime& time, const client::scenario::Scenario& scenario) {
    return Answering{std::make_unique<Meddling>(time, scenario)};
  };
  const auto found = [&](std::string_view title) {
    return difference_of(yaml_of(case_titled(title), some_port), meddling);
  };
  CHECK_FALSE(found("a file"));
  REQUIRE(found("a server that moved"));
  CHECK(found("a server that moved")->find("\"status\":302") != std::string::npos);
}

TEST_CASE("a difference between two drivers is told with the line where it begins") {
  const auto scenario = scenario_of(yaml_of(oracle_cases().front(), some_port));
  auto trace = play(scenario).trace;
  const auto whole = trace;
  CHECK_FALSE(difference(trace, whole));
  trace.pop_back();
  const auto shorter = difference(trace, whole);
  REQUIRE(shorter);
  CHECK(shorter->find("real     nothing more") != std::string::npos);
  trace = whole;
  trace[3].reason = resync::Reason::resync_at;
  const auto other = difference(trace, whole);
  REQUIRE(other);
  CHECK(other->find("decision 4:") != std::string::npos);
}

}  // namespace oracle_test
