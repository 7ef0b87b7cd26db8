#include "resync/settings.hpp"

#include <charconv>

namespace provphone::resync {
namespace {

using profile::Generation;
using profile::ParameterId;
using profile::ParameterSet;

constexpr std::array<std::string_view, rule_slots> rule_names{"Profile_Rule", "Profile_Rule_B",
                                                              "Profile_Rule_C", "Profile_Rule_D"};

struct Ids {
  ParameterId provision_enable = *profile::find_parameter("Provision_Enable");
  ParameterId resync_on_reset = *profile::find_parameter("Resync_On_Reset");
  ParameterId resync_fails_on_fnf = *profile::find_parameter("Resync_Fails_On_FNF");
  ParameterId resync_random_delay = *profile::find_parameter("Resync_Random_Delay");
  ParameterId periodic = *profile::find_parameter("Resync_Periodic");
  ParameterId error_retry = *profile::find_parameter("Resync_Error_Retry_Delay");
  std::array<ParameterId, rule_slots> rules{
      *profile::find_parameter(rule_names[0]), *profile::find_parameter(rule_names[1]),
      *profile::find_parameter(rule_names[2]), *profile::find_parameter(rule_names[3])};
};

const Ids& ids() {
  static const Ids found;
  return found;
}

// 32-bit FNV-1a, continued from `print`.
std::uint32_t fingerprint(std::string_view text, std::uint32_t print = 2166136261U) {
  for (const char c : text) print = (print ^ static_cast<unsigned char>(c)) * 16777619U;
  return print;
}

DelayList delay_list(const ParameterSet& parameters, ParameterId id, Generation generation) {
  auto list = parse_delay_list(parameters.get(id));
  if (list) return *std::move(list);
  return parse_delay_list(profile::default_value(id, generation)).value_or(DelayList{});
}

std::uint32_t random_delay(const ParameterSet& parameters, Generation generation) {
  for (const auto text : {parameters.get(ids().resync_random_delay),
                          profile::default_value(ids().resync_random_delay, generation)}) {
    std::uint16_t units = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), units);
    if (error == std::errc{} && end == text.data() + text.size()) return units;
  }
  return 0;
}

}  // namespace

std::string_view rule_parameter_name(std::size_t slot) {
  return rule_names[slot];
}

Settings settings_of(const ParameterSet& parameters, Generation generation) {
  const auto is_on = [&](ParameterId id) { return parameters.get(id) != "No"; };
  Settings settings;
  settings.provision_enable = is_on(ids().provision_enable);
  settings.resync_on_reset = is_on(ids().resync_on_reset);
  settings.resync_fails_on_fnf = is_on(ids().resync_fails_on_fnf);
  settings.resync_random_delay = random_delay(parameters, generation);
  settings.periodic = delay_list(parameters, ids().periodic, generation);
  settings.error_retry = delay_list(parameters, ids().error_retry, generation);
  settings.periodic_print = fingerprint(parameters.get(ids().periodic));
  settings.error_retry_print = fingerprint(parameters.get(ids().error_retry));
  settings.profile_rules_print = fingerprint({});
  for (const auto id : ids().rules) {
    settings.profile_rules_print = fingerprint(parameters.get(id), settings.profile_rules_print);
    settings.profile_rules_print =
        fingerprint(std::string_view("\0", 1), settings.profile_rules_print);
  }
  return settings;
}

}  // namespace provphone::resync
