#include "test/client/drive/virtual/invariants.hpp"
#include "test/client/drive/virtual/simulation.hpp"
#include "test/client/drive/virtual/world.hpp"
#include "test/client/oracle/cases.hpp"
#include "test/client/oracle/loopback.hpp"
#include "test/client/oracle/model_exchange.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

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
  const auto length = client::drive::length_of(scenario);
  return difference(trace_in_real_time(scenario, length, answering), play(scenario).trace);
}

std::optional<std::string> difference_of_sketch(const Sketch& sketch) {
  return difference_of(yaml_of(sketch), in_memory);
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
  }
}

TEST_CASE("each mechanism decides alike over sockets and in virtual time") {
  Loopback loopback;
  for (const auto& it : oracle_cases()) {
    if (it.wire == Wire::memory_only) continue;
    const auto yaml = yaml_of(it, loopback.port());
    const auto found = difference_of(yaml, loopback.answering(latency));
    INFO(it.title << "\n" << yaml << found.value_or(""));
    CHECK_FALSE(found);
  }
}

TEST_CASE("random scenarios decide alike in real and in virtual time") {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
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
    const auto all = oracle_cases();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.title == title; });
    REQUIRE(it != all.end());
    return difference_of(yaml_of(*it, some_port), meddling);
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
