#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The closed lists of words in which a phone's decisions are told: reasons, who asks, passes and
// timers. Traces are read back by their names.
namespace provphone::resync {

// Why a phone did something, or did not. Log lines, traces and reports are rendered from it. A
// decision that held, deferred or skipped something has one too.
enum class Reason : std::uint8_t {
  power_on,
  random_delay,           // the boot pass waits its share of Resync_Random_Delay
  no_random_delay,        // Resync_Random_Delay is 0
  explicit_request,       // a person, a web page or a SIP message asked
  periodic_interval,      // an element of Resync_Periodic
  periodic_disabled,      // Resync_Periodic is 0 or empty
  error_retry_delay,      // an element of Resync_Error_Retry_Delay
  error_retry_disabled,   // Resync_Error_Retry_Delay is 0 or empty
  provisioning_disabled,  // Provision_Enable is No
  resync_on_reset_off,    // Resync_On_Reset is No
  pass_in_progress,       // a request that waits for the running pass
  all_rules_done,         // every rule was skipped or succeeded
  rule_failed,
  rule_empty,                  // nothing in the rule, or commented out
  no_guard_held,               // every alternative has a guard, and all are false
  rule_unreadable,             // it cannot be read, and the personality skips such rules
  file_not_found_forgiven,     // Resync_Fails_On_FNF is No
  profile_rule_changed,        // the pass changed a Profile_Rule, another follows at once
  chained_pass_limit,          // ... too often
  resync_at,                   // the phone's instant in the window of Resync_At
  resync_at_not_set,           // Resync_At is empty or invalid
  clock_unset,                 // Resync_At waits for a clock
  trigger_holds,               // a Resync_Trigger started the pass
  trigger_false,               // no Resync_Trigger that is set holds
  call_active,                 // a line is in use
  forced_resync_delay,         // Forced_Resync_Delay counts since the last call
  upgrade_in_progress,         // a request that waits for the upgrade
  resync_from_sip_off,         // Resync_From_SIP is No
  direct_action_url_off,       // Enable_Direct_Action_Url is No
  user_resync_off,             // User_Configurable_Resync is No
  one_time_request,            // a rule handed over with the request
  restart_requested,           // a person or a SIP message asked for a restart
  restart_for_parameters,      // what the pass changed takes effect with a restart
  restart_for_upgrade,         // to the new load
  restart_off_boot_pass,       // no boot pass behind a restart that a pass caused
  upgrade_attempted,           // Resync_After_Upgrade_Attempt
  resync_after_upgrade_off,    // Resync_After_Upgrade_Attempt is No
  upgrade_disabled,            // Upgrade_Enable is No
  upgrade_retry_delay,         // an element of Upgrade_Error_Retry_Delay
  upgrade_retry_disabled,      // Upgrade_Error_Retry_Delay is 0 or empty
  no_url,                      // the rule's alternative holds assignments only
  already_running,             // the rule's load is the one that runs
  already_tried,               // neither the rule nor what it leads to has changed since
  downgrade_refused,           // the load is older than Downgrade_Rev_Limit
  report_requested,            // a SIP message asked for a report
  report_after_start,          // Report_To_Server is On Request, and the phone has come up
  report_period,               // Periodic_Upload_To_Server
  local_change,                // Upload_Delay_On_Local_Change behind the first one
  restart_for_local_change,    // what a person changed takes effect with a restart
  restart_for_submit,          // Submit All Changes
  submitted,                   // the pass behind that restart
  local_change_off_boot_pass,  // no boot pass behind a restart for a person's change
  web_server_off,              // Enable_Web_Server is No
  web_admin_off,               // Enable_Web_Admin_Access is No
  factory_reset,               // somebody reset the phone to what it left the factory with
  ip_changed,                  // the DHCP lease has another address
  licence_retry_delay,         // Transition_Authorization_Error_Retry_Delay
  awaits_code,                 // the phone asks for an activation code
  code_entered,                // a person has entered one
  second_restart,              // behind the one for a load (knob starts_after_upgrade)
  restart_for_certificate,     // the phone has a renewed one
  certificate_off_boot_pass,   // no boot pass behind that restart
  last = certificate_off_boot_pass,
};

std::string_view name(Reason reason);      // the enumerator
std::string_view sentence(Reason reason);  // for a person, without a full stop
// What would have to change for the phone to act, in the imperative; empty where it does act.
std::string_view remedy(Reason reason);
std::optional<Reason> reason_named(std::string_view name);

// Who asks. Each way has a switch of its own (R-RESYNC-40).
enum class Origin : std::uint8_t {
  operator_,  // NOLINT(readability-identifier-naming): without its end it is a keyword
  sip_notify,
  web,
  phone_menu,
  xml_execute,
  last = xml_execute,
};

// Why a phone took no notice of what happened to it.
enum class Missed : std::uint8_t {
  off,
  restarting,
  no_link,
  migrated,
  not_asked,
  last = not_asked
};

std::string_view name(Missed missed);      // the enumerator
std::string_view sentence(Missed missed);  // `the phone is off`

// `$PRVST`.
enum class PassKind : std::int8_t {
  explicit_request = -1,
  boot = 0,
  periodic = 1,
  error_retry = 2
};

std::string_view name(PassKind kind);  // explicit, boot, periodic, retry

// What a phone waits for.
enum class Timer : std::uint8_t {
  none,
  boot_delay,
  periodic,
  error_retry,
  resync_at,
  trigger,
  upgrade_retry,
  restart,
  report,
  last = report,
};

std::string_view name(Timer timer);

}  // namespace provphone::resync
