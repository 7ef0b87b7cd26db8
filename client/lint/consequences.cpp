#include "client/lint/consequences.hpp"

#include "client/lint/detail/outlook.hpp"
#include "profile/parameter_id.hpp"
#include "resync/explain_facts.hpp"
#include "resync/restart.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::lint {
namespace {

using detail::Outlook;
using profile::parameter_id;
using resync::Reason;

constexpr auto provision_enable = parameter_id("Provision_Enable");
constexpr auto resync_periodic = parameter_id("Resync_Periodic");
constexpr auto resync_at = parameter_id("Resync_At__HHmm_");
constexpr auto retry_delay = parameter_id("Resync_Error_Retry_Delay");
constexpr std::uint32_t minute = 60;

std::string_view name_of(profile::ParameterId id) {
  return profile::parameter(id).name;
}

Finding about(Kind kind, profile::ParameterId id, std::string text) {
  return finding_of(kind, name_of(id), std::move(text));
}

// R-RESYNC-10, R-RESYNC-21: what is set and counts as something else.
void add_read_otherwise(std::vector<Finding>& findings, const Outlook& outlook) {
  const auto source = outlook.after.macros();
  for (const auto reason : {Reason::resync_at, Reason::periodic_interval, Reason::error_retry_delay,
                            Reason::upgrade_retry_delay, Reason::licence_retry_delay}) {
    for (const auto& setting : settings_behind(reason, source)) {
      const auto id = profile::find_parameter(setting.name);
      // Resync_At is behind two reasons.
      const bool is_repeated = reason == Reason::periodic_interval && id == resync_at;
      if (setting.note.empty() || is_repeated || !outlook.sets(*id)) continue;
      findings.push_back(about(Kind::read_otherwise, *id, setting.note));
    }
  }
}

// R-RESYNC-03
void add_switched_off(std::vector<Finding>& findings, const Outlook& outlook) {
  if (!outlook.sets(provision_enable) || outlook.after.settings->provision_enable) return;
  findings.push_back(about(Kind::provisioning_off, provision_enable,
                           "no pass starts any more, one that is asked for included"));
}

// R-RESYNC-08, R-RESYNC-09, R-RESYNC-20
void add_period(std::vector<Finding>& findings, const Outlook& outlook) {
  if (!outlook.sets(resync_periodic)) return;
  const auto& settings = *outlook.after.settings;
  const bool is_off = is_disabled(settings.periodic);
  if (settings.resync_at) {
    if (!is_off && outlook.sets(resync_at))
      findings.push_back(about(Kind::contradictory, resync_periodic,
                               "does not count beside Resync_At__HHmm_, which is set too"));
    return;
  }
  if (is_off) {
    // R-RESYNC-32: on SPA phones a trigger may start passes.
    if (!settings.has_triggers())
      findings.push_back(about(Kind::period_off, resync_periodic,
                               "no pass comes by itself but at a start of the phone"));
    return;
  }
  const auto last = settings.periodic.delays.back();
  if (last.seconds >= minute) return;
  findings.push_back(about(Kind::period_short, resync_periodic,
                           fmt::format("the phone asks for its profile every {} s", last.seconds)));
}

std::string_view again_after(std::uint32_t seconds) {
  return seconds == 0 ? "at once" : "within a minute";
}

// R-RESYNC-13
void add_retry(std::vector<Finding>& findings, const Outlook& outlook) {
  if (!outlook.sets(retry_delay)) return;
  const auto& list = outlook.after.settings->error_retry;
  const bool is_off = is_disabled(list);
  if (is_off && outlook.after.personality.error_retry_zero == resync::ErrorRetryZero::none) {
    findings.push_back(about(Kind::retry_off, retry_delay,
                             "behind a failed pass the phone waits for its next period"));
    return;
  }
  const auto last = is_off ? 0U : list.delays.back().seconds;
  if (last < minute) {
    findings.push_back(about(
        Kind::retry_short, retry_delay,
        fmt::format("a failed pass is tried again after {} s, for as long as it fails", last)));
  } else if (list.delays.front().seconds < minute) {
    auto finding = about(Kind::retry_short, retry_delay,
                         fmt::format("a failed pass is first tried again {}",
                                     again_after(list.delays.front().seconds)));
    finding.severity = Severity::low;
    findings.push_back(std::move(finding));
  }
}

// R-RESYNC-45, R-RESYNC-46
void add_restarts(std::vector<Finding>& findings, const Outlook& outlook) {
  const auto& personality = outlook.after.personality;
  // Then every file that changes anything would be one.
  if (personality.restart_on_change == resync::RestartOnChange::any) return;
  for (const auto id : outlook.changed) {
    if (resync::needs_restart({&id, 1}, personality))
      findings.push_back(about(Kind::restarts, id,
                               "is another value than the phone has, so it restarts behind the "
                               "pass"));
  }
}

}  // namespace

namespace detail {

bool Outlook::sets(profile::ParameterId id) const {
  return std::binary_search(set.begin(), set.end(), id);
}

Outlook outlook_of(std::span<const profile::Change> changes, const resync::Device& before) {
  Outlook outlook{before, before, {}, {}};
  outlook.changed = profile::apply(outlook.after.parameters, {changes.begin(), changes.end()});
  outlook.after.settings_changed();
  for (const auto& change : changes) {
    if (change.value) outlook.set.push_back(change.id);
  }
  std::sort(outlook.set.begin(), outlook.set.end());
  return outlook;
}

}  // namespace detail

std::vector<Finding> consequences(std::span<const profile::Change> changes,
                                  const resync::Device& before) {
  const auto outlook = detail::outlook_of(changes, before);
  auto findings = detail::rule_findings(outlook);
  add_switched_off(findings, outlook);
  add_read_otherwise(findings, outlook);
  add_period(findings, outlook);
  add_retry(findings, outlook);
  const auto triggers = detail::trigger_findings(outlook);
  findings.insert(findings.end(), triggers.begin(), triggers.end());
  add_restarts(findings, outlook);
  return findings;
}

}  // namespace provphone::client::lint
