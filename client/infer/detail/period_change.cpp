#include "client/infer/detail/irregular.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace provphone::client::infer::detail {
namespace {

constexpr std::size_t least_changed_waits = 5;

std::vector<Seconds> unexplained(const Irregular& irregular, const Inferred& group) {
  std::vector<Seconds> values;
  for (const auto& [wait, match] : irregular.waits)
    if (irregular.settings[wait.course] == &group && wait.failures == 0 &&
        match.standing != Standing::on_schedule)
      values.push_back(wait.seconds);
  std::sort(values.begin(), values.end());
  return values;
}

// A wait of one of the two periods.
struct Told {
  bool is_other = false;
  Instant began{};  // the pass in front of it
};

// Where one period ends and the other begins, so that as few waits as may be are on the wrong side:
// missing lines make some look like the other period.
struct Split {
  std::size_t right = 0;
  Instant at{};
};

enum class Order : std::uint8_t { own_first, other_first };

Split best_split(const std::vector<Told>& waits, Order order) {
  const auto is_second = [&](const Told& each) {
    return each.is_other == (order == Order::own_first);
  };
  auto right = static_cast<std::size_t>(std::count_if(waits.begin(), waits.end(), is_second));
  Split best{right, waits.front().began};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    right = is_second(waits[i]) ? right - 1 : right + 1;
    if (right <= best.right) continue;
    // With the last wait the second period begins behind it, if at all.
    best = {right, i + 1 < waits.size() ? waits[i + 1].began : Instant::max()};
  }
  return best;
}

struct Succession {
  std::map<std::uint32_t, std::vector<Told>> told;  // by course
  std::size_t waits = 0, others = 0;
  std::size_t in_a_row = 0, with_others = 0;  // phones
};

void add_course(Succession& succession, std::uint32_t course, const std::vector<Told>& told) {
  std::size_t row = 0, longest = 0, others = 0;
  for (const auto& each : told) {
    row = each.is_other ? row + 1 : 0;
    longest = std::max(longest, row);
    others += each.is_other ? 1U : 0U;
  }
  succession.waits += told.size();
  succession.others += others;
  succession.with_others += others > 0 ? 1U : 0U;
  succession.in_a_row += longest >= 2 ? 1U : 0U;
  succession.told[course] = told;
}

Succession succession_of(const Irregular& irregular, const Inferred& group, const Window& window) {
  std::map<std::uint32_t, std::vector<Told>> told;
  for (const auto& [wait, match] : irregular.waits) {
    if (irregular.settings[wait.course] != &group || wait.failures != 0) continue;
    const bool is_own = match.standing == Standing::on_schedule;
    if (!is_own && !window.has(wait.seconds)) continue;
    told[wait.course].push_back({!is_own, irregular.pass_before(wait).began});
  }
  Succession succession;
  for (const auto& [course, waits] : told) add_course(succession, course, waits);
  return succession;
}

struct Change {
  Order order = Order::own_first;
  std::map<std::uint32_t, Instant> at;  // by course: those that were seen to change
  Instant from = Instant::max(), to = Instant::min();
  std::size_t right = 0;
};

Change change_in(const Succession& succession, Order order) {
  Change change;
  change.order = order;
  for (const auto& [course, told] : succession.told) {
    const auto split = best_split(told, order);
    change.right += split.right;
    if (split.at == told.front().began || split.at == Instant::max()) continue;
    change.at[course] = split.at;
    change.from = std::min(change.from, split.at);
    change.to = std::max(change.to, split.at);
  }
  return change;
}

// Most phones have the other period several times on end, and hardly a wait is on the wrong side.
std::optional<Change> change_of(const Succession& succession) {
  if (succession.in_a_row * 2 < succession.with_others || succession.in_a_row == 0)
    return std::nullopt;
  auto first = change_in(succession, Order::own_first);
  auto second = change_in(succession, Order::other_first);
  auto& better = first.right >= second.right ? first : second;
  const auto wrong = succession.waits - better.right;
  if (better.at.empty() || wrong * 2 > succession.others) return std::nullopt;
  return better;
}

