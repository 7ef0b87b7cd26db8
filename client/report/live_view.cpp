#include "client/report/live_view.hpp"

#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

std::uint64_t grown(std::uint64_t from, std::uint64_t to) {
  return to > from ? to - from : 0;
}

}  // namespace

Recent recent(const figures::FleetFigures& before, const figures::FleetFigures& now,
              resync::Duration length) {
  const auto gain = [&](figures::Ending ending) {
    return grown(before.span(ending, figures::Span::response).count(),
                 now.span(ending, figures::Span::response).count());
  };
  Recent recent{length,
                grown(before.requests, now.requests),
                gain(figures::Ending::succeeded),
                gain(figures::Ending::failed),
                now.span(figures::Ending::succeeded, figures::Span::response)
                    .since(before.span(figures::Ending::succeeded, figures::Span::response)),
                {}};
  for (const auto code : every<Errc>)
    recent.pass_errors[code] = grown(before.pass_errors[code], now.pass_errors[code]);
  return recent;
}

double rate_of(std::uint64_t count, resync::Duration length) {
  const auto seconds = std::chrono::duration<double>(length).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string late_words(const LiveView& view) {
  return fmt::format("{} of {} workers silent for {}", view.workers_late, view.workers,
                     duration_text(view.late_for));
}

std::vector<FailureCount> failures_by_code(const figures::FleetFigures& figures) {
  std::vector<FailureCount> failures;
  for (const auto code : every<Errc>) {
    if (figures.pass_errors[code] > 0) failures.push_back({figures.pass_errors[code], code});
  }
  std::stable_sort(failures.begin(), failures.end(),
                   [](const FailureCount& a, const FailureCount& b) { return a.count > b.count; });
  return failures;
}

std::string format_plain_line(const LiveView& view) {
  constexpr std::size_t most_codes = 5;
  const auto& recent = view.recent;
  auto line = fmt::format(
      "{}: {} of {} provisioned ({}), {} in flight, a second {:.0f} arrivals {:.0f} succeeded "
      "{:.0f} failed, p50 {} p99 {}, lag p99.9 {}",
      duration_text(view.elapsed), converged(view.figures), view.phones,
      share_text(converged(view.figures), view.phones), view.in_flight,
      rate_of(recent.started, recent.length), rate_of(recent.succeeded, recent.length),
      rate_of(recent.failed, recent.length), quantile_text(recent.response_us, 0.5),
      quantile_text(recent.response_us, 0.99), quantile_text(view.figures.lag_us, 0.999));
  const auto failures = failures_by_code(view.figures);
  for (std::size_t i = 0; i < std::min(failures.size(), most_codes); ++i)
    line += fmt::format(", {} {}", failures[i].count, name(failures[i].code));
  if (failures.size() > most_codes)
    line += fmt::format(" and {} other codes", failures.size() - most_codes);
  if (view.running == Running::paused) line += ", paused";
  if (view.workers_late > 0) line += ", " + late_words(view);
  if (view.figures.lag_us.quantile(0.999) > view.lag_limit_us) line += ", VOID";
  return line;
}

}  // namespace provphone::client::report
