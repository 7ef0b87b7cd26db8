#include "resync/saved_state.hpp"

#include "profile/parameter_id.hpp"
#include "resync/messages.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace provphone::resync {
namespace {

using profile::parameter_ids;

constexpr std::array<std::string_view, 6> names{"SCHEME", "SERV", "SERVIP", "PORT", "PATH", "ERR"};

// A register may stand in a rule, or be sent by it.
constexpr auto rules_and_triggers = parameter_ids({"Profile_Rule",
                                                   "Profile_Rule_B",
                                                   "Profile_Rule_C",
                                                   "Profile_Rule_D",
                                                   "Upgrade_Rule",
                                                   "Report_Rule",
                                                   "Resync_Trigger_1",
                                                   "Resync_Trigger_2",
                                                   "HTTP_User_Agent_Name",
                                                   "GPP_A",
                                                   "GPP_B",
                                                   "GPP_C",
                                                   "GPP_D",
                                                   "GPP_E",
                                                   "GPP_F",
                                                   "GPP_G",
                                                   "GPP_H",
                                                   "GPP_I",
                                                   "GPP_J",
                                                   "GPP_K",
                                                   "GPP_L",
                                                   "GPP_M",
                                                   "GPP_N",
                                                   "GPP_O",
                                                   "GPP_P"});

// The others follow a request of their own.
constexpr auto failure_messages =
    parameter_ids({"Log_Failure_Msg", "Log_Resync_Failure_Msg", "Log_Upgrade_Failure_Msg"});

bool has_lost_account(const Device& device) {
  return device.profile_account == Login{};
}

}  // namespace

RequestMacros request_macros_in(std::string_view text) {
  RequestMacros found;
  if (text.find('$') == std::string_view::npos) return found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (text.find(names[i]) != std::string_view::npos) found.set(i);
  }
  // Another name of the first.
  if (text.find("METH") != std::string_view::npos) found.set(0);
  return found;
}

RequestMacros recalled_macros(const profile::ParameterSet& parameters) {
  RequestMacros found;
  for (const auto id : rules_and_triggers) found |= request_macros_in(parameters.get(id));
  if (syslog_server(parameters).empty()) return found;
  for (const auto id : failure_messages) found |= request_macros_in(parameters.get(id));
  return found;
}

std::string& request_macro(MacroState& state, std::size_t macro) {
  const std::array<std::string*, 6> values{&state.scheme, &state.serv, &state.servip,
                                           &state.port,   &state.path, &state.err};
  return *values[macro];
}

std::optional<SavedState> saved_state_of(Device& device, std::string_view firmware,
                                         RequestMacros recalled) {
  MacroState kept;
  bool is_worth_it = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (recalled[i]) request_macro(kept, i) = std::move(request_macro(device.state, i));
    // Of a macro that is not recalled nothing was moved, so it is empty here.
    is_worth_it |= !request_macro(kept, i).empty();
  }
  kept.upgerr = std::move(device.state.upgerr);
  is_worth_it |= !kept.upgerr.empty() || device.identity.firmware != firmware ||
                 !device.one_time_rule.empty() || !device.one_time_upgrade.empty() ||
                 device.tried_upgrade || device.reported || device.custom_ca.last || device.pac ||
                 device.granted || device.activation_code ||
                 device.customization != Customization::open || device.renewal.has_begun() ||
                 has_lost_account(device);
  if (!is_worth_it) return std::nullopt;
  return SavedState{std::move(kept),
                    std::move(device.identity.firmware),
                    std::move(device.one_time_rule),
                    std::move(device.one_time_upgrade),
                    std::move(device.tried_upgrade),
                    std::move(device.reported),
                    std::move(device.custom_ca),
                    std::move(device.pac),
                    std::move(device.granted),
                    std::move(device.activation_code),
                    device.customization,
                    std::move(device.renewal),
                    has_lost_account(device)};
}

void restore(Device& device, const SavedState& saved_state) {
  auto state = saved_state.state;
  for (std::size_t i = 0; i < names.size(); ++i)
    request_macro(device.state, i) = std::move(request_macro(state, i));
  device.state.upgerr = std::move(state.upgerr);
  device.identity.firmware = saved_state.firmware;
  device.one_time_rule = saved_state.one_time_rule;
  device.one_time_upgrade = saved_state.one_time_upgrade;
  device.tried_upgrade = saved_state.tried_upgrade;
  device.reported = saved_state.reported;
  device.custom_ca = saved_state.custom_ca;
  device.pac = saved_state.pac;
  device.activation_code = saved_state.activation_code;
  device.customization = saved_state.customization;
  if (device.customization == Customization::acquired) device.state.iscust = 1;
  if (saved_state.granted) take_lease(device, *saved_state.granted);
  device.granted = saved_state.granted;
  device.renewal = saved_state.renewal;
  if (saved_state.has_lost_account) device.profile_account = Login{};
}

FileFingerprints fingerprints_of(const Device& device) {
  FileFingerprints prints{};
  const auto revision = device.parameters.revision();
  for (std::size_t slot = 0; slot < prints.size(); ++slot) {
    const auto& file = device.applied[slot];
    if (file && file->revision == revision) prints[slot] = file->fingerprint;
  }
  return prints;
}

void restore(Device& device, const FileFingerprints& files) {
  const auto revision = device.parameters.revision();
  for (std::size_t slot = 0; slot < files.size(); ++slot) {
    device.applied[slot].reset();
    if (files[slot] != 0) device.applied[slot] = AppliedFile{files[slot], revision};
  }
}

}  // namespace provphone::resync