// Of the other period's side of the change, and so without what missing lines make of the own one.
std::vector<Seconds> waits_beside(const Irregular& irregular, const Inferred& group,
                                  const Change& change) {
  std::vector<Seconds> values;
  for (const auto& [wait, match] : irregular.waits) {
    const auto at = change.at.find(wait.course);
    if (irregular.settings[wait.course] != &group || wait.failures != 0 || at == change.at.end())
      continue;
    const bool is_before = irregular.pass_before(wait).began < at->second;
    if (is_before == (change.order == Order::other_first)) values.push_back(wait.seconds);
  }
  std::sort(values.begin(), values.end());
  return values;
}

struct OtherPeriod {
  Window window;  // of its waits, with the usual slack
  resync::Delay delay;
  Change change;
  std::size_t waits = 0;
};

std::optional<OtherPeriod> other_period(const Irregular& irregular, const Inferred& group,
                                        const std::vector<Seconds>& values) {
  const auto fit = densest_window(values);
  if (!fit || fit->inside < least_changed_waits || fit->inside * 2 < fit->observed)
    return std::nullopt;
  const auto window = widened(fit->window, slack_of(irregular.courses));
  const auto succession = succession_of(irregular, group, window);
  auto change = change_of(succession);
  if (!change) return std::nullopt;
  const auto estimate = estimate_delay(values, *fit, precision_of(irregular.courses));
  return OtherPeriod{window, estimate.delay, *std::move(change), succession.others};
}

void take_as_regular(Irregular& irregular, const Inferred& group, const Window& window,
                     const Change& change) {
  for (auto& [wait, match] : irregular.waits)
    if (irregular.settings[wait.course] == &group && wait.failures == 0 && window.has(wait.seconds))
      match.standing = Standing::on_schedule;
  const auto own = group.periodic->elements.back().seen;
  for (const auto course : group.courses) {
    const auto known = change.at.find(course);
    const auto at = known == change.at.end() ? change.from : known->second;
    irregular.changes[course] = change.order == Order::own_first ? PeriodChange{at, own, window}
                                                                 : PeriodChange{at, window, own};
  }
}

Cause cause_of(const Change& change, std::size_t others, const std::string& own,
               const std::string& other) {
  Cause cause{CauseKind::period_changed, change.from, change.to, {}, others, {}};
  for (const auto& [course, at] : change.at) cause.courses.push_back(course);
  const bool own_first = change.order == Order::own_first;
  cause.sentence = fmt::format(
      "Resync_Periodic went from {} to {} between {} and {}: {} came by the one before and by the "
      "other behind it",
      own_first ? own : other, own_first ? other : own, shown(change.from), shown(change.to),
      counted_phones(change.at.size()));
  return cause;
}

}  // namespace

std::vector<Cause> find_period_changes(Irregular& irregular) {
  std::vector<const Inferred*> groups;
  for (const auto* each : irregular.settings)
    if (each != nullptr && std::find(groups.begin(), groups.end(), each) == groups.end())
      groups.push_back(each);
  std::map<std::string, Cause> changes;  // by from and to: groups may have seen the same one
  for (const auto* group : groups) {
    if (!group->periodic) continue;
    auto other = other_period(irregular, *group, unexplained(irregular, *group));
    if (!other) continue;
    const auto again =
        other_period(irregular, *group, waits_beside(irregular, *group, other->change));
    if (again) other = again;
    auto cause = cause_of(other->change, other->waits, written(list_of(*group->periodic)),
                          written(resync::DelayList{{other->delay}}));
    take_as_regular(irregular, *group, other->window, other->change);
    const auto key = cause.sentence.substr(0, cause.sentence.find(" between "));
    const auto [at, is_new] = changes.try_emplace(key, cause);
    if (is_new) continue;
    auto& known = at->second.courses;
    known.insert(known.end(), cause.courses.begin(), cause.courses.end());
    keep_unique(known);
    at->second.count += cause.count;
  }
  std::vector<Cause> causes;
  causes.reserve(changes.size());
  for (auto& [key, cause] : changes) causes.push_back(std::move(cause));
  return causes;
}

}  // namespace provphone::client::infer::detail
