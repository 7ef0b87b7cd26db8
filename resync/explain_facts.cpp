#include "resync/explain_facts.hpp"

#include "macro/condition.hpp"
#include "macro/hide.hpp"
#include "macro/remarks.hpp"
#include "macro/rule.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace provphone::resync {
namespace {

using profile::parameter_ids;
using profile::ParameterId;
using std::string_view;

constexpr auto random_delay = parameter_ids({"Resync_Random_Delay"});
constexpr auto periodic = parameter_ids({"Resync_Periodic", "Resync_At__HHmm_"});
constexpr auto error_retry = parameter_ids({"Resync_Error_Retry_Delay"});
constexpr auto provision_enable = parameter_ids({"Provision_Enable"});
constexpr auto resync_on_reset = parameter_ids({"Resync_On_Reset"});
constexpr auto fails_on_fnf = parameter_ids({"Resync_Fails_On_FNF"});
constexpr auto zone =
    parameter_ids({"Time_Zone", "Time_Offset__HH_mm_", "Daylight_Saving_Time_Rule"});
constexpr auto ignore_leased = parameter_ids({"Ignore_DHCP_Time_Offset"});
constexpr auto resync_at = parameter_ids({"Resync_At__HHmm_", "Resync_At_Random_Delay"});
constexpr auto forced_delay = parameter_ids({"Forced_Resync_Delay"});
constexpr auto from_sip = parameter_ids({"Resync_From_SIP"});
constexpr auto direct_action = parameter_ids({"Enable_Direct_Action_Url"});
constexpr auto user_resync = parameter_ids({"User_Configurable_Resync"});
constexpr auto web_server = parameter_ids({"Enable_Web_Server"});
constexpr auto web_admin = parameter_ids({"Enable_Web_Admin_Access"});
constexpr auto after_upgrade = parameter_ids({"Resync_After_Upgrade_Attempt"});
constexpr auto upgrade_enable = parameter_ids({"Upgrade_Enable"});
constexpr auto upgrade_retry = parameter_ids({"Upgrade_Error_Retry_Delay"});
constexpr auto licence_retry = parameter_ids({"Transition_Authorization_Error_Retry_Delay"});

std::span<const ParameterId> schedule_behind(Reason reason) {
  switch (reason) {
    case Reason::random_delay:
    case Reason::no_random_delay:
      return random_delay;
    case Reason::periodic_interval:
    case Reason::periodic_disabled:
      return periodic;
    case Reason::error_retry_delay:
    case Reason::error_retry_disabled:
      return error_retry;
    case Reason::resync_at:
    case Reason::clock_unset:
      return resync_at;
    case Reason::upgrade_retry_delay:
    case Reason::upgrade_retry_disabled:
      return upgrade_retry;
    case Reason::licence_retry_delay:
      return licence_retry;
    default:
      return {};
  }
}

std::span<const ParameterId> parameters_behind(Reason reason) {
  switch (reason) {
    case Reason::provisioning_disabled:
      return provision_enable;
    case Reason::resync_on_reset_off:
      return resync_on_reset;
    case Reason::rule_failed:
    case Reason::file_not_found_forgiven:
      return fails_on_fnf;
    case Reason::call_active:
    case Reason::forced_resync_delay:
      return forced_delay;
    case Reason::resync_from_sip_off:
      return from_sip;
    case Reason::direct_action_url_off:
      return direct_action;
    case Reason::user_resync_off:
      return user_resync;
    case Reason::web_server_off:
      return web_server;
    case Reason::web_admin_off:
      return web_admin;
    case Reason::upgrade_attempted:
    case Reason::resync_after_upgrade_off:
      return after_upgrade;
    case Reason::upgrade_disabled:
      return upgrade_enable;
    default:
      return schedule_behind(reason);
  }
}

string_view name_of(ParameterId id) {
  return profile::parameter(id).name;
}

bool is_delay_list(string_view name) {
  return name == name_of(periodic[0]) || name == name_of(error_retry[0]) ||
         name == name_of(upgrade_retry[0]) || name == name_of(licence_retry[0]);
}

// R-RESYNC-10, R-RESYNC-21
std::string note_on(ParameterId id, string_view text, const MacroSource& source) {
  if (id == resync_at[0] && !text.empty() && !parse_resync_at(text, source.personality))
    return "is no time of day, so it counts as empty";
  if (is_delay_list(name_of(id)) && !parse_delay_list(text)) {
    return fmt::format("cannot be read, so the factory value {} counts",
                       profile::default_value(id, source.personality.generation));
  }
  return {};
}

// Where the offset of a phone's clock comes from.
enum class ZoneFrom : std::uint8_t { scenario, own, lease, lease_alone };

ZoneFrom zone_from(const Settings& parsed, const Personality& personality, const LeaseTime& lease) {
  if (!parsed.leased_zone || !lease.offset) return parsed.zone ? ZoneFrom::own : ZoneFrom::scenario;
  return personality.dhcp_time_offset == DhcpTimeOffset::whole ? ZoneFrom::lease_alone
                                                               : ZoneFrom::lease;
}

// R-RESYNC-26 to R-RESYNC-28, R-RESYNC-30; empty where the text counts as it is.
std::string zone_note_on(ParameterId id, string_view text, ZoneFrom from) {
  if (from == ZoneFrom::lease_alone || (from == ZoneFrom::lease && id == zone[0]))
    return "does not count beside DHCP option 2";
  if (id == zone[0])
    return from == ZoneFrom::own ? ""
                                 : "is no zone that the phone can read, so the scenario's counts";
  if (from == ZoneFrom::scenario) return "counts beside a Time_Zone alone";
  const bool is_readable =
      id == zone[1] ? parse_time_offset(text).has_value() : parse_saving_time(text).has_value();
  return is_readable ? "" : "cannot be read, so the factory value counts";
}

// Which wait of its list a timer has begun: a retry list is stepped on as its timer is armed.
std::size_t element_of(Timer timer, const Phone& phone) {
  switch (timer) {
    case Timer::periodic:
      return phone.periodic_index;
    case Timer::error_retry:
      return phone.error_retry_index - 1U;
    case Timer::upgrade_retry:
      return phone.upgrade_retry_index - 1U;
    default:
      return 0;
  }
}

std::string expand_with(string_view text, const macro::Lookup& lookup,
                        const Personality& personality) {
  return macro::expand(text, lookup, personality.secret_macros, personality.macro_name_extent);
}

// What a person may have put into a macro: registers, user names, logins. All others are facts.
bool is_free_text(string_view name) {
  return name.size() == 1 || name.starts_with("GPP_") || name.starts_with("UID") ||
         name == "MUID" || name == "EMS";
}

struct Expansion {
  string_view text;
  string_view shown;  // expanded, without secrets
  const macro::Lookup& lookup;
  const Personality& personality;
};

// Whether a macro's value may be told. What a person put there may be a key or a password, or a
// part of one: it must be seen in the expansion without its secrets, and so must a mark in its
// place, since the same letters may stand elsewhere by chance.
bool is_in_sight(const MacroFact& macro, const Expansion& expansion) {
  if (macro::is_secret_macro(macro.name)) return false;
  if (!is_free_text(macro.name) || macro.value.empty()) return true;
  constexpr string_view mark = "\x01";
  const auto marking = [&](string_view name, std::string& out) {
    if (name != macro.name) return expansion.lookup(name, out);
    out += mark;
    return true;
  };
  const auto marked = without_secrets(expand_with(expansion.text, marking, expansion.personality));
  return marked.find(mark) != string_view::npos && without_secrets(macro.value) == macro.value &&
         expansion.shown.find(macro.value) != string_view::npos;
}

}  // namespace

