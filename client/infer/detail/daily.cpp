#include "client/infer/detail/fits.hpp"

#include <algorithm>
#include <cmath>

namespace provphone::client::infer::detail {
namespace {

constexpr Seconds day = 86'400;
constexpr Seconds minute = 60;
constexpr std::size_t least_passes = 5;

// Where the day has its longest span without a pass; times are counted from its end.
Seconds quietest_end(std::vector<Seconds> times) {
  std::sort(times.begin(), times.end());
  Seconds longest = times.front() + day - times.back();
  Seconds end = times.front();
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] - times[i - 1] <= longest) continue;
    longest = times[i] - times[i - 1];
    end = times[i];
  }
  return end;
}

struct DailyTimes {
  std::vector<Seconds> waits, times_of_day;
  std::size_t others = 0;  // waits behind a success that are no day
};

DailyTimes daily_times(const std::vector<Wait>& waits, const Courses& courses,
                       resync::ZoneView zone) {
  DailyTimes daily;
  for (const auto& wait : waits) {
    if (wait.failures != 0) continue;
    if (wait.seconds < day / 2 || wait.seconds > day * 3 / 2) {
      ++daily.others;
      continue;
    }
    daily.waits.push_back(wait.seconds);
    const auto& next = courses.phones[wait.course].passes[wait.pass + 1];
    daily.times_of_day.push_back(time_of_day(next.began, zone));
  }
  std::sort(daily.waits.begin(), daily.waits.end());
  return daily;
}

// A period of a day keeps each phone's own time of day, or lets all drift later; a pass at a set
// time comes sooner than a day behind the last as often as later (R-RESYNC-22). An exact one is at
// a whole minute for all phones.
bool keeps_to_the_clock(const DailyTimes& daily, const WindowFit& fit, Seconds slack) {
  const auto below = std::lower_bound(daily.waits.begin(), daily.waits.end(), day - slack - minute);
  const auto shorter = static_cast<std::size_t>(below - daily.waits.begin());
  if (shorter * 5 >= daily.waits.size()) return true;
  const auto off = ((fit.window.from % minute) + minute) % minute;
  return fit.window.to - fit.window.from <= 2 * slack && (off <= slack || off >= minute - 1);
}

}  // namespace

std::optional<DailyEstimate> fit_daily(const std::vector<Wait>& waits, const Courses& courses,
                                       resync::ZoneView zone) {
  auto daily = daily_times(waits, courses, zone);
  if (daily.waits.size() < least_passes || daily.others * 2 > daily.waits.size())
    return std::nullopt;
  const auto first = quietest_end(daily.times_of_day);
  auto& times = daily.times_of_day;
  for (auto& time : times)
    if (time < first) time += day;
  std::sort(times.begin(), times.end());
  const auto fit = *densest_window(times);
  const auto slack = slack_of(courses);
  if (fit.inside * 10 < fit.observed * 8 || !keeps_to_the_clock(daily, fit, slack))
    return std::nullopt;
  const auto precision = precision_of(courses);
  const auto estimate = estimate_delay(times, fit, precision);
  // Both are whole minutes, whatever else would be as round.
  const auto opens = (estimate.delay.seconds + minute / 2) / minute;
  const auto closes = estimate.delay.seconds + estimate.delay.spread;
  const auto length =
      std::llround(static_cast<double>(closes - opens * minute) / static_cast<double>(minute));
  return DailyEstimate{std::chrono::minutes(static_cast<Seconds>(opens) % (day / minute)),
                       std::chrono::minutes(length), fit.window, fit.inside, fit.observed};
}

}  // namespace provphone::client::infer::detail
