#include "resync/settings.hpp"

#include "macro/condition.hpp"
#include "macro/fnv1a.hpp"
#include "macro/whole_number.hpp"
#include "profile/parameter_id.hpp"
#include "resync/restart.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using profile::parameter_id;
using profile::ParameterId;
using profile::ParameterSet;

constexpr std::array<std::string_view, rule_slots + 1> rule_names{
    "Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D", "one_time_rule"};

struct Ids {
  ParameterId provision_enable = parameter_id("Provision_Enable");
  ParameterId resync_on_reset = parameter_id("Resync_On_Reset");
  ParameterId resync_fails_on_fnf = parameter_id("Resync_Fails_On_FNF");
  ParameterId resync_from_sip = parameter_id("Resync_From_SIP");
  ParameterId direct_action_url = parameter_id("Enable_Direct_Action_Url");
  ParameterId user_configurable_resync = parameter_id("User_Configurable_Resync");
  ParameterId web_server = parameter_id("Enable_Web_Server");
  ParameterId web_admin_access = parameter_id("Enable_Web_Admin_Access");
  ParameterId resync_after_upgrade_attempt = parameter_id("Resync_After_Upgrade_Attempt");
  ParameterId upgrade_enable = parameter_id("Upgrade_Enable");
  ParameterId upgrade_rule = parameter_id("Upgrade_Rule");
  ParameterId report_rule = parameter_id("Report_Rule");
  ParameterId report_to_server = parameter_id("Report_To_Server");
  ParameterId report_period = parameter_id("Periodic_Upload_To_Server");
  ParameterId report_delay = parameter_id("Upload_Delay_On_Local_Change");
  ParameterId resync_random_delay = parameter_id("Resync_Random_Delay");
  ParameterId forced_resync_delay = parameter_id("Forced_Resync_Delay");
  ParameterId resync_at = parameter_id("Resync_At__HHmm_");
  ParameterId resync_at_random_delay = parameter_id("Resync_At_Random_Delay");
  ParameterId time_zone = parameter_id("Time_Zone");
  ParameterId time_offset = parameter_id("Time_Offset__HH_mm_");
  ParameterId ignore_dhcp_time_offset = parameter_id("Ignore_DHCP_Time_Offset");
  ParameterId saving_enable = parameter_id("Daylight_Saving_Time_Enable");
  ParameterId saving_rule = parameter_id("Daylight_Saving_Time_Rule");
  ParameterId primary_ntp_server = parameter_id("Primary_NTP_Server");
  ParameterId secondary_ntp_server = parameter_id("Secondary_NTP_Server");
  ParameterId network_startup_delay = parameter_id("Network_Startup_Delay");
  ParameterId periodic = parameter_id("Resync_Periodic");
  ParameterId error_retry = parameter_id("Resync_Error_Retry_Delay");
  ParameterId upgrade_retry = parameter_id("Upgrade_Error_Retry_Delay");
  ParameterId licence_retry = parameter_id("Transition_Authorization_Error_Retry_Delay");
  ParameterId renewal_enable = parameter_id("MIC_Cert_Refresh_Enable");
  ParameterId renewal_rule = parameter_id("MIC_Cert_Refresh_Rule");
  std::array<ParameterId, 2> triggers{parameter_id("Resync_Trigger_1"),
                                      parameter_id("Resync_Trigger_2")};
  std::array<ParameterId, rule_slots> rules{
      parameter_id(rule_names[0]), parameter_id(rule_names[1]), parameter_id(rule_names[2]),
      parameter_id(rule_names[3])};
};

constexpr Ids ids;

std::uint32_t print_of(std::string_view text) {
  macro::Fnv1a<std::uint32_t> print;
  print.take(text);
  return print.value();
}

// A phone's parameters, read as the machine needs them. A switch is off only where it is `No`, the
// one spelling that profiles store (R-XML-17).
struct Reader {
  const ParameterSet& parameters;
  const Personality& personality;

  std::string_view text(ParameterId id) const { return parameters.get(id); }
  bool is_on(ParameterId id) const { return text(id) != "No"; }
  bool is_blank(ParameterId id) const { return macro::is_blank(text(id), dialect_of(personality)); }

  // R-RESYNC-10: what does not parse counts as the factory value.
  template <class Number = std::uint16_t>
  std::uint32_t number(ParameterId id) const {
    for (const auto each : {text(id), profile::default_value(id, personality.generation)}) {
      if (const auto value = parse_whole<Number>(each)) return *value;
    }
    return 0;
  }

  // R-REPORT-05: legacy phones report when they are asked to.
  ReportToServer report_to_server() const {
    if (personality.generation == profile::Generation::spa) return ReportToServer::on_request;
    const auto choice = text(ids.report_to_server);
    if (choice == "Periodically") return ReportToServer::periodically;
    return choice == "On Local Change" ? ReportToServer::on_local_change
                                       : ReportToServer::on_request;
  }

  DelayList delays(ParameterId id) const {
    if (auto list = parse_delay_list(text(id))) return *std::move(list);
    return parse_delay_list(profile::default_value(id, personality.generation))
        .value_or(DelayList{});
  }

  std::optional<DailyWindow> daily_window() const {
    const auto opens = parse_resync_at(text(ids.resync_at), personality);
    if (!opens) return std::nullopt;
    return DailyWindow{*opens, random_window(number(ids.resync_at_random_delay), personality)};
  }

