#include "client/fleet/scenario_phones.hpp"

#include "client/scenario/phone_events.hpp"
#include "macro/try.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <chrono>

namespace provphone::client::fleet {
namespace {

// A scenario with more files and classes than that has hardly two phones alike.
constexpr std::size_t most_outcomes = 4'096;
constexpr std::size_t most_met_once = 65'536;

bool differ_within_group(const scenario::PhoneGroup& group) {
  return std::any_of(group.set.begin(), group.set.end(),
                     [](const auto& each) { return each.value.differs_within_group(); });
}

}  // namespace

Result<FleetSetup> fleet_setup(const scenario::Scenario& scenario, identity::WallTime now,
                               const identity::Keeping& keeping) {
  FleetSetup setup{scenario, {}, {}};
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    TRY(auto common, scenario::group_setup(scenario, group));
    setup.groups.push_back(std::move(common));
  }
  TRY(setup.credentials, run::credentials_of_groups(scenario, now, keeping));
  return setup;
}

std::size_t ScenarioPhones::CacheKeyHash::operator()(const CacheKey& key) const {
  return resync::mix(key.file ^ (std::size_t{key.phone_class} << 3U) ^ key.slot);
}

ScenarioPhones::ScenarioPhones(const FleetSetup& setup, Slice slice)
    : setup_(setup),
      slice_(slice),
      classes_(setup.groups.size(), scenario::macros_set_by_hand(setup.scenario)),
      initial_class_(setup.groups.size(), untouched),
      machines_(slice),
      class_of_(slice.count(), untouched),
      ahead_(setup.scenario, setup.credentials, slice) {
  for (std::size_t group = 0; group < initial_class_.size(); ++group) {
    const auto& described = setup.scenario.phones[group];
    if (differ_within_group(described)) continue;
    initial_class_[group] = classes_.hold(
        group, scenario::device_of(setup.scenario, setup.groups[group], described.first));
  }
}

std::size_t ScenarioPhones::group_of(std::size_t index) const {
  return scenario::group_of(setup_.scenario, slice_.number(index));
}

drive::DrivenPhone ScenarioPhones::untouched_phone(std::size_t index) const {
  const auto group = group_of(index);
  if (initial_class_[group] != untouched) return made_of(index, initial_class_[group]);
  auto device = scenario::device_of(setup_.scenario, setup_.groups[group], slice_.number(index));
  device.settings_changed();
  return around(index, std::move(device));
}

drive::DrivenPhone ScenarioPhones::around(std::size_t index, resync::Device device) const {
  return {std::move(device),
          machines_[index],
          {},
          scenario::source_of(setup_.scenario, slice_.number(index))};
}

drive::DrivenPhone ScenarioPhones::made_of(std::size_t index, std::uint32_t phone_class) const {
  auto device = scenario::device_around(setup_.scenario, slice_.number(index),
                                        profile::ParameterSet(classes_[phone_class].parameters));
  classes_.adopt(device, phone_class);
  if (!saved_states_.empty() && saved_states_[index])
    resync::restore(device, *saved_states_[index]);
  return around(index, std::move(device));
}

drive::DrivenPhone ScenarioPhones::copy(std::size_t index) const {
  const auto phone_class = class_of_[index];
  return phone_class == untouched ? untouched_phone(index) : made_of(index, phone_class);
}

drive::DrivenPhone ScenarioPhones::take(std::size_t index) {
  return copy(index);
}

void ScenarioPhones::bring_back(std::size_t index, drive::DrivenPhone phone) {
  auto& device = phone.device;
  const auto group = group_of(index);
  const bool is_of_class =
      device.phone_class && device.phone_class->revision == device.parameters.revision() &&
      classes_[device.phone_class->number].files == resync::fingerprints_of(device);
  if (is_of_class) {
    classes_.hold(device.phone_class->number);
  } else {
    device.phone_class = resync::ClassAt{classes_.hold(group, device), 0};
  }
  if (class_of_[index] != untouched) classes_.release(class_of_[index]);
  class_of_[index] = device.phone_class->number;
  machines_.set(index, phone.machine);
  ahead_.rests_until(index, phone.machine.due);
  const auto& firmware = setup_.scenario.phones[group].firmware;
  auto saved_state = resync::saved_state_of(device, firmware, classes_[class_of_[index]].recalled);
  if (saved_state && saved_states_.empty()) saved_states_.resize(count());
  if (saved_states_.empty()) return;
  saved_states_[index] =
      saved_state ? std::make_unique<resync::SavedState>(*std::move(saved_state)) : nullptr;
}

Result<std::shared_ptr<const identity::TlsIdentity>> ScenarioPhones::tls(std::size_t index) {
  return run::tls_identity_of(setup_.scenario, setup_.credentials[group_of(index)],
                              slice_.number(index), std::chrono::system_clock::now());
}

std::optional<resync::ApplyResult> ScenarioPhones::apply_known(resync::Device& device,
                                                               std::size_t slot,
                                                               std::size_t fingerprint) {
  const auto known = outcomes_.find({device.phone_class->number, slot, fingerprint});
  if (known == outcomes_.end()) return std::nullopt;
  classes_.adopt(device, known->second.phone_class);
  return known->second.result;
}

// What only one phone has met so far may be its own file, and is not worth remembering.
void ScenarioPhones::remember(std::uint32_t before, resync::Device& device, std::size_t slot,
                              std::size_t fingerprint, const resync::ApplyResult& result) {
  const CacheKey key{before, slot, fingerprint};
  if (met_once_.size() == most_met_once) met_once_.clear();
  if (met_once_.insert(CacheKeyHash{}(key)).second || outcomes_.size() == most_outcomes) return;
  const auto after = classes_.hold(classes_[before].group, device);
  classes_.hold(before);  // its number stays its own as long as this is remembered
  classes_.hold(after);   // shared: its settings are worth keeping
  classes_.adopt(device, after);
  outcomes_.emplace(key, Outcome{after, result});
}

}  // namespace provphone::client::fleet
