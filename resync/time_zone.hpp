#pragma once

#include "resync/local_time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

// The zone that a phone's own parameters set: Time_Zone, Time_Offset__HH_mm_ and
// Daylight_Saving_Time_Rule (behaviour rules R-RESYNC-26 to R-RESYNC-28).
namespace provphone::resync {

// A moment that comes once a year, by the local clock as it runs until then.
struct YearlyMoment {
  std::uint8_t month = 1;    // 1..12
  std::int8_t day = 1;       // 1..31; -1..-31 counts back from the month's last day, which is -1
  std::uint8_t weekday = 0;  // 1: Monday, 7: Sunday; 0: the day itself
  std::chrono::seconds time{0};  // after midnight, at most a day

  friend bool operator==(const YearlyMoment&, const YearlyMoment&) = default;
};

struct SavingTime {
  YearlyMoment start, end;
  std::chrono::seconds save{0};  // what clocks are ahead of the zone's own time between the two

  friend bool operator==(const SavingTime&, const SavingTime&) = default;
};

struct OwnZone {
  std::chrono::seconds offset{0};  // ahead of UTC, without the saving
  std::optional<SavingTime> saving;

  friend bool operator==(const OwnZone&, const OwnZone&) = default;
};

// `GMT`, `GMT-8:00`, `GMT+05:30`, at most 14 hours either way; nothing where it is none
// (R-RESYNC-26). Blanks around it do not count, here and below.
std::optional<std::chrono::seconds> parse_time_zone(std::string_view text);

// `[+|-]HH/mm`, with `:` for `/` too (R-RESYNC-27); empty is 0.
std::optional<std::chrono::seconds> parse_time_offset(std::string_view text);

// `start=M/D/W[/HH[:mm[:ss]]];end=...;save=[+|-]HH[:mm[:ss]]`, in any order, each of them once
// (R-RESYNC-28).
std::optional<SavingTime> parse_saving_time(std::string_view text);

// The day of a year that `moment` means. A day that the month lacks is its last, or first.
std::chrono::sys_days day_in(std::chrono::year year, const YearlyMoment& moment);

// A zone's changes of one year and of the two beside it: enough for instants and local times of
// that year, and for any at most a month before or behind it.
class YearsOfZone {
 public:
  YearsOfZone(const OwnZone& zone, std::chrono::year year);

  operator ZoneView() const {  // NOLINT: a view of it is as good
    return {offset_, {changes_.data(), count_}};
  }

 private:
  std::chrono::seconds offset_;
  std::array<OffsetChange, 6> changes_{};
  std::size_t count_ = 0;
};

}  // namespace provphone::resync
