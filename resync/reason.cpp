#include "resync/reason.hpp"

#include <array>
#include <cstddef>

namespace provphone::resync {
namespace {

struct Row {
  Reason reason;
  std::string_view name;
  std::string_view sentence;
};

constexpr std::array rows{
    Row{Reason::power_on, "power_on", "the phone was powered on"},
    Row{Reason::random_delay, "random_delay",
        "the boot pass waits a random part of Resync_Random_Delay"},
    Row{Reason::no_random_delay, "no_random_delay",
        "Resync_Random_Delay is 0, so the boot pass starts at once"},
    Row{Reason::explicit_request, "explicit_request", "a resync was asked for"},
    Row{Reason::periodic_interval, "periodic_interval",
        "Resync_Periodic counts from the last success"},
    Row{Reason::periodic_disabled, "periodic_disabled", "Resync_Periodic is 0 or empty"},
    Row{Reason::error_retry_delay, "error_retry_delay",
        "Resync_Error_Retry_Delay counts from the failure"},
    Row{Reason::error_retry_disabled, "error_retry_disabled",
        "Resync_Error_Retry_Delay is 0, so nothing is retried"},
    Row{Reason::provisioning_disabled, "provisioning_disabled", "Provision_Enable is No"},
    Row{Reason::resync_on_reset_off, "resync_on_reset_off", "Resync_On_Reset is No"},
    Row{Reason::pass_in_progress, "pass_in_progress", "another pass is under way"},
    Row{Reason::all_rules_done, "all_rules_done", "every rule succeeded or was skipped"},
    Row{Reason::rule_failed, "rule_failed", "a rule failed, the ones behind it are not evaluated"},
    Row{Reason::rule_empty, "rule_empty", "the rule is empty"},
    Row{Reason::no_guard_held, "no_guard_held", "no alternative's condition holds"},
    Row{Reason::rule_unreadable, "rule_unreadable", "the rule cannot be read"},
    Row{Reason::file_not_found_forgiven, "file_not_found_forgiven",
        "the file is not there, which Resync_Fails_On_FNF says is no failure"},
    Row{Reason::profile_rule_changed, "profile_rule_changed",
        "the pass changed a Profile_Rule, so another follows"},
    Row{Reason::chained_pass_limit, "chained_pass_limit", "pass after pass changed a Profile_Rule"},
    Row{Reason::resync_at, "resync_at", "Resync_At and its random delay have come"},
    Row{Reason::resync_at_not_set, "resync_at_not_set", "Resync_At is empty or no time of day"},
    Row{Reason::clock_unset, "clock_unset",
        "Resync_At cannot be waited for before the phone knows what time it is"},
    Row{Reason::trigger_holds, "trigger_holds", "a Resync_Trigger has become true"},
    Row{Reason::trigger_false, "trigger_false", "no Resync_Trigger that is set holds"},
    Row{Reason::call_active, "call_active", "a call is in progress"},
    Row{Reason::forced_resync_delay, "forced_resync_delay",
        "Forced_Resync_Delay still counts since the last call"},
    Row{Reason::upgrade_in_progress, "upgrade_in_progress", "a firmware upgrade is under way"},
    Row{Reason::resync_from_sip_off, "resync_from_sip_off", "Resync_From_SIP is No"},
    Row{Reason::direct_action_url_off, "direct_action_url_off", "Enable_Direct_Action_Url is No"},
    Row{Reason::user_resync_off, "user_resync_off", "User_Configurable_Resync is No"},
    Row{Reason::one_time_request, "one_time_request",
        "a resync to a rule of its own was asked for"},
    Row{Reason::restart_requested, "restart_requested", "a restart was asked for"},
    Row{Reason::restart_for_parameters, "restart_for_parameters",
        "the pass changed a parameter that takes a restart"},
    Row{Reason::restart_for_upgrade, "restart_for_upgrade", "new firmware was loaded"},
    Row{Reason::restart_off_boot_pass, "restart_off_boot_pass",
        "a restart that a pass caused brings no boot pass"},
    Row{Reason::upgrade_attempted, "upgrade_attempted",
        "Resync_After_Upgrade_Attempt asks for a pass behind every upgrade"},
    Row{Reason::resync_after_upgrade_off, "resync_after_upgrade_off",
        "Resync_After_Upgrade_Attempt is No"},
    Row{Reason::upgrade_disabled, "upgrade_disabled", "Upgrade_Enable is No"},
    Row{Reason::upgrade_retry_delay, "upgrade_retry_delay",
        "Upgrade_Error_Retry_Delay counts from the failed upgrade"},
    Row{Reason::upgrade_retry_disabled, "upgrade_retry_disabled",
        "Upgrade_Error_Retry_Delay is 0, so the upgrade is not retried"},
};

consteval bool rows_stand_in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].reason) != i) return false;
  }
  return rows.size() == static_cast<std::size_t>(Reason::upgrade_retry_disabled) + 1;
}
static_assert(rows_stand_in_order());

}  // namespace

std::string_view name(Reason reason) {
  return rows[static_cast<std::size_t>(reason)].name;
}

std::string_view sentence(Reason reason) {
  return rows[static_cast<std::size_t>(reason)].sentence;
}

std::string_view name(PassKind kind) {
  constexpr std::array<std::string_view, 4> names{"explicit", "boot", "periodic", "retry"};
  return names[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(kind) + 1)];
}

std::string_view name(Timer timer) {
  constexpr std::array<std::string_view, 8> names{"none",          "boot_delay", "periodic",
                                                  "error_retry",   "resync_at",  "trigger",
                                                  "upgrade_retry", "restart"};
  return names[static_cast<std::size_t>(timer)];
}

}  // namespace provphone::resync
