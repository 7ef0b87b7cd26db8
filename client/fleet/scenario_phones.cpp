#include "client/fleet/scenario_phones.hpp"

#include "client/scenario/happenings.hpp"
#include "macro/try.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <chrono>

namespace provphone::client::fleet {
namespace {

// A scenario with more files and kinds than that has hardly two phones alike.
constexpr std::size_t most_outcomes = 4'096;
constexpr std::size_t most_met_once = 65'536;

bool differ_within_group(const scenario::PhoneGroup& group) {
  return std::any_of(group.set.begin(), group.set.end(),
                     [](const auto& each) { return each.value.differs_within_group(); });
}

}  // namespace

Result<FleetSetup> fleet_setup(const scenario::Scenario& scenario, identity::WallTime now) {
  FleetSetup setup{scenario, {}, {}};
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    TRY(auto common, scenario::group_setup(scenario, group));
    setup.groups.push_back(std::move(common));
    TRY(auto credentials, run::group_credentials(scenario, group, now));
    setup.credentials.push_back(std::move(credentials));
  }
  return setup;
}

std::size_t ScenarioPhones::MeetingHash::operator()(const Meeting& meeting) const {
  return resync::mix(meeting.file ^ (std::size_t{meeting.kind} << 3U) ^ meeting.slot);
}

ScenarioPhones::ScenarioPhones(const FleetSetup& setup, Slice slice)
    : setup_(setup),
      slice_(slice),
      kinds_(setup.groups.size(), scenario::macros_set_by_hand(setup.scenario)),
      newborn_(setup.groups.size(), untouched),
      resting_(slice.count()) {
  for (std::size_t index = 0; index < resting_.size(); ++index)
    resting_[index].machine.index = slice.number(index);
  for (std::size_t group = 0; group < newborn_.size(); ++group) {
    const auto& described = setup.scenario.phones[group];
    if (differ_within_group(described)) continue;
    newborn_[group] = kinds_.hold(
        group, scenario::device_of(setup.scenario, setup.groups[group], described.first));
  }
}

std::size_t ScenarioPhones::group_of(std::size_t index) const {
  return scenario::group_of(setup_.scenario, slice_.number(index));
}

drive::DrivenPhone ScenarioPhones::untouched_phone(std::size_t index) const {
  const auto group = group_of(index);
  if (newborn_[group] != untouched) return made_of(index, newborn_[group]);
  auto device = scenario::device_of(setup_.scenario, setup_.groups[group], slice_.number(index));
  device.settings_changed();
  return around(index, std::move(device));
}

drive::DrivenPhone ScenarioPhones::around(std::size_t index, resync::Device device) const {
  return {std::move(device),
          resting_[index].machine,
          {},
          scenario::source_of(setup_.scenario, slice_.number(index))};
}

drive::DrivenPhone ScenarioPhones::made_of(std::size_t index, std::uint32_t kind) const {
  auto device = scenario::device_around(setup_.scenario, slice_.number(index),
                                        profile::ParameterSet(kinds_[kind].parameters));
  kinds_.assume(device, kind);
  if (const auto& keepsake = resting_[index].keepsake) resync::recall(device, *keepsake);
  return around(index, std::move(device));
}

drive::DrivenPhone ScenarioPhones::copy(std::size_t index) const {
  const auto kind = resting_[index].kind;
  return kind == untouched ? untouched_phone(index) : made_of(index, kind);
}

drive::DrivenPhone ScenarioPhones::take(std::size_t index) {
  return copy(index);
}

void ScenarioPhones::bring_back(std::size_t index, drive::DrivenPhone phone) {
  auto& resting = resting_[index];
  auto& device = phone.device;
  const auto group = group_of(index);
  const bool is_of_kind = device.kind && device.kind->revision == device.parameters.revision() &&
                          kinds_[device.kind->kind].files == resync::prints_of(device);
  if (is_of_kind) {
    kinds_.hold(device.kind->kind);
  } else {
    device.kind = resync::KindAt{kinds_.hold(group, device), 0};
  }
  if (resting.kind != untouched) kinds_.release(resting.kind);
  resting.kind = device.kind->kind;
  resting.machine = phone.machine;
  const auto& firmware = setup_.scenario.phones[group].firmware;
  auto keepsake =
      resync::keepsake_of(device, firmware.empty() ? resync::Identity{}.firmware : firmware,
                          kinds_[resting.kind].recalled);
  resting.keepsake.reset();
  if (keepsake) resting.keepsake = std::make_unique<resync::Keepsake>(*std::move(keepsake));
}

Result<std::shared_ptr<const identity::TlsIdentity>> ScenarioPhones::tls(std::size_t index) {
  return run::tls_identity_of(setup_.scenario, setup_.credentials[group_of(index)],
                              slice_.number(index), std::chrono::system_clock::now());
}

std::optional<resync::Intake> ScenarioPhones::recall(resync::Device& device, std::size_t slot,
                                                     std::size_t fingerprint) {
  const auto known = outcomes_.find({device.kind->kind, slot, fingerprint});
  if (known == outcomes_.end()) return std::nullopt;
  kinds_.assume(device, known->second.kind);
  return known->second.intake;
}

// What only one phone has met so far may be its own file, and is not worth remembering.
void ScenarioPhones::remember(std::uint32_t before, resync::Device& device, std::size_t slot,
                              std::size_t fingerprint, const resync::Intake& intake) {
  const Meeting meeting{before, slot, fingerprint};
  if (met_once_.size() == most_met_once) met_once_.clear();
  if (met_once_.insert(MeetingHash{}(meeting)).second || outcomes_.size() == most_outcomes) return;
  const auto after = kinds_.hold(kinds_[before].group, device);
  kinds_.hold(before);  // its number stays its own as long as this is remembered
  kinds_.hold(after);   // shared: its settings are worth keeping
  kinds_.assume(device, after);
  outcomes_.emplace(meeting, Outcome{after, intake});
}

}  // namespace provphone::client::fleet
