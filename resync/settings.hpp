#pragma once

#include "profile/parameter_set.hpp"
#include "resync/delay_list.hpp"
#include "resync/personality.hpp"
#include "resync/resync_at.hpp"
#include "resync/time_zone.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

// What the machine reads in a phone's parameters: the schedule's, the gates' and the rules' own.
namespace provphone::resync {

// Report_To_Server.
enum class ReportToServer : std::uint8_t { on_request, on_local_change, periodically };

// The parameters that the machine goes by, parsed. A function of a phone's parameters and
// personality; phones with equal ones may share it. Made anew whenever parameters change
// (Device::settings_changed), and never changed itself.
struct Settings {
  bool provision_enable = true;
  bool resync_on_reset = true;
  bool resync_fails_on_fnf = true;
  bool resync_from_sip = true;
  bool direct_action_url = true;
  bool user_configurable_resync = true;
  bool web_server = true;
  bool web_admin_access = true;
  bool resync_after_upgrade_attempt = true;
  bool upgrade_enable = true;
  bool has_upgrade_rule = false;
  bool has_report_rule = false;
  ReportToServer report_to_server = ReportToServer::on_request;
  std::uint32_t report_period = 3'600;         // seconds, like the following
  std::uint32_t report_delay = 60;             // behind a local change
  std::uint32_t resync_random_delay = 2;       // units of the knob resync_random_delay_unit
  std::uint32_t forced_resync_delay = 14'400;  // seconds
  std::optional<DailyWindow> resync_at;        // where valid, Resync_Periodic does not count
  std::optional<OwnZone> zone;                 // nothing: the run's zone counts (R-RESYNC-26)
  // Beside the offset that DHCP option 2 brings; nothing: that does not count (R-RESYNC-30).
  std::optional<OwnZone> leased_zone;
  bool names_ntp_server = false;            // in one of its two parameters
  std::uint32_t network_startup_delay = 0;  // seconds
  std::array<std::string, 2> triggers;      // as written; empty: not set
  DelayList periodic;
  DelayList error_retry;
  DelayList upgrade_retry;
  DelayList licence_retry;  // Transition_Authorization_Error_Retry_Delay, beside an Upgrade_Rule
  // Fingerprints of the texts, by which the machine notices that a value changed. They are of the
  // text and not of what it means, and equal on every machine.
  std::uint32_t periodic_print = 0;
  std::uint32_t error_retry_print = 0;
  std::array<std::uint32_t, 4> profile_rule_prints{};  // of each rule, its place included
  std::uint32_t profile_rules_print = 0;               // their sum
  std::uint32_t upgrade_rule_print = 0;
  std::uint32_t restart_print = 0;              // of the parameters whose change takes a restart
  std::uint32_t certificate_renewal_print = 0;  // of MIC_Cert_Refresh_Rule; 0: there is no renewal

  bool has_triggers() const { return !triggers[0].empty() || !triggers[1].empty(); }
};

// The four rules of a pass, in the order they are evaluated.
inline constexpr std::size_t rule_slots = 4;

// Profile_Rule, Profile_Rule_B, ...; behind them one_time_rule, which is no parameter and has no
// id. `slot` must be one of these. Static storage.
std::string_view rule_parameter_name(std::size_t slot);
profile::ParameterId rule_id(std::size_t slot);

// Never fails: a delay list or number that does not parse falls back on its factory value
// (R-RESYNC-10), a Resync_At that is none counts as empty (R-RESYNC-21), and a zone that is none as
// the factory's (R-RESYNC-26).
Settings settings_of(const profile::ParameterSet& parameters, const Personality& personality);

}  // namespace provphone::resync
