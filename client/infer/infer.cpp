#include "client/infer/infer.hpp"

#include "client/infer/detail/fits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace provphone::client::infer {
namespace {

// More kinds of settings than that are no kinds.
constexpr std::size_t most_groups = 5;
// A phone follows settings when so many of its waits do; with fewer than three nobody can tell.
constexpr std::size_t least_to_judge = 3;

void account(Accounts& accounts, Standing standing) {
  ++accounts.waits;
  switch (standing) {
    case Standing::on_schedule:
      ++accounts.on_schedule;
      return;
    case Standing::behind_gap:
      ++accounts.behind_gaps;
      return;
    case Standing::off_schedule:
      ++accounts.off_schedule;
      return;
    case Standing::late:
      ++accounts.late;
      return;
    case Standing::not_known:
      ++accounts.not_known;
      return;
  }
}

std::vector<std::uint32_t> numbered(std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  for (std::uint32_t i = 0; i < count; ++i) numbers[i] = i;
  return numbers;
}

// The settings alone, of all of these waits.
Inferred estimate(const Courses& courses, std::vector<std::uint32_t> of,
                  const std::vector<Wait>& waits, resync::ZoneView zone) {
  Inferred inferred;
  inferred.courses = std::move(of);
  inferred.resync_at = detail::fit_daily(waits, courses, zone);
  if (!inferred.resync_at) inferred.periodic = detail::fit_periodic(waits, courses);
  inferred.error_retry = detail::fit_retries(waits, courses, inferred, zone);
  return inferred;
}

std::vector<Wait> those_of(const std::vector<Wait>& waits,
                           const std::vector<std::uint32_t>& courses) {
  std::vector<Wait> some;
  for (const auto& wait : waits)
    if (std::binary_search(courses.begin(), courses.end(), wait.course)) some.push_back(wait);
  return some;
}

struct Divided {
  std::vector<std::uint32_t> fit, unfit;
};

// A phone fits where half of its waits are on schedule, those behind a success for themselves.
Divided divide(const Inferred& inferred, const std::vector<Wait>& waits, const Courses& courses,
               resync::ZoneView zone) {
  struct Share {
    std::size_t judged = 0, on_schedule = 0;
  };
  std::map<std::uint32_t, Share> shares;
  for (const auto& wait : waits) {
    const auto standing = match(wait, inferred, courses, zone).standing;
    if (standing == Standing::not_known || wait.failures > 0) continue;
    auto& share = shares[wait.course];
    ++share.judged;
    share.on_schedule += standing == Standing::on_schedule ? 1 : 0;
  }
  Divided divided;
  for (const auto course : inferred.courses) {
    const auto& share = shares[course];
    const bool fits = share.judged < least_to_judge || share.on_schedule * 2 >= share.judged;
    (fits ? divided.fit : divided.unfit).push_back(course);
  }
  return divided;
}

void finish(Inferred& inferred, const std::vector<Wait>& waits, const Courses& courses,
            resync::ZoneView zone) {
  inferred.start = detail::fit_start(courses, inferred);
  for (const auto& wait : waits)
    account(inferred.accounts, match(wait, inferred, courses, zone).standing);
}

}  // namespace

resync::DelayList list_of(const ListEstimate& estimate) {
  resync::DelayList list;
  for (const auto& element : estimate.elements) list.delays.push_back(element.delay);
  return list;
}

std::string written(const resync::DelayList& list) {
  std::string text;
  for (const auto& delay : list.delays) {
    if (!text.empty()) text += ',';
    text += delay.spread == 0 ? fmt::format("{}", delay.seconds)
                              : fmt::format("{}+{}", delay.seconds, delay.spread);
  }
  return text;
}

Inference infer(const Courses& courses, resync::ZoneView zone) {
  Inference inference;
  auto left = numbered(courses.phones.size());
  const auto waits = waits_of(courses);
  while (inference.groups.empty() || (!left.empty() && inference.groups.size() < most_groups)) {
    auto theirs = those_of(waits, left);
    auto inferred = estimate(courses, left, theirs, zone);
    // Phones that go by nothing are no group, but where there is no other.
    const bool says_nothing = !inferred.periodic && !inferred.resync_at && !theirs.empty();
    if (says_nothing && !inference.groups.empty()) break;
    auto divided = divide(inferred, theirs, courses, zone);
    if (divided.fit.empty()) break;
    if (!divided.unfit.empty()) {
      // Without those that do not fit it is more exact; the division stays.
      theirs = those_of(waits, divided.fit);
      inferred = estimate(courses, divided.fit, theirs, zone);
    }
    finish(inferred, theirs, courses, zone);
    inference.groups.push_back(std::move(inferred));
    left = std::move(divided.unfit);
  }
  if (inference.groups.empty()) inference.groups.emplace_back();
  inference.unfit = std::move(left);
  std::stable_sort(
      inference.groups.begin(), inference.groups.end(),
      [](const Inferred& a, const Inferred& b) { return a.courses.size() > b.courses.size(); });
  return inference;
}

Inferred infer_phone(const Courses& courses, std::uint32_t course, resync::ZoneView zone) {
  const auto theirs = waits_of(courses, course);
  auto inferred = estimate(courses, {course}, theirs, zone);
  finish(inferred, theirs, courses, zone);
  return inferred;
}

}  // namespace provphone::client::infer
