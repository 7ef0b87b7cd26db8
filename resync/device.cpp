#include "resync/device.hpp"

#include "resync/reading.hpp"

#include <utility>

namespace provphone::resync {

std::string_view Device::rule(std::size_t slot) const {
  if (slot == one_time_slot) return one_time_rule;
  return rules_at_start ? (*rules_at_start)[slot] : parameters.get(rule_id(slot));
}

void Device::settings_changed() {
  settings = std::make_shared<const Settings>(settings_of(parameters, personality));
}

bool reads_rules_at_start(const Personality& personality) {
  return personality.rules_read == RulesRead::at_pass_start;
}

void remember_rules(Device& device) {
  device.rules_at_start.reset();
  if (!reads_rules_at_start(device.personality)) return;
  auto& texts = device.rules_at_start.emplace();
  for (std::size_t slot = 0; slot < texts.size(); ++slot)
    texts[slot] = device.parameters.get(rule_id(slot));
}

Naming naming_of(const Device& device) {
  return naming_of(device.lease, device.parameters, device.personality);
}

namespace {

PhoneClock clock_of(const Device& device, const Phone& machine, const WallClock& wall) {
  return clock_of(machine, *device.settings, device.personality, wall, lease_time_of(device.lease));
}

}  // namespace

std::string custom_ca_status(const Device& device, const Phone& machine, const WallClock& wall) {
  const auto clock = clock_of(device, machine, wall);
  return custom_ca_status(device.custom_ca, machine.clock_is_known ? &clock : nullptr);
}

std::string certificate_renewal_status(const Device& device, const Phone& machine,
                                       const WallClock& wall) {
  const auto clock = clock_of(device, machine, wall);
  return certificate_renewal_status(device.renewal, machine.clock_is_known ? &clock : nullptr);
}

// R-MACRO-20 has the macros of the last request empty before any request; R-UPGRADE-07 has a phone
// that was switched off try the same load once more.
void forget_memory(Device& device) {
  auto& state = device.state;
  for (auto* text : {&state.scheme, &state.serv, &state.servip, &state.port, &state.path,
                     &state.err, &state.upgerr})
    text->clear();
  device.one_time_rule.clear();
  device.one_time_upgrade.clear();
  device.one_time_custom_ca.clear();
  device.tried_upgrade.reset();
  device.custom_ca.fetched_print = 0;
  device.renewal.tried_print = 0;
  device.renewal.waits = false;
  device.pac.reset();
  device.rules_at_start.reset();
}

void forget_settings(Device& device) {
  forget_memory(device);
  device.parameters = profile::ParameterSet(factory_values_of(device.personality));
  if (device.profile_account) device.profile_account = Login{};
  device.customization = Customization::open;
  device.state.iscust = 0;
  device.applied = {};
  // Its revision is that of other parameters.
  device.phone_class.reset();
  device.custom_ca = {};
  device.reported.reset();
  device.settings_changed();
}

LeaseChanged take_lease(Device& device, const Lease& lease) {
  LeaseChanged changed;
  auto all = device.granted ? *device.granted : Lease{};
  if (!lease.ip.empty()) {
    changed.has_new_address = lease.ip != device.identity.ip;
    device.identity.ip = all.ip = lease.ip;
  }
  if (lease.options) {
    const auto before = lease_time_of(device.lease).offset;
    all.options = lease.options;
    device.lease = *lease.options;
    changed.has_new_time = lease_time_of(device.lease).offset != before;
  }
  device.granted = std::make_shared<const Lease>(std::move(all));
  return changed;
}

void hand_over(Device& device, const Event& request, std::string rule) {
  if (std::holds_alternative<UpgradeRequested>(request)) {
    device.one_time_upgrade = std::move(rule);
  } else if (std::holds_alternative<CustomCaRequested>(request)) {
    device.one_time_custom_ca = std::move(rule);
  } else if (std::holds_alternative<CodeEntered>(request)) {
    device.activation_code = std::move(rule);
  } else {
    device.one_time_rule = std::move(rule);
  }
}

}  // namespace provphone::resync
