#include "client/fleet/fleet.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace live_test {

// A fleet while it runs, and what whoever watches it sees. Its phones ask a server that is not
// there.
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace std::chrono_literals;
using trace::TraceEvent;

constexpr std::uint32_t phones = 40;

// `retry` is Resync_Error_Retry_Delay: 0 for one pass a phone.
scenario::Scenario scenario_over(const std::string& over, const std::string& retry = "0") {
  return *scenario::read_scenario(
      "phones: [{group: a, count: 40, mac: 000e08000000, set: {Profile_Rule: "
      "'http://127.0.0.1:9/x.xml', Resync_Random_Delay: 0, Resync_Periodic: 0, "
      "Resync_Error_Retry_Delay: " +
          retry + "}}]\nevents: [{at: 0s, power_on: all, over: " + over + "}]\n",
      "test.yaml");
}

// Holds the thread of a worker up in the middle of what it does.
class Obstacle {
 public:
  ~Obstacle() { open(); }

  void wait() {
    std::unique_lock lock(mutex_);
    is_reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_reached_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_reached_ = false, is_open_ = false;
};

// Looks until the view is as wanted. It comes, however busy the machine is.
template <class Condition>
fleet::FleetView look_until(fleet::Fleet& fleet, const Condition& is_wanted) {
  auto view = fleet.look();
  while (!is_wanted(view)) {
    std::this_thread::yield();
    view = fleet.look();
  }
  return view;
}

}  // namespace

TEST_CASE("the last word of a worker that is busy stands until its next one comes") {
  const auto scenario = scenario_over("100ms", "1");
  Obstacle obstacle;
  std::atomic<bool> blocks = false;
  fleet::FleetOptions options;
  options.workers = 2;
  options.late_after = 50ms;
  // The second of two workers has the odd numbers.
  options.trace = [&](const TraceEvent& event) {
    if (blocks && event.number % 2 == 1) obstacle.wait();
  };
  const auto fleet = *fleet::Fleet::make(scenario, options);
  fleet->start();
  // Both have said something.
  look_until(*fleet, [](const auto& view) { return view.sum.powered_on == phones; });
  blocks = true;
  obstacle.until_reached();
  std::uint64_t passes = 0;
  const auto late = look_until(*fleet, [&](const auto& view) {
    CHECK(view.sum.powered_on == phones);
    CHECK(view.sum.figures.passes_started >= passes);
    CHECK_FALSE(view.sum.is_at_rest);
    passes = view.sum.figures.passes_started;
    return view.workers_late == 1 && view.late_for >= 200ms;
  });
  CHECK(late.workers == 2);
  blocks = false;
  obstacle.open();
  const auto answered = look_until(*fleet, [](const auto& view) { return view.workers_late == 0; });
  CHECK(answered.late_for == resync::Duration{});
  CHECK(answered.sum.figures.passes_started >= passes);
  fleet->stop();
}

TEST_CASE("whoever looks at a fleet does not wait for a worker that is busy") {
  const auto scenario = scenario_over("1ms");
  Obstacle obstacle;
  fleet::FleetOptions options;
  options.trace = [&](const TraceEvent& /*event*/) { obstacle.wait(); };
  const auto fleet = *fleet::Fleet::make(scenario, options);
  fleet->start();
  obstacle.until_reached();
  // A look that waited would not come back before the obstacle is gone.
  const auto view = fleet->look();
  obstacle.open();
  CHECK(view.sum.powered_on == 0);
  CHECK(view.workers_late == 0);
  REQUIRE(view.sum.figures.groups.size() == 1);
  CHECK(view.sum.figures.groups[0].phones == phones);
  fleet->stop();
}

TEST_CASE("expectations and failures of all workers are known while they run, where asked for") {
  auto scenario = scenario_over("50ms");
  const auto converged = *scenario::read_scenario(
      "phones: [{count: 1}]\nexpect: [{converged: 100%, within: 1h}, {error: file_not_found, "
      "min: 1}]\n",
      "expect.yaml");
  scenario.expect = converged.expect;
  fleet::FleetOptions options;
  options.workers = 3;
  const auto unasked = *fleet::Fleet::make(scenario, options);
  CHECK(unasked->look().standing == nullptr);
  options.standing_every = 0ms;
  const auto fleet = *fleet::Fleet::make(scenario, options);
  CHECK(fleet->look().standing == nullptr);
  fleet->start();
  std::uint64_t failed = 0;
  const auto view = look_until(*fleet, [&](const auto& seen) {
    if (!seen.standing || !seen.sum.is_at_rest) return false;
    failed = 0;
    for (const auto& [cause, failures] : seen.standing->failures) failed += failures.unless_held;
    return failed >= phones;
  });
  fleet->stop();
  CHECK(failed == phones);
  const auto& expectations = view.standing->expectations;
  REQUIRE(expectations.size() == 2);
  // Each phone is looked at once, by the worker that has it.
  CHECK(expectations[0].evidence.phones == phones);
  CHECK(expectations[0].evidence.pending == phones);
  CHECK(expectations[1].evidence.phones == phones);
  CHECK(so_far(expectations[0], {}) == figures::SoFar::open);
  CHECK(so_far(expectations[1], {}) == figures::SoFar::open);
}

TEST_CASE("a pause stops the time of a fleet, and its result has it") {
  const auto scenario = scenario_over("200ms");
  const auto begin = std::chrono::steady_clock::now();
  fleet::FleetOptions options;
  options.workers = 2;
  const auto fleet = *fleet::Fleet::make(scenario, options);
  fleet->pause();
  fleet->start();
  const auto at = fleet->look().elapsed;
  // All would have been switched on by then.
  const auto end = std::chrono::steady_clock::now() + 400ms;
  const auto paused = look_until(
      *fleet, [end](const auto& /*view*/) { return std::chrono::steady_clock::now() >= end; });
  CHECK(paused.elapsed == at);
  CHECK(paused.sum.powered_on == 0);
  CHECK_FALSE(paused.sum.is_at_rest);
  fleet->go_on();
  look_until(*fleet, [](const auto& view) { return view.sum.is_at_rest; });
  fleet->stop();
  const auto lasted = std::chrono::steady_clock::now() - begin;
  const auto result = fleet->result(client::figures::RunEnd::time, {});
  CHECK(result.figures.groups[0].powered_on == phones);
  REQUIRE(result.pauses.size() == 1);
  CHECK(result.pauses[0].at == at);
  CHECK(result.pauses[0].length >= 400ms);
  CHECK(result.length + result.pauses[0].length <= lasted);
  CHECK(result.events.listed ==
        std::vector<figures::ScenarioEvent>{{0s, 200ms, "power_on", phones}});
}

TEST_CASE("a fleet that is stopped while it is paused has the pause in its result") {
  const auto scenario = scenario_over("10s");
  const auto fleet = *fleet::Fleet::make(scenario, {});
  fleet->start();
  look_until(*fleet, [](const auto& view) { return view.sum.powered_on > 0; });
  fleet->pause();
  const auto at = fleet->look().elapsed;
  fleet->stop();
  const auto result = fleet->result(client::figures::RunEnd::time, {});
  REQUIRE(result.pauses.size() == 1);
  CHECK(result.pauses[0].at == at);
  CHECK(result.length == at);
}

}  // namespace live_test
