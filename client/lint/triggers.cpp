#include "client/lint/detail/outlook.hpp"
#include "profile/parameter_id.hpp"
#include "resync/trigger.hpp"

#include <fmt/format.h>

namespace provphone::client::lint::detail {
namespace {

using resync::Time;
using resync::TimerOrigins;

// As many as there are of what else a trigger may look at: kinds of a pass, upgrades that failed,
// and lines that are registered or are not.
std::vector<TimerOrigins> conditions_of_phone() {
  std::vector<TimerOrigins> all;
  for (const auto prvst : {0, 1, 2}) {
    for (const auto upgst : {1, 2}) {
      const TimerOrigins registered{prvst, upgst, Time{}, Time{}, std::nullopt, std::nullopt};
      auto unregistered = registered;
      unregistered.unregistered1 = unregistered.unregistered2 = Time{};
      all.push_back(registered);
      all.push_back(unregistered);
    }
  }
  return all;
}

// Settings with that one trigger.
resync::Settings with_trigger(const resync::Settings& settings, std::size_t number) {
  auto alone = settings;
  for (std::size_t i = 0; i < alone.triggers.size(); ++i) {
    if (i != number) alone.triggers[i].clear();
  }
  return alone;
}

bool ever_holds(const Outlook& outlook, std::size_t number) {
  const auto& after = outlook.after;
  const auto source = after.macros();
  const auto lookup = lookup_of(source);
  const auto alone = with_trigger(*after.settings, number);
  for (const auto& origins : conditions_of_phone()) {
    if (next_trigger(alone, origins, lookup, after.personality, Time{}) != Time::max()) return true;
  }
  return false;
}

}  // namespace

std::vector<Finding> trigger_findings(const Outlook& outlook) {
  constexpr auto ids = profile::parameter_ids({"Resync_Trigger_1", "Resync_Trigger_2"});
  const auto& after = outlook.after;
  const auto source = after.macros();
  const auto lookup = lookup_of(source);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& trigger = after.settings->triggers[i];
    if (trigger.empty() || !outlook.sets(ids[i])) continue;
    const auto& name = profile::parameter(ids[i]).name;
    const auto holds = trigger_holds(trigger, TimerOrigins{}.at(Time{}), lookup, after.personality);
    if (!holds) {
      findings.push_back(
          finding_of(Kind::trigger_never, name,
                     fmt::format("cannot be read and counts as false: {}", format(holds.error()))));
    } else if (!*holds && !ever_holds(outlook, i)) {
      findings.push_back(
          finding_of(Kind::trigger_never, name,
                     "holds at no time, whatever timers and states show, for this phone as it is"));
    }
  }
  return findings;
}

}  // namespace provphone::client::lint::detail
