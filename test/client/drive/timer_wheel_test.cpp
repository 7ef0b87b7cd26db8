#include "client/drive/timer_wheel.hpp"

#include "resync/random.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace timer_wheel_test {

using provphone::client::drive::TimerWheel;

namespace {

std::vector<std::uint32_t> rung(TimerWheel& wheel, std::int64_t now) {
  std::vector<std::uint32_t> timers;
  wheel.advance(now, [&](std::uint32_t timer) { timers.push_back(timer); });
  return timers;
}

}  // namespace

TEST_CASE("timers ring by time, then by number, and not a millisecond early") {
  TimerWheel wheel(8);
  wheel.set(3, 70);
  wheel.set(1, 70);
  wheel.set(2, 5);
  wheel.set(5, 4'000'000'000);
  CHECK(rung(wheel, 4).empty());
  CHECK(rung(wheel, 5) == std::vector<std::uint32_t>{2});
  CHECK(rung(wheel, 69).empty());
  CHECK(rung(wheel, 70) == std::vector<std::uint32_t>{1, 3});
  CHECK(wheel.armed() == 1);
  CHECK(rung(wheel, 3'999'999'999).empty());
  CHECK(rung(wheel, 5'000'000'000) == std::vector<std::uint32_t>{5});
  CHECK(wheel.next() == TimerWheel::never);
}

TEST_CASE("a timer that is set anew or cleared forgets its old time") {
  TimerWheel wheel(4);
  wheel.set(0, 10);
  wheel.set(0, 20);
  wheel.set(1, 10);
  wheel.clear(1);
  wheel.set(2, 10);
  wheel.set(2, TimerWheel::never);
  CHECK(rung(wheel, 19).empty());
  CHECK(rung(wheel, 20) == std::vector<std::uint32_t>{0});
  CHECK(wheel.armed() == 0);
}

TEST_CASE("what a ringing timer sets for now rings in the same turn, and what it clears does not") {
  TimerWheel wheel(4);
  wheel.set(0, 10);
  wheel.set(1, 10);
  wheel.set(2, 11);
  std::vector<std::uint32_t> timers;
  wheel.advance(11, [&](std::uint32_t timer) {
    timers.push_back(timer);
    if (timer == 0) {
      wheel.clear(1);
      wheel.set(3, 7);  // past
    }
  });
  CHECK(timers == std::vector<std::uint32_t>{0, 3, 2});
}

// Against the obvious: a map from timer to time.
TEST_CASE("a wheel in use gives what a search through all timers would") {
  constexpr std::uint32_t timers = 60;
  std::uint64_t counter = 0;
  const auto random = [&](std::uint64_t below) {
    return provphone::resync::mix(counter++) % below;
  };
  TimerWheel wheel(timers);
  std::map<std::uint32_t, std::int64_t> set;
  std::int64_t now = 0;
  for (int turn = 0; turn < 20'000; ++turn) {
    const auto timer = static_cast<std::uint32_t>(random(timers));
    if (random(10) == 0) {
      wheel.clear(timer);
      set.erase(timer);
    } else {
      const auto at = now + static_cast<std::int64_t>(random(std::uint64_t{1} << random(36)));
      wheel.set(timer, at);
      set[timer] = at;
    }
    REQUIRE(wheel.armed() == set.size());
    if (random(3) != 0) continue;
    now += static_cast<std::int64_t>(random(std::uint64_t{1} << random(30)));
    std::vector<std::pair<std::int64_t, std::uint32_t>> due;
    for (const auto& [each, at] : set) {
      if (at <= now) due.emplace_back(at, each);
    }
    std::sort(due.begin(), due.end());
    std::vector<std::uint32_t> expected;
    for (const auto& [at, each] : due) {
      expected.push_back(each);
      set.erase(each);
    }
    REQUIRE(rung(wheel, now) == expected);
  }
}

}  // namespace timer_wheel_test
