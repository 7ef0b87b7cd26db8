#include "client/infer/expected.hpp"

#include "client/infer/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace provphone::client::infer {
namespace {

std::optional<ListEstimate> as_estimate(const resync::DelayList& list) {
  if (resync::is_disabled(list)) return std::nullopt;
  ListEstimate estimate;
  estimate.end = ListEstimate::End::repeats;
  for (const auto& delay : list.delays) {
    const auto from = static_cast<Seconds>(delay.seconds);
    const auto spread = static_cast<Seconds>(delay.spread);
    DelayEstimate element;
    element.delay = delay;
    element.base = {from, from};
    element.spread = {spread, spread};
    element.seen = {from, from + spread};
    estimate.elements.push_back(element);
  }
  return estimate;
}

// `first`, `second`, ... of retries.
std::string ordinal(std::size_t number) {
  constexpr std::array<std::string_view, 10> words{"first", "second",  "third",  "fourth", "fifth",
                                                   "sixth", "seventh", "eighth", "ninth",  "tenth"};
  if (number >= 1 && number <= words.size()) return std::string(words[number - 1]);
  return fmt::format("{}th", number);
}

std::string said_of_retry(const Wait& wait, const Inferred& expected) {
  const auto& list = *expected.error_retry;
  const auto k = std::min<std::size_t>(wait.failures - 1, list.elements.size() - 1);
  const auto due = written({{list.elements[k].delay}});
  return fmt::format(
      "the {} retry came after {} s, not {}: Resync_Error_Retry_Delay is not {}, or the phone "
      "restarted or was asked meanwhile",
      ordinal(wait.failures), wait.seconds, due, shortened(list_of(list)));
}

std::string said_of_period(const Wait& wait, const Match& match, const Inferred& expected) {
  const auto settings =
      expected.resync_at
          ? fmt::format("Resync_At__HHmm_ {} with {} min", clock_text(expected.resync_at->opens),
                        expected.resync_at->length.count())
          : fmt::format("Resync_Periodic {}", shortened(list_of(*expected.periodic)));
  if (match.standing == Standing::off_schedule)
    return fmt::format(
        "it came {} s behind a success, which {} does not have: it restarted, was asked, or is set "
        "otherwise",
        wait.seconds, settings);
  return fmt::format(
      "it came {} s behind a success, later than {} has it and at no sum of waits: it was off, in "
      "a "
      "call, or is set otherwise",
      wait.seconds, settings);
}

}  // namespace

Inferred expected_of(const resync::Settings& settings) {
  Inferred expected;
  expected.error_retry = as_estimate(settings.error_retry);
  if (!settings.resync_at) {
    expected.periodic = as_estimate(settings.periodic);
    return expected;
  }
  DailyEstimate daily;
  daily.opens = settings.resync_at->opens;
  daily.length = settings.resync_at->length;
  const auto opens = std::chrono::seconds(daily.opens).count();
  daily.seen = {opens, opens + std::chrono::seconds(daily.length).count()};
  expected.resync_at = daily;
  return expected;
}

std::vector<Contradiction> contradictions_of(const Courses& courses, std::uint32_t course,
                                             const Inferred& expected, resync::ZoneView zone) {
  std::vector<Contradiction> contradictions;
  for (const auto& wait : waits_of(courses, course)) {
    const auto found = match(wait, expected, courses, zone);
    if (found.standing == Standing::on_schedule || found.standing == Standing::behind_gap) continue;
    const auto at = courses.phones[course].passes[wait.pass + 1].began;
    if (wait.failures > 0 && expected.error_retry)
      contradictions.push_back({course, at, said_of_retry(wait, expected)});
    else if (wait.failures == 0 && (expected.periodic || expected.resync_at))
      contradictions.push_back({course, at, said_of_period(wait, found, expected)});
    else
      contradictions.push_back(
          {course, at,
           fmt::format("it came {} s behind a {}, though {} is switched off", wait.seconds,
                       wait.failures > 0 ? "failure" : "success",
                       wait.failures > 0 ? "Resync_Error_Retry_Delay" : "Resync_Periodic")});
  }
  return contradictions;
}

}  // namespace provphone::client::infer
