#include "resync/explain_facts.hpp"

#include "macro/condition.hpp"
#include "macro/hide.hpp"
#include "macro/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace provphone::resync {
namespace {

using std::string_view;

constexpr std::array random_delay_names{string_view("Resync_Random_Delay")};
constexpr std::array periodic_names{string_view("Resync_Periodic"),
                                    string_view("Resync_At__HHmm_")};
constexpr std::array error_retry_names{string_view("Resync_Error_Retry_Delay")};
constexpr std::array provision_enable_names{string_view("Provision_Enable")};
constexpr std::array resync_on_reset_names{string_view("Resync_On_Reset")};
constexpr std::array fails_on_fnf_names{string_view("Resync_Fails_On_FNF")};
constexpr std::array resync_at_names{string_view("Resync_At__HHmm_"),
                                     string_view("Resync_At_Random_Delay")};
constexpr std::array forced_delay_names{string_view("Forced_Resync_Delay")};
constexpr std::array from_sip_names{string_view("Resync_From_SIP")};
constexpr std::array direct_action_names{string_view("Enable_Direct_Action_Url")};
constexpr std::array user_resync_names{string_view("User_Configurable_Resync")};
constexpr std::array after_upgrade_names{string_view("Resync_After_Upgrade_Attempt")};
constexpr std::array upgrade_enable_names{string_view("Upgrade_Enable")};
constexpr std::array upgrade_retry_names{string_view("Upgrade_Error_Retry_Delay")};

std::span<const string_view> schedule_behind(Reason reason) {
  switch (reason) {
    case Reason::random_delay:
    case Reason::no_random_delay:
      return random_delay_names;
    case Reason::periodic_interval:
    case Reason::periodic_disabled:
      return periodic_names;
    case Reason::error_retry_delay:
    case Reason::error_retry_disabled:
      return error_retry_names;
    case Reason::resync_at:
    case Reason::clock_unset:
      return resync_at_names;
    case Reason::upgrade_retry_delay:
    case Reason::upgrade_retry_disabled:
      return upgrade_retry_names;
    default:
      return {};
  }
}

std::span<const string_view> names_behind(Reason reason) {
  switch (reason) {
    case Reason::provisioning_disabled:
      return provision_enable_names;
    case Reason::resync_on_reset_off:
      return resync_on_reset_names;
    case Reason::rule_failed:
    case Reason::file_not_found_forgiven:
      return fails_on_fnf_names;
    case Reason::call_active:
    case Reason::forced_resync_delay:
      return forced_delay_names;
    case Reason::resync_from_sip_off:
      return from_sip_names;
    case Reason::direct_action_url_off:
      return direct_action_names;
    case Reason::user_resync_off:
      return user_resync_names;
    case Reason::upgrade_attempted:
    case Reason::resync_after_upgrade_off:
      return after_upgrade_names;
    case Reason::upgrade_disabled:
      return upgrade_enable_names;
    default:
      return schedule_behind(reason);
  }
}

string_view value_of(string_view name, const MacroSource& source) {
  return source.parameters.get(*profile::find_parameter(name));
}

bool is_delay_list(string_view name) {
  return name == periodic_names[0] || name == error_retry_names[0] ||
         name == upgrade_retry_names[0];
}

// R-RESYNC-10, R-RESYNC-21
std::string note_on(string_view name, string_view text, const MacroSource& source) {
  if (name == resync_at_names[0] && !text.empty() && !parse_resync_at(text, source.personality))
    return "is no time of day, so it counts as empty";
  if (is_delay_list(name) && !parse_delay_list(text)) {
    const auto id = *profile::find_parameter(name);
    return fmt::format("cannot be read, so the factory value {} counts",
                       profile::default_value(id, source.personality.generation));
  }
  return {};
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
  return macro::expand(text, lookup, secret_scope_of(personality), name_extent_of(personality));
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
  for (const auto name : names_behind(reason)) {
    const auto text = value_of(name, source);
    const bool beside_the_point = name == periodic_names[1] && text.empty();
    if (!beside_the_point)
      found.push_back({name, std::string(text), note_on(name, text, source), 0, 0});
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

void note_skipped_time(std::vector<SettingFact>& settings, const DailyWindow& window,
                       const WallClock& wall, Time due) {
  const auto shown = local_time(wall.zone, wall.utc(due));
  const auto set = local_seconds{std::chrono::floor<std::chrono::days>(shown)} + window.opens;
  if (local_time(wall.zone, first_instant(wall.zone, set)) == set) return;
  for (auto& setting : settings) {
    if (setting.name == resync_at_names[0])
      setting.note = "clocks skip on that day, so the first moment behind the gap counts";
  }
}

std::vector<ConditionFact> describe_triggers(const Settings& settings, const Timers& timers,
                                             const macro::Lookup& facts,
                                             const Personality& personality) {
  constexpr std::array<string_view, 2> names{"Resync_Trigger_1", "Resync_Trigger_2"};
  std::vector<ConditionFact> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& text = settings.triggers[i];
    if (text.empty()) continue;
    found.push_back({names[i], without_secrets(text),
                     without_secrets(macro::expand(text, with_timers(timers, facts))),
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
  RuleFacts facts{without_secrets(rule), without_secrets(expanded), {}, {}};
  facts.macros = macros_in(rule, lookup_of(source), source.personality);
  const macro::RuleContext context{dialect_of(source.personality), macro::RuleKind::profile,
                                   source.identity.firmware, std::nullopt};
  if (macro::is_blank(expanded, context.dialect)) return facts;
  bool has_condition = false;
  for (const auto& guard : macro::read_guards(expanded, context)) {
    has_condition |= !guard.text.empty();
    facts.guards.push_back({without_secrets(guard.text), guard.holds});
  }
  if (!has_condition) facts.guards.clear();
  return facts;
}

std::vector<string_view> rules_behind(std::size_t slot, const MacroSource& source) {
  std::vector<string_view> names;
  for (auto behind = slot + 1; behind < rule_slots; ++behind) {
    const auto name = rule_parameter_name(behind);
    if (!macro::is_blank(value_of(name, source), dialect_of(source.personality)))
      names.push_back(name);
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

}  // namespace provphone::resync
