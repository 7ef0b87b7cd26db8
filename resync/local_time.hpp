#pragma once

#include "resync/time.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

// What a phone's wall clock shows. Zone data comes in as a table; nothing here reads a file or a
// clock.
namespace provphone::resync {

using std::chrono::local_seconds;
using std::chrono::sys_seconds;

// From `at` on, local = UTC + offset.
struct OffsetChange {
  sys_seconds at;
  std::chrono::seconds offset;
};

// A table that somebody else keeps.
struct ZoneView {
  std::chrono::seconds offset{0};         // before the first change
  std::span<const OffsetChange> changes;  // sorted
};

// How local time differs from UTC over the years of a run. Empty `changes`: always `offset`.
// Instants behind the last change keep its offset.
struct Zone {
  using Change = OffsetChange;
  std::chrono::seconds offset{0};
  std::vector<Change> changes;

  operator ZoneView() const { return {offset, changes}; }  // NOLINT: a view of it is as good
};

local_seconds local_time(ZoneView zone, sys_seconds utc);

// The first instant at which clocks show `local`; where they never do, because they are put forward
// past it, the first instant after the gap (R-RESYNC-24).
sys_seconds first_instant(ZoneView zone, local_seconds local);

// When a phone learns what time it is: as it comes up, by the event ClockSet and then until it
// loses power, or not at all. R-RESYNC-23 says what it does before that.
enum class ClockIsKnown : std::uint8_t { from_boot, once_told, never };

// The right time in a run. What one phone's clock shows is for phone_clock.hpp to say.
struct WallClock {
  sys_seconds at_start{};  // what it is at Time{}
  Zone zone;               // of phones whose Time_Zone says nothing (R-RESYNC-26)
  ClockIsKnown known = ClockIsKnown::never;
};

}  // namespace provphone::resync
