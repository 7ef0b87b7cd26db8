#pragma once

#include "resync/local_time.hpp"
#include "resync/time_zone.hpp"

#include <cstdint>
#include <optional>

// What the clock of one phone shows: the right time of the run, what the phone's clock has gained
// or lost since it was set (R-RESYNC-29), and the zone that it goes by (R-RESYNC-26).
namespace provphone::resync {

// What a DHCP lease says about the time (R-RESYNC-29, R-RESYNC-30).
struct LeaseTime {
  bool names_server = false;                   // option 42
  std::optional<std::chrono::seconds> offset;  // option 2: ahead of UTC
};

// Refers to the wall clock and the zone that it was made of.
struct PhoneClock {
  const WallClock& wall;
  const OwnZone* own = nullptr;    // null: the zone of `wall`
  std::int32_t gains = 0;          // parts in a million, above -1 000 000; below 0: it loses
  Time set_at{};                   // when it was right, but for `ahead`
  std::chrono::seconds ahead{0};   // what somebody has put it forward since; below 0: back
  std::chrono::seconds leased{0};  // what DHCP option 2 adds to the offset of `own`

  // To the whole second, as it shows it.
  sys_seconds utc(Time now) const;
  local_seconds local(Time now) const;
  // The first moment at which it shows that.
  Time when_utc(sys_seconds utc) const;
  // Of local times that it skips or shows twice R-RESYNC-24 says which moment that is.
  Time when_local(local_seconds local) const;

 private:
  YearsOfZone years_around(std::chrono::sys_days day) const;  // where `own` is not null
};

}  // namespace provphone::resync
