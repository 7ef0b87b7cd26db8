#pragma once

#include "resync/time.hpp"

#include <chrono>
#include <optional>
#include <vector>

// What a phone's wall clock shows. Zone data comes in as a table; nothing here reads a file or a
// clock.
namespace provphone::resync {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

// How local time differs from UTC over the years of a run. Empty `changes`: always `offset`.
// Instants behind the last change keep its offset.
struct Zone {
  struct Change {
    sys_seconds at;
    std::chrono::seconds offset;  // from then on; local = UTC + offset
  };
  std::chrono::seconds offset{0};  // before the first change
  std::vector<Change> changes;     // sorted
};

local_seconds local_time(const Zone& zone, sys_seconds utc);

// The first instant at which clocks show `local`; where they never do, because they are put forward
// past it, the first instant after the gap (R-RESYNC-24).
sys_seconds first_instant(const Zone& zone, local_seconds local);

// When a phone learns what time it is: as it comes up, by the event ClockSet and then until it
// loses power, or not at all. R-RESYNC-23 says what it does before that.
enum class ClockIsKnown : std::uint8_t { from_boot, once_told, never };

// The wall clock of a run, to the whole second.
struct WallClock {
  sys_seconds at_start{};  // what it is at Time{}
  Zone zone;
  ClockIsKnown known = ClockIsKnown::never;

  sys_seconds utc(Time now) const {
    return at_start + std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  }
  Time time_of(sys_seconds utc) const { return Time{Duration{utc - at_start}}; }
};

}  // namespace provphone::resync
