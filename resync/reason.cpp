#include "resync/reason.hpp"

#include "macro/enum_array.hpp"

namespace provphone::resync {
namespace {

// A sentence can stand behind "because". A remedy is for a person who wonders why a phone waits or
// does nothing; what it says has to follow from the rules of docs/behaviour, like all that is told
// of phones.
struct Row {
  Reason reason;
  std::string_view name;
  std::string_view sentence;
  std::string_view remedy;
};

constexpr EnumArray<Reason, Row> rows{{
    Row{Reason::power_on, "power_on", "the phone was powered on", ""},
    Row{Reason::random_delay, "random_delay",
        "the boot pass waits a random part of Resync_Random_Delay",
        "ask for a resync; a smaller Resync_Random_Delay counts from the next start on"},
    Row{Reason::no_random_delay, "no_random_delay",
        "Resync_Random_Delay is 0, so the boot pass starts at once", ""},
    Row{Reason::explicit_request, "explicit_request", "a resync was asked for", ""},
    Row{Reason::periodic_interval, "periodic_interval",
        "Resync_Periodic counts from the last success",
        "ask for a resync; a shorter Resync_Periodic counts from the next pass that succeeds"},
    Row{Reason::periodic_disabled, "periodic_disabled", "Resync_Periodic is 0 or empty",
        "ask for a resync; for passes that come by themselves, set Resync_At__HHmm_ to a valid "
        "time, which counts at once, or give Resync_Periodic a value, which counts from the next "
        "pass that succeeds"},
    // The wait that runs was drawn when it began: a changed list counts from the next one
    // (R-RESYNC-12).
    Row{Reason::error_retry_delay, "error_retry_delay",
        "Resync_Error_Retry_Delay counts from the failure",
        "ask for a resync; other waits in Resync_Error_Retry_Delay count from the next failure on"},
    Row{Reason::error_retry_disabled, "error_retry_disabled",
        "Resync_Error_Retry_Delay is 0, so nothing is retried",
        "afterwards ask for a resync or restart the phone, since nothing is retried; a value of "
        "Resync_Error_Retry_Delay counts from the next failure on"},
    // The remedy cannot be a profile: with this switch off none is fetched (R-RESYNC-03).
    Row{Reason::provisioning_disabled, "provisioning_disabled", "Provision_Enable is No",
        "set Provision_Enable to Yes at the phone itself; as long as it is No, no profile is "
        "fetched that could do it, and requests are held too"},
    // R-RESYNC-04: one pass that was asked for and succeeds starts the schedule.
    Row{Reason::resync_on_reset_off, "resync_on_reset_off", "Resync_On_Reset is No",
        "ask for a resync, whose success starts the periodic timer, or set Resync_On_Reset to Yes "
        "and restart the phone"},
    Row{Reason::pass_in_progress, "pass_in_progress", "another pass is under way",
        "wait for the end of the pass that runs"},
    Row{Reason::all_rules_done, "all_rules_done", "every rule succeeded or was skipped", ""},
    Row{Reason::rule_failed, "rule_failed", "a rule failed, the ones behind it are not evaluated",
        ""},
    Row{Reason::rule_empty, "rule_empty", "the rule is empty", "write a rule into it"},
    Row{Reason::no_guard_held, "no_guard_held", "no alternative's condition holds",
        "make one of the conditions true, or add a last alternative without a condition"},
    Row{Reason::rule_unreadable, "rule_unreadable", "the rule cannot be read", "correct the rule"},
    Row{Reason::file_not_found_forgiven, "file_not_found_forgiven",
        "the file is not there, which Resync_Fails_On_FNF says is no failure",
        "put the file where the rule looks for it, or set Resync_Fails_On_FNF to Yes so that its "
        "absence is a failure, which is retried"},
    Row{Reason::profile_rule_changed, "profile_rule_changed",
        "the pass changed a Profile_Rule, so another follows", ""},
    Row{Reason::chained_pass_limit, "chained_pass_limit", "pass after pass changed a Profile_Rule",
        "let the profile that is served in the end leave Profile_Rule to Profile_Rule_D as they "
        "are"},
    Row{Reason::resync_at, "resync_at", "Resync_At and its random delay have come",
        "ask for a resync, or set Resync_At__HHmm_ to an earlier time"},
    Row{Reason::resync_at_not_set, "resync_at_not_set", "Resync_At is empty or no time of day",
        "set Resync_At__HHmm_ to four digits from 0000 to 2400"},
    Row{Reason::clock_unset, "clock_unset",
        "Resync_At cannot be waited for before the phone knows what time it is",
        "let the phone learn the time (NTP, or the Date of a SIP answer), or ask for a resync"},
    Row{Reason::trigger_holds, "trigger_holds", "a Resync_Trigger has become true", ""},
    Row{Reason::trigger_false, "trigger_false", "no Resync_Trigger that is set holds",
        "make one trigger true, empty both, or ask for a resync, which does not look at triggers"},
    Row{Reason::call_active, "call_active", "a call is in progress", "end the call"},
    Row{Reason::forced_resync_delay, "forced_resync_delay",
        "Forced_Resync_Delay still counts since the last call",
        "keep its lines free until then, or ask for a resync, which does not wait for it"},
    Row{Reason::upgrade_in_progress, "upgrade_in_progress", "a firmware upgrade is under way",
        "wait for the end of the upgrade"},
    Row{Reason::resync_from_sip_off, "resync_from_sip_off", "Resync_From_SIP is No",
        "set Resync_From_SIP to Yes, or ask in another way than by SIP"},
    Row{Reason::direct_action_url_off, "direct_action_url_off", "Enable_Direct_Action_Url is No",
        "set Enable_Direct_Action_Url to Yes, or ask in another way than by its web page"},
    Row{Reason::user_resync_off, "user_resync_off", "User_Configurable_Resync is No",
        "set User_Configurable_Resync to Yes, or ask in another way than by its menu"},
    Row{Reason::one_time_request, "one_time_request", "a resync to a rule of its own was asked for",
        ""},
    Row{Reason::restart_requested, "restart_requested", "a restart was asked for", ""},
    Row{Reason::restart_for_parameters, "restart_for_parameters",
        "the pass changed a parameter that takes a restart", ""},
    Row{Reason::restart_for_upgrade, "restart_for_upgrade", "new firmware was loaded", ""},
    Row{Reason::restart_off_boot_pass, "restart_off_boot_pass",
        "a restart that a pass caused brings no boot pass",
        "ask for a resync, or wait for the timer that goes on; knob boot_pass_after_update"},
    Row{Reason::upgrade_attempted, "upgrade_attempted",
        "Resync_After_Upgrade_Attempt asks for a pass behind every upgrade", ""},
    Row{Reason::resync_after_upgrade_off, "resync_after_upgrade_off",
        "Resync_After_Upgrade_Attempt is No",
        "set Resync_After_Upgrade_Attempt to Yes, or ask for a resync"},
    Row{Reason::upgrade_disabled, "upgrade_disabled", "Upgrade_Enable is No",
        "set Upgrade_Enable to Yes"},
    Row{Reason::upgrade_retry_delay, "upgrade_retry_delay",
        "Upgrade_Error_Retry_Delay counts from the failed upgrade",
        "make the waits in Upgrade_Error_Retry_Delay shorter, or change Upgrade_Rule"},
    Row{Reason::upgrade_retry_disabled, "upgrade_retry_disabled",
        "its retry delay is 0, so the upgrade is not retried",
        "change Upgrade_Rule, or give Upgrade_Error_Retry_Delay a value"},
    Row{Reason::no_url, "no_url", "the rule names no file", "name a file in the rule"},
    Row{Reason::already_running, "already_running", "the phone runs the load that the rule names",
        ""},
    Row{Reason::already_tried, "already_tried",
        "the same load was tried, and the rule has not changed since", "change Upgrade_Rule"},
    Row{Reason::downgrade_refused, "downgrade_refused",
        "the load is older than Downgrade_Rev_Limit",
        "name a newer load, or lower Downgrade_Rev_Limit"},
    Row{Reason::report_requested, "report_requested", "a report was asked for", ""},
    Row{Reason::report_after_start, "report_after_start",
        "Report_To_Server is On Request, and the phone has come up", ""},
    Row{Reason::report_period, "report_period", "Periodic_Upload_To_Server counts",
        "ask for a report, or make Periodic_Upload_To_Server shorter"},
    Row{Reason::local_change, "local_change",
        "Upload_Delay_On_Local_Change counts from a change made at the phone",
        "ask for a report, or make Upload_Delay_On_Local_Change shorter"},
    Row{Reason::restart_for_local_change, "restart_for_local_change",
        "somebody changed a parameter at the phone that takes a restart", ""},
    Row{Reason::restart_for_submit, "restart_for_submit", "changes were submitted on its web page",
        ""},
    Row{Reason::submitted, "submitted", "changes were submitted on its web page", ""},
    Row{Reason::local_change_off_boot_pass, "local_change_off_boot_pass",
        "a restart that a change at the phone caused brings no boot pass",
        "ask for a resync, or wait for the timer that goes on; knob boot_pass_after_local_change"},
    // Both take effect with a restart (R-RESYNC-45), and neither can be set on the page itself.
    Row{Reason::web_server_off, "web_server_off", "Enable_Web_Server is No",
        "set Enable_Web_Server to Yes by a profile or at the phone, or ask in another way than by "
        "its web server"},
    Row{Reason::web_admin_off, "web_admin_off", "Enable_Web_Admin_Access is No",
        "set Enable_Web_Admin_Access to Yes by a profile or at the phone, or ask in another way "
        "than by its web page"},
    Row{Reason::factory_reset, "factory_reset", "it was reset to factory settings", ""},
    Row{Reason::ip_changed, "ip_changed", "its DHCP lease has another address", ""},
    Row{Reason::licence_retry_delay, "licence_retry_delay",
        "Transition_Authorization_Error_Retry_Delay counts from the refusal",
        "have Trans_Auth_Rule lead to the licence, then ask for an upgrade or change Upgrade_Rule"},
    Row{Reason::awaits_code, "awaits_code", "the phone asks for an activation code",
        "enter one: --activation-code, or the event activation_code"},
    Row{Reason::code_entered, "code_entered", "an activation code was entered", ""},
    Row{Reason::second_restart, "second_restart",
        "the first start behind an upgrade is followed by another (knob starts_after_upgrade)", ""},
    Row{Reason::restart_for_certificate, "restart_for_certificate",
        "the phone's certificate was renewed", ""},
    Row{Reason::certificate_off_boot_pass, "certificate_off_boot_pass",
        "a restart that a renewed certificate caused brings no boot pass",
        "ask for a resync, or wait for the timer that goes on; knob boot_pass_after_update"},
}};
static_assert(stand_in_order(rows, &Row::reason));

}  // namespace

std::string_view name(Reason reason) {
  return rows[reason].name;
}

std::string_view sentence(Reason reason) {
  return rows[reason].sentence;
}

std::string_view remedy(Reason reason) {
  return rows[reason].remedy;
}

std::optional<Reason> reason_named(std::string_view name) {
  for (const auto& row : rows) {
    if (row.name == name) return row.reason;
  }
  return std::nullopt;
}

std::string_view name(Missed missed) {
  constexpr EnumArray<Missed, std::string_view> names{
      {"off", "restarting", "no_link", "migrated", "not_asked"}};
  return names[missed];
}

std::string_view sentence(Missed missed) {
  constexpr EnumArray<Missed, std::string_view> sentences{
      {"the phone is off", "the phone is restarting", "the phone's link is down",
       "the phone runs enterprise firmware", "the phone asks for no activation code"}};
  return sentences[missed];
}

std::string_view name(PassKind kind) {
  switch (kind) {
    case PassKind::explicit_request:
      return "explicit";
    case PassKind::boot:
      return "boot";
    case PassKind::periodic:
      return "periodic";
    case PassKind::error_retry:
      return "retry";
  }
  return {};
}

std::string_view name(Timer timer) {
  constexpr EnumArray<Timer, std::string_view> names{{"none", "boot_delay", "periodic",
                                                      "error_retry", "resync_at", "trigger",
                                                      "upgrade_retry", "restart", "report"}};
  return names[timer];
}

}  // namespace provphone::resync
