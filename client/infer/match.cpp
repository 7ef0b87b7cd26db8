#include "client/infer/infer.hpp"

#include <algorithm>

namespace provphone::client::infer {
namespace {

constexpr Seconds a_day = 86'400;
// A sum of more waits than that explains anything.
constexpr std::uint32_t most_summed = 8;

// What the list allows the wait to be, and what was seen of it.
Window window_of(const DelayEstimate& estimate, Seconds slack) {
  const auto from = static_cast<Seconds>(estimate.delay.seconds);
  const auto to = from + static_cast<Seconds>(estimate.delay.spread);
  return widened({std::min(from, estimate.seen.from), std::max(to, estimate.seen.to)}, slack);
}

const DelayEstimate& element_at(const ListEstimate& list, std::size_t index) {
  return list.elements[std::min(index, list.elements.size() - 1)];
}

Seconds least_of(const ListEstimate& list, Seconds slack) {
  Seconds least = window_of(list.elements.front(), slack).from;
  for (const auto& element : list.elements) least = std::min(least, window_of(element, slack).from);
  return least;
}

std::optional<std::uint32_t> element_with(const ListEstimate& list, Seconds wait, Seconds slack) {
  for (std::uint32_t i = static_cast<std::uint32_t>(list.elements.size()); i-- > 0;)
    if (window_of(list.elements[i], slack).has(wait)) return i;
  return std::nullopt;
}

void add_window(Window& sum, const Window& more) {
  sum.from += more.from;
  sum.to += more.to;
}

// Whether the wait is one period and more: of lines that are missing, or failures that nobody saw.
std::optional<std::uint32_t> summed(const Window& first, const ListEstimate* periodic,
                                    const ListEstimate* retries, std::size_t next_retry,
                                    Seconds wait, Seconds slack) {
  Window periods = first;
  Window failures = first;
  for (std::uint32_t n = 2; n <= most_summed; ++n) {
    if (periodic != nullptr) {
      add_window(periods, window_of(periodic->elements.back(), slack));
      if (periods.has(wait)) return n;
    }
    if (retries == nullptr) continue;
    auto succeeded = failures;  // unseen, and then a period
    add_window(failures, window_of(element_at(*retries, next_retry + n - 2), slack));
    if (failures.has(wait)) return n;
    if (periodic == nullptr) continue;
    add_window(succeeded, window_of(periodic->elements.back(), slack));
    if (succeeded.has(wait)) return n;
  }
  return std::nullopt;
}

Match match_retry(const Wait& wait, const Inferred& inferred, Seconds slack) {
  if (!inferred.error_retry) return {};
  const auto& list = *inferred.error_retry;
  const std::size_t k = wait.failures - 1;
  const auto& expected = element_at(list, k);
  const bool is_known = k < list.elements.size() || list.end == ListEstimate::End::repeats;
  if (is_known && window_of(expected, slack).has(wait.seconds))
    return {Standing::on_schedule,
            static_cast<std::uint32_t>(std::min(k, list.elements.size() - 1)), 1};
  // Lines in front of it may be missing, so that it is a later element.
  const auto later = element_with(list, wait.seconds, slack);
  if (later && *later > k) return {Standing::behind_gap, *later, 1};
  if (wait.seconds < least_of(list, slack)) return {Standing::off_schedule, 0, 1};
  if (!is_known) return {};
  const auto sum =
      summed(window_of(expected, slack), inferred.periodic ? &*inferred.periodic : nullptr, &list,
             k + 1, wait.seconds, slack);
  if (sum) return {Standing::behind_gap, 0, *sum};
  return {wait.seconds < window_of(expected, slack).from ? Standing::not_known : Standing::late, 0,
          1};
}

Match match_period(const Wait& wait, const Inferred& inferred, Seconds slack) {
  if (!inferred.periodic) return {};
  const auto& list = *inferred.periodic;
  if (const auto element = element_with(list, wait.seconds, slack))
    return {Standing::on_schedule, *element, 1};
  if (wait.seconds < least_of(list, slack)) return {Standing::off_schedule, 0, 1};
  const auto* retries = inferred.error_retry ? &*inferred.error_retry : nullptr;
  for (const auto& element : list.elements) {
    const auto sum = summed(window_of(element, slack), &list, retries, 0, wait.seconds, slack);
    if (sum) return {Standing::behind_gap, 0, *sum};
  }
  return {Standing::late, 0, 1};
}

// The failure in the window may be in no line; a retry counts from there.
bool is_retry_of_the_day(Window window, const Inferred& inferred, Seconds time, Seconds slack) {
  if (!inferred.error_retry) return false;
  for (std::uint32_t n = 0; n < most_summed; ++n) {
    add_window(window, window_of(element_at(*inferred.error_retry, n), slack));
    if (window.has(time) || window.has(time + a_day)) return true;
  }
  return false;
}

// One a day: what is in the window is on schedule, or days behind a gap.
Match match_daily(const Wait& wait, const Inferred& inferred, Instant next, resync::ZoneView zone,
                  Seconds slack) {
  const auto& daily = *inferred.resync_at;
  const auto opens = std::chrono::seconds(daily.opens).count();
  const auto closes = opens + std::chrono::seconds(daily.length).count();
  const auto time = time_of_day(next, zone);
  const auto window = widened({std::min(opens, daily.seen.from % a_day), closes}, slack);
  if (!window.has(time) && !window.has(time + a_day) && !window.has(time - a_day))
    return {is_retry_of_the_day(window, inferred, time, slack) ? Standing::behind_gap
                                                               : Standing::off_schedule,
            0, 1};
  const auto days = (wait.seconds + a_day / 2) / a_day;
  if (days <= 1) return {Standing::on_schedule, 0, 1};
  return {Standing::behind_gap, 0, static_cast<std::uint32_t>(days)};
}

TimeSpan due_by_clock(const DailyEstimate& daily, Instant ended, resync::ZoneView zone) {
  const auto opens = std::chrono::seconds(daily.opens).count();
  const auto length = std::chrono::seconds(daily.length).count();
  const auto now = time_of_day(ended, zone);
  auto until = (opens - now + a_day) % a_day;
  // Within the window, the pass was the day's.
  if (until == 0 || a_day - until <= length) until += until == 0 ? a_day : 0;
  const auto from = ended + std::chrono::seconds(until);
  return {from, from + std::chrono::seconds(length)};
}

}  // namespace

std::optional<TimeSpan> due_behind(const Inferred& inferred, Instant ended, resync::ZoneView zone) {
  if (inferred.resync_at) return due_by_clock(*inferred.resync_at, ended, zone);
  if (!inferred.periodic) return std::nullopt;
  Window due = inferred.periodic->elements.front().seen;
  for (const auto& element : inferred.periodic->elements)
    due = {std::min(due.from, element.seen.from), std::max(due.to, element.seen.to)};
  return TimeSpan{ended + std::chrono::seconds(due.from), ended + std::chrono::seconds(due.to)};
}

Seconds time_of_day(Instant at, resync::ZoneView zone) {
  const auto local = resync::local_time(zone, std::chrono::floor<std::chrono::seconds>(at));
  return (local - std::chrono::floor<std::chrono::days>(local)).count();
}

Match match(const Wait& wait, const Inferred& inferred, const Courses& courses,
            resync::ZoneView zone) {
  const auto slack = slack_of(courses);
  if (wait.failures > 0) return match_retry(wait, inferred, slack);
  if (!inferred.resync_at) return match_period(wait, inferred, slack);
  const auto& next = courses.phones[wait.course].passes[wait.pass + 1];
  return match_daily(wait, inferred, next.began, zone, slack);
}

}  // namespace provphone::client::infer