std::vector<SettingFact> settings_behind(Reason reason, const MacroSource& source) {
  std::vector<SettingFact> found;
  for (const auto id : parameters_behind(reason)) {
    const auto text = source.parameters.get(id);
    // Resync_At has to do with Resync_Periodic only where it is set (R-RESYNC-20).
    const bool beside_the_point = id == periodic[1] && text.empty();
    if (!beside_the_point)
      found.push_back({name_of(id), std::string(text), note_on(id, text, source), 0, 0});
  }
  return found;
}

std::vector<SettingFact> settings_behind(Timer timer, Reason reason, const Phone& phone,
                                         const MacroSource& source) {
  auto found = settings_behind(reason, source);
  for (auto& setting : found) {
    const auto list = parse_delay_list(setting.text);
    if (!is_delay_list(setting.name) || !list || list->delays.size() < 2) continue;
    setting.elements = list->delays.size();
    setting.element = std::min(element_of(timer, phone), setting.elements - 1) + 1;
  }
  return found;
}

void add_zone(std::vector<SettingFact>& settings, const Settings& parsed, const MacroSource& source,
              const LeaseTime& lease) {
  const auto from = zone_from(parsed, source.personality, lease);
  for (const auto id : zone) {
    const auto text = source.parameters.get(id);
    const auto factory = profile::default_value(id, source.personality.generation);
    if (text == factory) continue;
    auto note = zone_note_on(id, text, from);
    settings.push_back({name_of(id), std::string(text), std::move(note), 0, 0});
  }
  if (!parsed.leased_zone) return;
  settings.push_back({name_of(ignore_leased[0]),
                      std::string(source.parameters.get(ignore_leased[0])),
                      lease.offset ? "so DHCP option 2 counts"
                                   : "but the lease has no option 2 that the phone can read",
                      0, 0});
}

