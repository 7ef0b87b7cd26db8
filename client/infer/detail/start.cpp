#include "client/infer/detail/fits.hpp"

#include <algorithm>

namespace provphone::client::infer::detail {
namespace {

constexpr std::size_t least_phones = 5;
constexpr Seconds longest_start = 3'600;

// Of the last element, or of the day that Resync_At is: what phones that do not begin together
// would be spread over.
Seconds usual_wait(const Inferred& so_far) {
  if (so_far.resync_at) return 86'400;
  if (!so_far.periodic) return 0;
  return so_far.periodic->elements.front().seen.from;
}

}  // namespace

StartEstimate estimate_start(std::vector<Instant> firsts) {
  std::sort(firsts.begin(), firsts.end());
  std::vector<Seconds> behind;
  behind.reserve(firsts.size());
  for (const auto first : firsts)
    behind.push_back(std::chrono::floor<std::chrono::seconds>(first - firsts.front()).count());
  const auto fit = *densest_window(behind);
  const auto width = fit.window.to - fit.window.from;
  const auto free = static_cast<Seconds>(4.6 * static_cast<double>(width) /
                                         static_cast<double>(std::max<std::size_t>(fit.inside, 1)));
  const Window allowed{std::max<Seconds>(width - 1, 0), width + 2 * free + 1};
  return {firsts.front() + std::chrono::seconds(fit.window.from), roundest_in(allowed), allowed,
          fit.inside, fit.observed};
}

std::optional<StartEstimate> fit_start(const Courses& courses, const Inferred& so_far) {
  std::vector<Instant> firsts;
  for (const auto course : so_far.courses)
    firsts.push_back(courses.phones[course].passes.front().began);
  if (firsts.size() < least_phones) return std::nullopt;
  const auto start = estimate_start(std::move(firsts));
  const auto width = start.allowed.from;
  const bool most = start.inside * 10 >= start.observed * 8;
  if (!most || width > longest_start || width * 4 > usual_wait(so_far)) return std::nullopt;
  return start;
}

}  // namespace provphone::client::infer::detail
