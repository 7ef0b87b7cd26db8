#include "client/forecast/rest_states.hpp"

#include "client/scenario/phone_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace provphone::client::forecast {
namespace {

bool differ_within_group(const std::vector<scenario::Setting>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const auto& each) { return each.value.differs_within_group(); });
}

void append(std::string& key, std::string_view text) {
  key.append(std::to_string(text.size())).append(1, ':').append(text);
}

// Equal values from different bases have different keys: they are kept twice, and never confused.
void append(std::string& key, const profile::ParameterSet& parameters) {
  append(key, std::to_string(reinterpret_cast<std::uintptr_t>(parameters.base().get())));
  for (const auto& [id, value] : parameters.differences()) {
    append(key, std::to_string(static_cast<unsigned>(id)));
    append(key, value);
  }
}

void append(std::string& key, const resync::Lease& lease) {
  append(key, lease.ip);
  if (!lease.options) return;
  append(key, std::to_string(lease.options->size()));
  for (const auto& option : *lease.options) {
    key += option.version == resync::DhcpVersion::v6 ? '6' : '4';
    append(key, std::to_string(option.number));
    append(key, option.value);
  }
}

void append(std::string& key, const resync::CertificateRenewal& renewal) {
  append(key, renewal.certificate ? renewal.certificate->fingerprint : "");
  append(key, renewal.certificate ? renewal.certificate->serial_number : "");
  append(key, fmt::format("{} {} {}", renewal.tried_print, renewal.renewed_print, renewal.waits));
  if (!renewal.last) return;
  append(key, std::to_string(renewal.last->at.time_since_epoch().count()));
  append(key, renewal.last->succeeded ? "yes" : "no");
}

// Equal states have equal keys, and no others.
std::string key_of(const std::optional<resync::SavedState>& saved_state) {
  std::string key;
  if (!saved_state) return key;
  auto state = saved_state->state;
  for (std::size_t i = 0; i < resync::RequestMacros{}.size(); ++i)
    append(key, resync::request_macro(state, i));
  append(key, state.upgerr);
  append(key, saved_state->firmware);
  append(key, saved_state->one_time_rule);
  append(key, saved_state->one_time_upgrade);
  if (saved_state->tried_upgrade) {
    append(key, saved_state->tried_upgrade->rule);
    append(key, format(saved_state->tried_upgrade->url));
  }
  if (const auto& last = saved_state->custom_ca.last) {
    append(key += '?', std::to_string(last->at.time_since_epoch().count()));
    append(key, std::to_string(saved_state->custom_ca.fetched_print));
    append(key, saved_state->custom_ca.roots ? saved_state->custom_ca.roots->pem : "");
    append(key, last->succeeded ? "yes" : "no");
    append(key, saved_state->custom_ca.is_by_url ? "url" : "rule");
  }
  if (saved_state->reported) append(key += '!', *saved_state->reported);
  if (saved_state->pac) {
    append(key += '?', saved_state->pac->place);
    append(key, *saved_state->pac->text);
  }
  if (saved_state->activation_code) append(key += '#', *saved_state->activation_code);
  if (saved_state->customization != resync::Customization::open)
    append(key += '%', name(saved_state->customization));
  if (saved_state->granted) append(key += '=', *saved_state->granted);
  if (saved_state->has_lost_account) key += '@';
  if (saved_state->renewal.has_begun()) append(key += '+', saved_state->renewal);
  return key;
}

}  // namespace

RestStates::RestStates(const scenario::Scenario& scenario,
                       const std::vector<scenario::GroupSetup>& groups)
    : scenario_(scenario),
      groups_(groups),
      classes_(groups.size(), scenario::macros_set_by_hand(scenario)),
      initial_(scenario.phones.size()) {}

const resync::SavedState* RestStates::saved_state_of(std::uint32_t number) const {
  const auto& memory = memories_[states_[number].memory];
  return memory ? &*memory : nullptr;
}

std::uint32_t RestStates::memory_with(Memory saved_state) {
  const auto [known, is_new] = known_memories_.try_emplace(
      key_of(saved_state), static_cast<std::uint32_t>(memories_.size()));
  if (is_new) memories_.push_back(std::move(saved_state));
  return known->second;
}

// A state holds its class once, however many phones are in it.
std::uint32_t RestStates::state_with(std::uint32_t phone_class, std::uint32_t memory,
                                     const resync::Device& device) {
  const auto [known, is_new] = known_states_.try_emplace(
      (std::uint64_t{phone_class} << 32U) | memory, static_cast<std::uint32_t>(states_.size()));
  if (!is_new) {
    classes_.release(phone_class);
    return known->second;
  }
  auto settings = device.settings;
  if (!settings) settings = classes_.settings(phone_class, device.personality);
  states_.push_back({phone_class, memory, std::move(settings), {}, {}});
  return known->second;
}

std::uint32_t RestStates::initial(std::uint32_t phone) {
  const auto group = scenario::group_of(scenario_, phone);
  if (initial_[group]) return *initial_[group];
  auto device = scenario::device_of(scenario_, groups_[group], phone);
  const auto number = settle(group, device);
  if (!differ_within_group(scenario_.phones[group].set)) initial_[group] = number;
  return number;
}

std::uint32_t RestStates::settle(std::size_t group, resync::Device& device) {
  const auto phone_class = classes_.hold(group, device);
  const auto& firmware = scenario_.phones[group].firmware;
  auto saved_state = resync::saved_state_of(device, firmware, classes_[phone_class].recalled);
  return state_with(phone_class, memory_with(std::move(saved_state)), device);
}

void RestStates::adopt(resync::Device& device, std::uint32_t number) const {
  const auto& it = class_of(number);
  device.parameters = it.parameters;
  device.settings = states_[number].settings;
  resync::restore(device, it.files);
  if (const auto* saved_state = saved_state_of(number)) resync::restore(device, *saved_state);
}

}  // namespace provphone::client::forecast
