#include "resync/resync_at.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr std::uint32_t smallest_delay = 600;  // seconds

constexpr int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// The draw is seconds of the run, not of a clock that gains or loses: over a window that is little.
Time instant_of_day(const DailyWindow& window, const PhoneClock& clock, const Stream& stream,
                    std::chrono::local_days day) {
  const auto opens = clock.when_local(local_seconds{day} + window.opens);
  const auto length = static_cast<std::uint32_t>(std::chrono::seconds(window.length).count());
  const auto day_number = static_cast<std::uint32_t>(day.time_since_epoch().count());
  return opens + std::chrono::seconds(draw_up_to(stream, day_number, length));
}

}  // namespace

std::optional<minutes> parse_resync_at(std::string_view text, const Personality& personality) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 4 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  const int hours = two_digits(text, 0);
  const int rest = two_digits(text, 2);
  if (rest > 59 || hours * 60 + rest > 24 * 60) return std::nullopt;
  const bool end_of_day = hours == 24;
  if (end_of_day && personality.resync_at_2400 == ResyncAt2400::invalid) return std::nullopt;
  return minutes(hours * 60 + rest);
}

minutes random_window(std::uint32_t delay, const Personality& personality) {
  const bool zero_is_exact = personality.resync_at_small_delay == ResyncAtSmallDelay::zero_is_exact;
  if (delay == 0 && zero_is_exact) return minutes(0);
  delay = std::max(delay, smallest_delay);
  const bool round_up = personality.resync_at_rounding == ResyncAtRounding::up;
  // R-RESYNC-22. Whole minutes, as an MPP phone converts the parameter's seconds.
  return minutes((delay + (round_up ? 59 : 30)) / 60);
}

// A window may reach past midnight, so yesterday's may still be open; the day after tomorrow's is
// in time whatever a clock change does.
Time next_in_window(const DailyWindow& window, const PhoneClock& clock, const Stream& stream,
                    Time now) {
  auto day = std::chrono::floor<days>(clock.local(now)) - days(1);
  while (true) {
    const auto instant = instant_of_day(window, clock, stream, day);
    if (instant > now) return instant;
    day += days(1);
  }
}

}  // namespace provphone::resync
