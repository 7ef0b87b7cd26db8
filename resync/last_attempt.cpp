#include "resync/last_attempt.hpp"

#include <fmt/format.h>

#include <chrono>

namespace provphone::resync {
namespace {

// mm/dd/yyyy HH:MM:SS
std::string date_text(local_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

std::string status_text(std::string_view what, const std::optional<LastAttempt>& last,
                        const PhoneClock* clock) {
  if (!last) return {};
  auto status = fmt::format("Last {} {}", what, last->succeeded ? "succeeded" : "failed");
  return clock == nullptr ? status
                          : fmt::format("{} on {}", status, date_text(clock->local(last->at)));
}

}  // namespace provphone::resync
