#include "client/infer/detail/irregular.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::infer::detail {
namespace {

using namespace std::chrono_literals;

// Phones that come one after the other within this come together, where they are so many.
constexpr resync::Duration one_after_the_other = 60s;
constexpr std::size_t least_together = 5;
// Phones that are asked by NOTIFY ask at once, those that boot wait for a part of
// Resync_Random_Delay first (R-RESYNC-06).
constexpr resync::Duration at_once = 5s;
// Dues that a phone has missed, one after the other, before it is said to be gone: by chance one
// phone in some millions does.
constexpr std::int64_t missed_dues = 5;

struct Early {
  Instant at{};
  std::uint32_t course = 0;
};

std::vector<Early> early_passes(const Irregular& irregular) {
  std::vector<Early> passes;
  for (const auto& [wait, match] : irregular.waits)
    if (match.standing == Standing::off_schedule)
      passes.push_back({irregular.pass_behind(wait).began, wait.course});
  std::sort(passes.begin(), passes.end(),
            [](const Early& a, const Early& b) { return a.at < b.at; });
  return passes;
}

std::vector<std::uint32_t> courses_in(std::span<const Early> passes) {
  std::vector<std::uint32_t> courses;
  for (const auto& pass : passes) courses.push_back(pass.course);
  keep_unique(courses);
  return courses;
}

// Whether boots of these phones would be spread wider than that.
bool is_less_than_a_boot(const Irregular& irregular, std::span<const Early> passes) {
  const auto width = passes.back().at - passes.front().at;
  if (width > at_once + irregular.courses.resolution) return false;
  const auto& start = irregular.settings[passes.front().course]->start;
  return !start ||
         start->delay > 2 * std::chrono::duration_cast<std::chrono::seconds>(width).count();
}

Cause together(const Irregular& irregular, std::span<const Early> passes) {
  Cause cause{CauseKind::started_together, passes.front().at, passes.back().at,
              courses_in(passes),          passes.size(),     {}};
  if (is_less_than_a_boot(irregular, passes)) cause.kind = CauseKind::asked_together;
  const auto seconds = std::chrono::round<std::chrono::seconds>(cause.to - cause.from).count();
  cause.sentence =
      cause.kind == CauseKind::asked_together
          ? fmt::format("somebody asked {} for a pass at {}: all came within {} s, none was due",
                        counted_phones(cause.courses.size()), shown(cause.from), seconds)
          : fmt::format(
                "{} restarted at {}, by power or because they were told to: they came before they "
                "were due, within {} s, as boots are spread by Resync_Random_Delay",
                counted_phones(cause.courses.size()), shown(cause.from), seconds);
  return cause;
}

Cause alone(std::span<const Early> passes) {
  Cause cause{CauseKind::restarted, passes.front().at, passes.back().at,
              courses_in(passes),   passes.size(),     {}};
  cause.sentence = fmt::format(
      "{} restarted, or {} asked for a pass, each for itself: {} came before one was due{}",
      counted_phones(cause.courses.size()), cause.courses.size() == 1 ? "was" : "were",
      passes.size() == 1 ? "one pass" : fmt::format("{} passes", passes.size()),
      passes.size() == 1 ? fmt::format(", at {}", shown(cause.from))
                         : fmt::format(", from {} to {}", shown(cause.from), shown(cause.to)));
  return cause;
}

bool is_within(const TimeSpan& span, const Cause& cause) {
  return cause.kind == CauseKind::server_away && cause.from <= span.from && span.to <= cause.to;
}

}  // namespace

std::vector<Cause> find_restarts(const Irregular& irregular) {
  std::vector<Cause> causes;
  std::vector<Early> singles;
  const auto passes = early_passes(irregular);
  for (auto at = passes.begin(); at != passes.end();) {
    auto end = at + 1;
    while (end != passes.end() && end->at - (end - 1)->at <= one_after_the_other) ++end;
    const std::span cluster(at, end);
    if (courses_in(cluster).size() >= least_together)
      causes.push_back(together(irregular, cluster));
    else
      singles.insert(singles.end(), cluster.begin(), cluster.end());
    at = end;
  }
  if (!singles.empty()) causes.push_back(alone(singles));
  return causes;
}

std::vector<Cause> find_silent_phones(const Irregular& irregular,
                                      std::span<const Cause> of_server) {
  Cause cause{CauseKind::fell_silent, Instant::max(), Instant::min(), {}, 0, {}};
  for (std::uint32_t c = 0; c < irregular.courses.phones.size(); ++c) {
    const auto& last = irregular.courses.phones[c].passes.back();
    const auto due = due_behind(irregular, c, last.ended);
    if (!due || last.outcome == PassOutcome::failed) continue;
    const auto missed = (irregular.courses.to - last.ended) / (due->to - last.ended);
    const TimeSpan span{due->from, irregular.courses.to};
    const bool is_server = std::any_of(of_server.begin(), of_server.end(),
                                       [&](const Cause& each) { return is_within(span, each); });
    if (missed < missed_dues || is_server) continue;
    cause.courses.push_back(c);
    cause.count += static_cast<std::size_t>(missed);
    cause.from = std::min(cause.from, last.ended);
    cause.to = std::max(cause.to, last.ended);
  }
  if (cause.courses.empty()) return {};
  const bool is_one = cause.courses.size() == 1;
  cause.sentence = fmt::format(
      "{} came no more, {} off, gone or set otherwise: the last request was {} {}, and {} passes "
      "were due since",
      counted_phones(cause.courses.size()), is_one ? "is" : "are", is_one ? "at" : "by",
      shown(cause.to), cause.count);
  return {cause};
}

}  // namespace provphone::client::infer::detail