void note_skipped_time(std::vector<SettingFact>& settings, const DailyWindow& window,
                       const PhoneClock& clock, Time due) {
  const auto shown = clock.local(due);
  const auto set = local_seconds{std::chrono::floor<std::chrono::days>(shown)} + window.opens;
  if (clock.local(clock.when_local(set)) == set) return;
  for (auto& setting : settings) {
    if (setting.name == name_of(resync_at[0]))
      setting.note = "clocks skip on that day, so the first moment behind the gap counts";
  }
}

std::vector<ConditionFact> describe_triggers(const Settings& settings, const Timers& timers,
                                             const macro::Lookup& facts,
                                             const Personality& personality) {
  constexpr auto names = parameter_ids({"Resync_Trigger_1", "Resync_Trigger_2"});
  std::vector<ConditionFact> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& text = settings.triggers[i];
    if (text.empty()) continue;
    found.push_back({name_of(names[i]), without_secrets(text),
                     without_secrets(expand_trigger(text, with_timers(timers, facts), personality)),
                     trigger_holds(text, timers, facts, personality)});
  }
  return found;
}

std::vector<MacroFact> macros_in(string_view text, const macro::Lookup& lookup,
                                 const Personality& personality) {
  std::vector<MacroFact> found;
  const auto recording = [&](string_view name, std::string& out) {
    std::string value;
    if (!lookup(name, value)) return false;
    out += value;
    const bool is_new = std::none_of(found.begin(), found.end(),
                                     [&](const MacroFact& each) { return each.name == name; });
    if (is_new) found.push_back({std::string(name), std::move(value)});
    return true;
  };
  const auto shown = without_secrets(expand_with(text, recording, personality));
  for (auto& each : found) {
    if (!is_in_sight(each, {text, shown, lookup, personality})) each.value = macro::hidden_value;
  }
  return found;
}

RuleFacts describe_rule(string_view rule, const MacroSource& source) {
  const auto expanded = expand_rule(rule, source);
  RuleFacts facts{without_secrets(rule), without_secrets(expanded), {}, {}, {}};
  facts.macros = macros_in(rule, lookup_of(source), source.personality);
  const macro::RuleContext context{dialect_of(source.personality), macro::RuleKind::profile,
                                   source.identity.firmware, std::nullopt};
  if (macro::is_blank(expanded, context.dialect)) return facts;
  facts.remarks = remarks_on_rule(rule, source);
  bool has_condition = false;
  for (const auto& guard : macro::read_guards(expanded, context)) {
    has_condition |= !guard.text.empty();
    facts.guards.push_back({without_secrets(guard.text), guard.holds});
  }
  if (!has_condition) facts.guards.clear();
  return facts;
}

std::vector<std::string> remarks_on_rule(string_view rule, const MacroSource& source) {
  const auto lookup = lookup_of(source);
  return macro::remarks_on(without_secrets(rule), {lookup, source.personality.secret_macros,
                                                   source.personality.macro_name_extent});
}

std::vector<string_view> rules_behind(std::size_t slot, const MacroSource& source) {
  std::vector<string_view> names;
  for (auto behind = slot + 1; behind < rule_slots; ++behind) {
    const auto text = source.parameters.get(rule_id(behind));
    if (!macro::is_blank(text, dialect_of(source.personality)))
      names.push_back(rule_parameter_name(behind));
  }
  return names;
}

bool is_secret_parameter(string_view name) {
  const auto id = profile::find_parameter(name);
  return id && profile::parameter(*id).secret;
}

std::string without_secrets(string_view text) {
  return macro::hide_secrets(text, is_secret_parameter);
}

std::string told_of(const Event& request, string_view rule) {
  return std::holds_alternative<CodeEntered>(request) ? std::string() : without_secrets(rule);
}

}  // namespace provphone::resync
