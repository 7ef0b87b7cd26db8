#include "resync/local_time.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

std::chrono::seconds offset_at(ZoneView zone, sys_seconds utc) {
  const auto behind = std::upper_bound(
      zone.changes.begin(), zone.changes.end(), utc,
      [](sys_seconds instant, const OffsetChange& change) { return instant < change.at; });
  return behind == zone.changes.begin() ? zone.offset : std::prev(behind)->offset;
}

}  // namespace

local_seconds local_time(ZoneView zone, sys_seconds utc) {
  return local_seconds{(utc + offset_at(zone, utc)).time_since_epoch()};
}

// Between two changes local time runs with UTC, so `local` is looked for in one stretch after the
// other: the first stretch that holds it, or begins behind it, has the answer.
sys_seconds first_instant(ZoneView zone, local_seconds local) {
  auto offset = zone.offset;
  for (const auto& change : zone.changes) {
    const sys_seconds in_this_stretch{local.time_since_epoch() - offset};
    // Of a time that is shown twice the earlier stretch comes first (R-RESYNC-24).
    if (in_this_stretch < change.at) return in_this_stretch;
    const bool in_gap = sys_seconds{local.time_since_epoch() - change.offset} < change.at;
    if (in_gap) return change.at;
    offset = change.offset;
  }
  return sys_seconds{local.time_since_epoch() - offset};
}

}  // namespace provphone::resync
