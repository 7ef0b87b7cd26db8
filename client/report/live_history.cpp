#include "client/report/live_history.hpp"

#include <algorithm>
#include <cmath>

namespace provphone::client::report {
namespace {

HistoryPoint point_of(const figures::Interval& interval, double seconds) {
  const auto rate = [seconds](std::uint32_t count) { return count / seconds; };
  return {rate(interval.started), rate(interval.failed), rate(interval.powered_on),
          rate(interval.converged), static_cast<double>(interval.response.quantile(0.99))};
}

}  // namespace

History recent_history(const figures::Series& series, resync::Duration elapsed, std::size_t most) {
  History history;
  history.width = series.width();
  if (elapsed < history.width) return history;
  const auto over = static_cast<std::size_t>(elapsed / history.width);
  const auto& intervals = series.intervals();
  const auto seconds = std::chrono::duration<double>(history.width).count();
  for (auto i = over - std::min(over, most); i < over; ++i)
    history.points.push_back(i < intervals.size() ? point_of(intervals[i], seconds)
                                                  : HistoryPoint{});
  return history;
}

std::optional<resync::Duration> time_left(const History& history, std::uint64_t phones_left) {
  constexpr std::size_t looked_at = 10;
  const auto& points = history.points;
  const auto count = std::min(points.size(), looked_at);
  double sum = 0;
  for (auto i = points.size() - count; i < points.size(); ++i) sum += points[i].provisioned;
  if (sum <= 0) return std::nullopt;
  const auto rate = sum / static_cast<double>(count);
  const std::chrono::duration<double> left(std::ceil(static_cast<double>(phones_left) / rate));
  return std::chrono::duration_cast<resync::Duration>(left);
}

}  // namespace provphone::client::report
