#include "client/infer/detail/irregular.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace provphone::client::infer::detail {
namespace {

using namespace std::chrono_literals;

// Shorter spans without an answer are told from chance by nobody.
constexpr resync::Duration shortest_gap = 30s;
// Of 100 lines so many are there.
constexpr double logged = 0.97;
// -log of the chance that nobody came in a span although phones were due: two in a thousand
// million.
constexpr double beyond_chance = 20;
constexpr std::size_t least_failing = 3;
// Phones that get power again come within that, or within their Resync_Random_Delay.
constexpr resync::Duration back_at_once = 120s;

// Between two answers, whoever's, or behind the last.
struct Gap {
  Instant from{}, to{};
  double surprise = 0;
  std::set<std::uint32_t> missing;  // who was due, likely at least
  std::set<std::uint32_t> failing;  // who got an error
  std::size_t failures = 0;
  std::vector<Instant> returns;  // of those missing, behind it
  std::map<std::int16_t, std::size_t> statuses;
};

std::vector<Gap> gaps_of(const Courses& courses) {
  std::vector<Instant> successes;
  for (const auto& course : courses.phones)
    for (const auto& pass : course.passes)
      if (pass.outcome != PassOutcome::failed) successes.push_back(pass.began);
  std::sort(successes.begin(), successes.end());
  std::vector<Gap> gaps;
  Instant before = courses.from;
  const auto add = [&](Instant at) {
    if (at - before >= shortest_gap) gaps.push_back({before, at, 0, {}, {}, 0, {}, {}});
    before = at;
  };
  for (const auto at : successes) add(at);
  add(courses.to);
  return gaps;
}

using GapIterator = std::vector<Gap>::iterator;

// The first gap that ends behind that moment.
GapIterator first_gap(std::vector<Gap>& gaps, Instant at) {
  return std::partition_point(gaps.begin(), gaps.end(),
                              [at](const Gap& gap) { return gap.to <= at; });
}

double seconds_of(resync::Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

// That a line of a phone would be in the gap, when by its begin there is none: the phone is still
// to come, or the line is lost.
double chance_in(const Gap& gap, const TimeSpan& due, resync::Duration slack) {
  const auto left = std::max(due.from, gap.from);
  const auto right = std::min(due.to, gap.to - slack);
  if (right < left) return 0;
  const auto width = seconds_of(due.to - due.from) + 1;
  const auto in_gap = (seconds_of(right - left) + 1) / width;
  const auto to_come = (seconds_of(due.to - left) + 1) / width;
  return logged * in_gap / (to_come + (1 - logged) * (1 - to_come));
}

void add_due(std::vector<Gap>& gaps, std::uint32_t course, const TimeSpan& due,
             std::optional<Instant> next, resync::Duration slack) {
  for (auto gap = first_gap(gaps, due.from); gap != gaps.end() && gap->from < due.to; ++gap) {
    if (next && *next < gap->to) break;
    const auto chance = chance_in(*gap, due, slack);
    gap->surprise -= std::log(1 - chance);
    if (chance < 0.5) continue;
    gap->missing.insert(course);
    if (next) gap->returns.push_back(*next);
  }
}

std::size_t elements_before_last(const Inferred* settings) {
  return settings != nullptr && settings->periodic ? settings->periodic->elements.size() - 1 : 0;
}

void add_passes(std::vector<Gap>& gaps, const Irregular& irregular, std::uint32_t course,
                resync::Duration slack) {
  const auto& passes = irregular.courses.phones[course].passes;
  const auto listed = elements_before_last(irregular.settings[course]);
  for (std::size_t p = 0; p < passes.size(); ++p) {
    if (passes[p].outcome == PassOutcome::failed) {
      const auto gap = first_gap(gaps, passes[p].began);
      if (gap == gaps.end() || passes[p].began < gap->from) continue;
      gap->failing.insert(course);
      ++gap->failures;
      ++gap->statuses[passes[p].status];
      continue;
    }
    // In front of the last element of a list, or one behind it where a line is missing, it is not
    // known when the phone is due.
    if (listed > 0 && p <= listed) continue;
    const auto due = due_behind(irregular, course, passes[p].ended);
    std::optional<Instant> next;
    if (p + 1 < passes.size()) next = passes[p + 1].began;
    if (due) add_due(gaps, course, *due, next, slack);
  }
}

std::string listed_statuses(const std::map<std::int16_t, std::size_t>& statuses) {
  std::string text;
  for (const auto& [status, count] : statuses) {
    if (!text.empty()) text += ", ";
    text += status == 0 ? fmt::format("no answer over TFTP {} times", count)
                        : fmt::format("{} {} times", status, count);
  }
  return text;
}

Cause away(const Gap& gap) {
  Cause cause{CauseKind::server_away, gap.from, gap.to, {}, gap.missing.size() + gap.failures, {}};
  cause.courses.assign(gap.missing.begin(), gap.missing.end());
  cause.courses.insert(cause.courses.end(), gap.failing.begin(), gap.failing.end());
  keep_unique(cause.courses);
  cause.sentence = fmt::format("the server was away between {} and {}: nobody got a file",
                               shown(gap.from), shown(gap.to));
  if (!gap.missing.empty())
    cause.sentence += fmt::format(", {} {} due", counted_phones(gap.missing.size()),
                                  gap.missing.size() == 1 ? "was" : "were");
  if (gap.failures != 0)
    cause.sentence += fmt::format(", {} got {}", counted_phones(gap.failing.size()),
                                  listed_statuses(gap.statuses));
  return cause;
}

// Behind an absence of the server phones come back as their retries are due, each at its own time;
// behind one of power all at once.
bool is_power(const Irregular& irregular, const Gap& gap) {
  if (gap.failures != 0 || gap.returns.size() < least_failing) return false;
  auto returns = gap.returns;
  std::sort(returns.begin(), returns.end());
  const auto most = returns[returns.size() * 9 / 10] - returns.front();
  const auto& first = *irregular.settings[*gap.missing.begin()];
  auto width = back_at_once;
  if (first.start)
    width = std::max<resync::Duration>(width, std::chrono::seconds(first.start->delay + 10));
  if (most > width) return false;
  if (!first.error_retry) return true;
  // Retries that are as close together would look the same.
  const auto& last = first.error_retry->elements.back().seen;
  return std::chrono::seconds(last.to) > 2 * width;
}

// The burst that ends the gap, if there is one already, or a new one.
void add_power(std::vector<Cause>& restarts, const Gap& gap) {
  auto burst = std::find_if(restarts.begin(), restarts.end(), [&](const Cause& each) {
    return each.kind != CauseKind::restarted && each.from >= gap.to - back_at_once &&
           each.from <= gap.to + back_at_once;
  });
  if (burst == restarts.end()) {
    restarts.push_back({CauseKind::started_together, gap.to, gap.to, {}, 0, {}});
    burst = std::prev(restarts.end());
  }
  burst->kind = CauseKind::started_together;
  burst->from = std::min(burst->from, gap.from);
  burst->to = std::max(burst->to, *std::max_element(gap.returns.begin(), gap.returns.end()));
  burst->courses.insert(burst->courses.end(), gap.missing.begin(), gap.missing.end());
  keep_unique(burst->courses);
  burst->count += gap.missing.size();
  burst->sentence = fmt::format(
      "{} had no power, or no network, from {} to {}: nobody came though {} {} due, and they came "
      "back together",
      counted_phones(burst->courses.size()), shown(gap.from), shown(gap.to), gap.missing.size(),
      gap.missing.size() == 1 ? "was" : "were");
}

bool is_away(const Gap& gap) {
  return gap.surprise >= beyond_chance || gap.failing.size() >= least_failing;
}

// Failures while others got their file, by status.
std::vector<Cause> failures_outside(const Irregular& irregular, std::span<const Cause> aways) {
  std::map<std::int16_t, Cause> by_status;
  for (std::uint32_t c = 0; c < irregular.courses.phones.size(); ++c) {
    for (const auto& pass : irregular.courses.phones[c].passes) {
      const bool is_explained = std::any_of(aways.begin(), aways.end(), [&](const Cause& each) {
        return pass.began >= each.from && pass.began <= each.to;
      });
      if (pass.outcome != PassOutcome::failed || is_explained) continue;
      auto& cause =
          by_status
              .try_emplace(pass.status,
                           Cause{CauseKind::server_failing, pass.began, pass.began, {}, 0, {}})
              .first->second;
      cause.from = std::min(cause.from, pass.began);
      cause.to = std::max(cause.to, pass.began);
      cause.courses.push_back(c);
      ++cause.count;
    }
  }
  std::vector<Cause> causes;
  for (auto& [status, cause] : by_status) {
    keep_unique(cause.courses);
    cause.sentence =
        fmt::format("{} got {} from {} to {}, while others got their files or none was due",
                    counted_phones(cause.courses.size()), listed_statuses({{status, cause.count}}),
                    shown(cause.from), shown(cause.to));
    causes.push_back(std::move(cause));
  }
  return causes;
}

}  // namespace

std::vector<Cause> find_server_causes(const Irregular& irregular, std::vector<Cause>& restarts) {
  auto gaps = gaps_of(irregular.courses);
  const auto slack = std::chrono::seconds(slack_of(irregular.courses));
  for (std::uint32_t c = 0; c < irregular.courses.phones.size(); ++c)
    add_passes(gaps, irregular, c, slack);
  std::vector<Cause> causes;
  for (const auto& gap : gaps) {
    if (!is_away(gap)) continue;
    if (is_power(irregular, gap)) {
      add_power(restarts, gap);
      continue;
    }
    causes.push_back(away(gap));
  }
  auto failing = failures_outside(irregular, causes);
  causes.insert(causes.end(), failing.begin(), failing.end());
  return causes;
}

}  // namespace provphone::client::infer::detail