  // What a text parses to, or else the factory's; nothing where that is none either.
  template <class Parse>
  auto parsed(ParameterId id, Parse parse) const -> decltype(parse(std::string_view())) {
    if (auto value = parse(text(id))) return value;
    return parse(profile::default_value(id, personality.generation));
  }

  // R-RESYNC-26: a Time_Zone as it comes from the factory sets nothing. R-RESYNC-27, R-RESYNC-28:
  // the other three count beside one that does.
  std::optional<OwnZone> own_zone() const {
    const auto zone = parse_time_zone(text(ids.time_zone));
    const auto factory = profile::default_value(ids.time_zone, personality.generation);
    if (!zone || text(ids.time_zone) == factory) return std::nullopt;
    return with_saving(*zone);
  }

  // R-RESYNC-30: the lease takes the place of Time_Zone.
  std::optional<OwnZone> leased_zone() const {
    if (is_on(ids.ignore_dhcp_time_offset)) return std::nullopt;
    if (personality.dhcp_time_offset == DhcpTimeOffset::whole) return OwnZone{};
    return with_saving(std::chrono::seconds(0));
  }

  OwnZone with_saving(std::chrono::seconds zone) const {
    OwnZone own;
    own.offset =
        zone + parsed(ids.time_offset, parse_time_offset).value_or(std::chrono::seconds(0));
    if (is_on(ids.saving_enable)) own.saving = parsed(ids.saving_rule, parse_saving_time);
    return own;
  }

  // R-RESYNC-31: one that is blank or commented out is not set.
  std::string trigger(ParameterId id) const { return std::string(is_blank(id) ? "" : text(id)); }

  // With the rule's place, or what moves from one rule to the next would not show in the sum.
  std::uint32_t profile_rule_print(std::size_t slot) const {
    macro::Fnv1a<std::uint32_t> print;
    print.take(static_cast<std::uint32_t>(slot));
    print.take(text(ids.rules[slot]));
    return print.value();
  }

  std::uint32_t restart_print() const {
    macro::Fnv1a<std::uint32_t> print;
    for_each_restarting(personality, [&](ParameterId id) {
      print.take(text(id));
      print.take(0U);
    });
    return print.value();
  }

  // R-CERT-06: legacy phones know neither parameter.
  std::uint32_t certificate_renewal_print() const {
    const bool is_spa = personality.generation == profile::Generation::spa;
    if (is_spa || !is_on(ids.renewal_enable) || is_blank(ids.renewal_rule)) return 0;
    return std::max<std::uint32_t>(print_of(text(ids.renewal_rule)), 1);
  }
};

}  // namespace

std::string_view rule_parameter_name(std::size_t slot) {
  return rule_names[slot];
}

ParameterId rule_id(std::size_t slot) {
  return ids.rules[slot];
}

Settings settings_of(const ParameterSet& parameters, const Personality& personality) {
  const Reader read{parameters, personality};
  Settings settings;
  settings.provision_enable = read.is_on(ids.provision_enable);
  settings.resync_on_reset = read.is_on(ids.resync_on_reset);
  settings.resync_fails_on_fnf = read.is_on(ids.resync_fails_on_fnf);
  settings.resync_from_sip = read.is_on(ids.resync_from_sip);
  settings.direct_action_url = read.is_on(ids.direct_action_url);
  settings.user_configurable_resync = read.is_on(ids.user_configurable_resync);
  settings.web_server = read.is_on(ids.web_server);
  settings.web_admin_access = read.is_on(ids.web_admin_access);
  settings.resync_after_upgrade_attempt = read.is_on(ids.resync_after_upgrade_attempt);
  settings.upgrade_enable = read.is_on(ids.upgrade_enable);
  settings.has_upgrade_rule = !read.is_blank(ids.upgrade_rule);
  settings.has_report_rule = !read.is_blank(ids.report_rule);
  settings.report_to_server = read.report_to_server();
  settings.report_period = read.number<std::uint32_t>(ids.report_period);
  settings.report_delay = read.number(ids.report_delay);
  settings.resync_random_delay = read.number(ids.resync_random_delay);
  settings.forced_resync_delay = read.number(ids.forced_resync_delay);
  settings.resync_at = read.daily_window();
  settings.zone = read.own_zone();
  settings.leased_zone = read.leased_zone();
  settings.names_ntp_server =
      !read.text(ids.primary_ntp_server).empty() || !read.text(ids.secondary_ntp_server).empty();
  settings.network_startup_delay = read.number(ids.network_startup_delay);
  for (std::size_t i = 0; i < settings.triggers.size(); ++i)
    settings.triggers[i] = read.trigger(ids.triggers[i]);
  settings.periodic = read.delays(ids.periodic);
  settings.error_retry = read.delays(ids.error_retry);
  settings.upgrade_retry = read.delays(ids.upgrade_retry);
  if (settings.has_upgrade_rule) settings.licence_retry = read.delays(ids.licence_retry);
  settings.periodic_print = print_of(read.text(ids.periodic));
  settings.error_retry_print = print_of(read.text(ids.error_retry));
  for (std::size_t slot = 0; slot < rule_slots; ++slot) {
    settings.profile_rule_prints[slot] = read.profile_rule_print(slot);
    settings.profile_rules_print += settings.profile_rule_prints[slot];
  }
  settings.restart_print = read.restart_print();
  settings.upgrade_rule_print = print_of(read.text(ids.upgrade_rule));
  settings.certificate_renewal_print = read.certificate_renewal_print();
  return settings;
}

}  // namespace provphone::resync
