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

void add_times(Window& sum, const Window& more, std::uint32_t times) {
  for (std::uint32_t i = 0; i < times; ++i) add_window(sum, more);
}

// What a wait may be made of where lines are missing: a first one, more periods behind it, failures
// that nobody saw, from an element of their list on, and a period behind those.
struct Parts {
  Window first;
  std::optional<Window> period;
  const ListEstimate* retries = nullptr;
  std::size_t next_retry = 0;
};

// Of how many waits at least it is the sum, from two on.
std::optional<std::uint32_t> summed(const Parts& parts, Seconds wait, Seconds slack) {
  constexpr std::uint32_t most_leading = 2;
  std::optional<std::uint32_t> least;
  const auto take = [&](const Window& sum, std::uint32_t count) {
    if (count > 1 && count <= most_summed && sum.has(wait) && (!least || count < *least))
      least = count;
  };
  for (std::uint32_t leading = 0; leading < most_summed; ++leading) {
    if (leading > 0 && !parts.period) break;
    Window sum = parts.first;
    if (parts.period) add_times(sum, *parts.period, leading);
    take(sum, 1 + leading);
    if (parts.retries == nullptr || leading > most_leading) continue;
    // Behind more periods the failures are the first of their list again.
    const auto next = leading == 0 ? parts.next_retry : 0;
    for (std::uint32_t n = 1; n < most_summed; ++n) {
      add_window(sum, window_of(element_at(*parts.retries, next + n - 1), slack));
      take(sum, 1 + leading + n);
      auto succeeded = sum;
      if (parts.period) add_window(succeeded, *parts.period);
      if (parts.period) take(succeeded, 2 + leading + n);
    }
  }
  return least;
}

// From the element on that the failure is of, or from a later one where lines in front are missing.
std::optional<std::uint32_t> summed_retries(const ListEstimate& list, std::size_t k,
                                            const std::optional<Window>& period, Seconds wait,
                                            Seconds slack) {
  std::optional<std::uint32_t> sum;
  for (auto from = k; !sum && from < std::max(k + 1, list.elements.size()); ++from)
    sum = summed({window_of(element_at(list, from), slack), period, &list, from + 1}, wait, slack);
  return sum;
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
  std::optional<Window> period;
  if (inferred.periodic) period = window_of(inferred.periodic->elements.back(), slack);
  const auto sum = summed_retries(list, k, period, wait.seconds, slack);
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
    const auto sum =
        summed({window_of(element, slack), window_of(list.elements.back(), slack), retries, 0},
               wait.seconds, slack);
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
  const auto& due = inferred.periodic->elements.back().seen;
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
