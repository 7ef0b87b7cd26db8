#include "client/infer/waits.hpp"

#include <algorithm>

namespace provphone::client::infer {

std::vector<Wait> waits_of(const Courses& courses, std::uint32_t course) {
  std::vector<Wait> waits;
  const auto& passes = courses.phones[course].passes;
  std::uint32_t failures = 0, position = 0;
  for (std::uint32_t p = 0; p < passes.size(); ++p) {
    const bool was_retry = failures > 0;
    const bool failed = passes[p].outcome == PassOutcome::failed;
    failures = failed ? failures + 1 : 0;
    if (!failed && !was_retry && p > 0) ++position;
    if (p + 1 == passes.size()) continue;
    const auto wait = passes[p + 1].began - passes[p].ended;
    waits.push_back(
        {course, p, std::chrono::round<std::chrono::seconds>(wait).count(), failures, position});
  }
  return waits;
}

std::vector<Wait> waits_of(const Courses& courses) {
  std::vector<Wait> waits;
  for (std::uint32_t c = 0; c < courses.phones.size(); ++c) {
    const auto theirs = waits_of(courses, c);
    waits.insert(waits.end(), theirs.begin(), theirs.end());
  }
  return waits;
}

Precision precision_of(const Courses& courses) {
  return {1, courses.transfers == Courses::Transfers::known ? 0 : 1};
}

Seconds slack_of(const Courses& courses) {
  const auto precision = precision_of(courses);
  return precision.rounding + precision.transfer + 1;
}

}  // namespace provphone::client::infer
