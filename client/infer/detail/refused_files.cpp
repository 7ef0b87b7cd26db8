#include "client/infer/detail/irregular.hpp"
#include "client/infer/expected.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::infer::detail {
namespace {

// Phones that nobody has given another list retry by the factory's.
ListEstimate factory_retries() {
  const auto personality = resync::personality_of(profile::Generation::mpp12);
  const profile::ParameterSet parameters(resync::factory_values_of(personality));
  return *expected_of(resync::settings_of(parameters, personality)).error_retry;
}

Window element_window(const ListEstimate& list, std::size_t k, Seconds slack) {
  const auto& element = list.elements[std::min(k, list.elements.size() - 1)];
  const auto from = static_cast<Seconds>(element.delay.seconds);
  return widened({std::min(from, element.seen.from),
                  std::max(from + static_cast<Seconds>(element.delay.spread), element.seen.to)},
                 slack);
}

// Where the phone goes from one element to the next behind what looks like successes: one element
// by itself may be a period.
struct RetryRun {
  std::size_t first = 0, behind = 0;  // places in the waits
};

std::optional<RetryRun> run_at(const std::vector<Wait>& waits, std::size_t first,
                               const ListEstimate& list, Seconds slack) {
  for (std::size_t k = 0; k + 1 < list.elements.size(); ++k) {
    std::size_t length = 0;
    while (first + length < waits.size() && waits[first + length].failures == 0 &&
           element_window(list, k + length, slack).has(waits[first + length].seconds))
      ++length;
    const bool climbs = length >= 2 && list.elements[k].delay != list.elements[k + 1].delay;
    if (climbs) return RetryRun{first, first + length};
  }
  return std::nullopt;
}

// Of a phone that fits, only what no setting explains can be a retry.
bool may_be_retry(const Irregular& irregular, const Wait& wait) {
  const auto* settings = irregular.settings[wait.course];
  if (settings == nullptr) return true;
  return match(wait, *settings, irregular.courses, irregular.zone).standing ==
         Standing::off_schedule;
}

struct Refusals {
  Cause cause{CauseKind::file_refused, Instant::max(), Instant::min(), {}, 0, {}};
  const ListEstimate* list = nullptr;  // that was gone by last

  void add(const Irregular& irregular, const Wait& wait) {
    cause.courses.push_back(wait.course);
    ++cause.count;
    cause.from = std::min(cause.from, irregular.pass_before(wait).began);
    cause.to = std::max(cause.to, irregular.pass_behind(wait).began);
  }
};

void add_runs(Refusals& refusals, const Irregular& irregular, std::uint32_t course,
              const ListEstimate& list) {
  const auto slack = slack_of(irregular.courses);
  const auto waits = waits_of(irregular.courses, course);
  for (std::size_t i = 0; i < waits.size();) {
    const auto run = may_be_retry(irregular, waits[i]) ? run_at(waits, i, list, slack)
                                                       : std::optional<RetryRun>{};
    for (std::size_t w = i; run && w < run->behind; ++w) refusals.add(irregular, waits[w]);
    if (run) refusals.list = &list;
    i = run ? run->behind : i + 1;
  }
}

// One element, or two where a line is missing between them.
bool is_retry_of(const ListEstimate& list, Seconds wait, Seconds slack) {
  for (std::size_t k = 0; k < list.elements.size(); ++k) {
    const auto one = element_window(list, k, slack);
    const auto next = element_window(list, k + 1, slack);
    if (one.has(wait) || Window{one.from + next.from, one.to + next.to}.has(wait)) return true;
  }
  return false;
}

// Once files are known to have been refused, single retries in the same span were of that.
void take_as_retries(Refusals& refusals, Irregular& irregular) {
  const auto known = refusals.cause.courses;
  const TimeSpan span{refusals.cause.from, refusals.cause.to};
  const auto slack = slack_of(irregular.courses);
  for (auto& [wait, match] : irregular.waits) {
    if (match.standing != Standing::off_schedule || wait.failures > 0) continue;
    const auto at = irregular.pass_behind(wait).began;
    if (at < span.from || at > span.to) continue;
    const bool has_run = std::binary_search(known.begin(), known.end(), wait.course);
    if (!has_run && !is_retry_of(*refusals.list, wait.seconds, slack)) continue;
    match.standing = Standing::on_schedule;
    if (!has_run) refusals.add(irregular, wait);
  }
}

}  // namespace

std::vector<Cause> find_refused_files(Irregular& irregular,
                                      const std::optional<ListEstimate>& usual) {
  const auto factory = factory_retries();
  Refusals refusals;
  for (std::uint32_t c = 0; c < irregular.courses.phones.size(); ++c) {
    const auto* settings = irregular.settings[c];
    const auto before = refusals.cause.count;
    if (settings != nullptr && settings->error_retry)
      add_runs(refusals, irregular, c, *settings->error_retry);
    else if (settings == nullptr && usual)
      add_runs(refusals, irregular, c, *usual);
    if (refusals.cause.count == before) add_runs(refusals, irregular, c, factory);
  }
  auto& cause = refusals.cause;
  if (cause.courses.empty()) return {};
  keep_unique(cause.courses);
  take_as_retries(refusals, irregular);
  keep_unique(cause.courses);
  for (const auto course : cause.courses)
    irregular.refusing[course] = TimeSpan{cause.from, cause.to};
  cause.sentence = fmt::format(
      "{} refused the file that the server sent with 200, from {} to {}: behind it they came as "
      "behind a failure, by Resync_Error_Retry_Delay, {} times",
      counted_phones(cause.courses.size()), shown(cause.from), shown(cause.to), cause.count);
  return {cause};
}

}  // namespace provphone::client::infer::detail
