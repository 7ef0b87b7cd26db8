#include "resync/phone_clock.hpp"

namespace provphone::resync {
namespace {

using std::chrono::floor;

constexpr std::int64_t million = 1'000'000;

// Towards the past, for what lies before the clock was set too.
std::int64_t floor_division(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

sys_seconds PhoneClock::utc(Time now) const {
  const Duration gained{floor_division((now - set_at).count() * gains, million)};
  return wall.at_start + ahead +
         floor<std::chrono::seconds>(Duration{now.time_since_epoch()} + gained);
}

local_seconds PhoneClock::local(Time now) const {
  const auto shown = utc(now);
  if (own == nullptr) return local_time(wall.zone, shown);
  return local_time(years_around(floor<std::chrono::days>(shown)), shown);
}

Time PhoneClock::when_utc(sys_seconds utc) const {
  const Duration of_run = utc - wall.at_start - ahead;
  if (gains == 0) return Time{of_run};
  const auto shown = (of_run - set_at.time_since_epoch()).count();
  // Rounded up: it shows it at the end of that millisecond, and not before.
  const auto rate = million + gains;
  return set_at + Duration{-floor_division(-shown * million, rate)};
}

Time PhoneClock::when_local(local_seconds local) const {
  if (own == nullptr) return when_utc(first_instant(wall.zone, local));
  const std::chrono::sys_days day{floor<std::chrono::days>(local).time_since_epoch()};
  return when_utc(first_instant(years_around(day), local));
}

YearsOfZone PhoneClock::years_around(std::chrono::sys_days day) const {
  auto zone = *own;
  zone.offset += leased;
  return {zone, std::chrono::year_month_day{day}.year()};
}

}  // namespace provphone::resync
