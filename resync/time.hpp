#pragma once

#include <chrono>
#include <cstdint>

// The phone's time. Nothing in the pure modules can ask what time it is; a driver says so.
namespace provphone::resync {

// A clock that nobody can read: it has no now().
struct SimClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimClock, duration>;
  static constexpr bool is_steady = true;
};

// Milliseconds since the start of the run. Time::max() as a deadline: never.
using Time = SimClock::time_point;
using Duration = SimClock::duration;

// Whole seconds, the unit of every delay that Cisco documents. Cut towards zero.
inline constexpr std::int64_t whole_seconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

}  // namespace provphone::resync
