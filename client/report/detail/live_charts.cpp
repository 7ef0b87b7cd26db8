#include "client/report/detail/live_sections.hpp"
#include "client/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

// The foot of a live screen: what has been so far.
namespace provphone::client::report::detail {
namespace {

struct Chart {
  std::string_view label;
  std::vector<double> values;
  std::string most;  // what the highest column is
  Tone tone;
};

Lines chart_lines(const Page& page, const Chart& chart, std::size_t rows) {
  auto lines = chart_of(chart.values, rows, page.look.charset);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = fmt::format("   {:<11}{:>9}  {}", i == 0 ? chart.label : "",
                           i == 0 ? chart.most : "", page.paint(chart.tone, lines[i]));
  return lines;
}

std::vector<Chart> charts_of(const History& history) {
  const auto chart = [&](std::string_view label, double HistoryPoint::*value, auto text,
                         Tone tone) {
    Chart made{label, {}, {}, tone};
    for (const auto& point : history.points) made.values.push_back(point.*value);
    const auto most = made.values.empty()
                          ? made.values.end()
                          : std::max_element(made.values.begin(), made.values.end());
    made.most = most == made.values.end() ? "" : text(*most);
    return made;
  };
  const auto rate = [](double value) { return rate_text(value) + "/s"; };
  const auto time = [](double us) { return duration_text(static_cast<std::int64_t>(us)); };
  return {chart("arrivals", &HistoryPoint::arrivals, rate, Tone::calm),
          chart("p99", &HistoryPoint::p99_us, time, Tone::warning),
          chart("failed", &HistoryPoint::failed, rate, Tone::bad),
          chart("powered on", &HistoryPoint::powered_on, rate, Tone::calm),
          chart("provisioned", &HistoryPoint::provisioned, rate, Tone::good)};
}

}  // namespace

std::string whole_seconds_text(resync::Duration duration) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(duration);
  if (seconds < std::chrono::minutes(1)) return fmt::format("{}s", seconds.count());
  return duration_text(resync::Duration(seconds));
}

std::string rate_text(double rate) {
  return rate > 0 && rate < 10 ? fmt::format("{:.1f}", rate)
                               : count_text(static_cast<std::uint64_t>(std::round(rate)));
}

Lines history(const Page& page, std::size_t rows) {
  constexpr std::size_t beside = 26, highest = 5;
  const auto width = page.size.columns - std::min(page.size.columns, beside);
  const auto history = recent_history(page.view.figures.series, page.view.elapsed, width);
  if (history.points.empty() || rows < 2) return {};
  const auto charts = charts_of(history);
  const auto shown = std::min(charts.size(), rows - 1);
  const auto length = history.width * static_cast<std::int64_t>(history.points.size());
  const auto scale = fmt::format("last {}, {} a column", whole_seconds_text(length),
                                 whole_seconds_text(history.width));
  Lines lines{page.headed("history", page.paint(Tone::quiet, scale))};
  // Every chart first, then higher ones from the first on.
  for (std::size_t i = 0; i < shown; ++i) {
    const auto room = rows - 1;
    const auto height = std::min(highest, room / shown + (i < room % shown ? 1 : 0));
    for (auto& line : chart_lines(page, charts[i], height)) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace provphone::client::report::detail
