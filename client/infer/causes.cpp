#include "client/infer/causes.hpp"

#include "client/infer/detail/irregular.hpp"

#include <algorithm>
#include <array>

namespace provphone::client::infer {
namespace detail {

void keep_unique(std::vector<std::uint32_t>& courses) {
  std::sort(courses.begin(), courses.end());
  courses.erase(std::unique(courses.begin(), courses.end()), courses.end());
}

namespace {

// With less to go by everything would seem irregular.
constexpr std::size_t least_on_schedule = 5;

}  // namespace

std::optional<TimeSpan> due_behind(const Irregular& irregular, std::uint32_t course,
                                   Instant ended) {
  const auto* settings = irregular.settings[course];
  if (settings == nullptr) return std::nullopt;
  const auto& refusing = irregular.refusing[course];
  if (refusing && ended >= refusing->from && ended <= refusing->to) return std::nullopt;
  const auto& change = irregular.changes[course];
  if (!change) return infer::due_behind(*settings, ended, irregular.zone);
  const auto& due = ended < change->at ? change->before : change->behind;
  return TimeSpan{ended + std::chrono::seconds(due.from), ended + std::chrono::seconds(due.to)};
}

}  // namespace detail

std::string_view name(CauseKind kind) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(CauseKind::last) + 1> names{
      "server_away",    "server_failing", "file_refused",   "started_together",
      "asked_together", "restarted",      "period_changed", "fell_silent"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<Cause> causes_of(const Courses& courses, const Inference& inference,
                             resync::ZoneView zone) {
  detail::Irregular irregular{courses, zone, {}, {}, {}, {}};
  irregular.settings.resize(courses.phones.size(), nullptr);
  irregular.changes.resize(courses.phones.size());
  irregular.refusing.resize(courses.phones.size());
  for (const auto& group : inference.groups) {
    if (group.accounts.on_schedule < detail::least_on_schedule) continue;
    for (const auto course : group.courses) irregular.settings[course] = &group;
  }
  for (const auto& wait : waits_of(courses)) {
    if (const auto* settings = irregular.settings[wait.course])
      irregular.waits.push_back({wait, match(wait, *settings, courses, zone)});
  }
  auto causes = detail::find_period_changes(irregular);
  const auto refused = detail::find_refused_files(irregular, inference.groups.front().error_retry);
  causes.insert(causes.end(), refused.begin(), refused.end());
  auto restarts = detail::find_restarts(irregular);
  const auto of_server = detail::find_server_causes(irregular, restarts);
  const auto silent = detail::find_silent_phones(irregular, of_server);
  causes.insert(causes.end(), restarts.begin(), restarts.end());
  causes.insert(causes.end(), of_server.begin(), of_server.end());
  causes.insert(causes.end(), silent.begin(), silent.end());
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause& a, const Cause& b) { return a.from < b.from; });
  return causes;
}

}  // namespace provphone::client::infer
