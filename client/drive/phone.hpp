#pragma once

#include "client/identity/tls_identity.hpp"
#include "profile/parameter_set.hpp"
#include "resync/dhcp.hpp"
#include "resync/machine.hpp"
#include "resync/macros.hpp"
#include "resync/plan.hpp"
#include "resync/upgrade.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::drive {

// A phone as a scenario or flags describe it, before anything has happened to it.
struct PhoneSetup {
  resync::Identity identity;
  resync::Personality personality = resync::personality_of(profile::Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  std::vector<resync::DhcpOption> lease;
  resync::MacroState state;  // where the machine says otherwise, the machine wins
  std::optional<resync::Login> profile_account;  // that a person entered at the phone
  std::shared_ptr<const identity::TlsIdentity> tls;
  std::string source_address;  // that its traffic comes from; empty: the system's choice

  resync::MacroSource macros() const { return {identity, personality, parameters, state}; }
};

// The file that a rule last applied, and the parameters as they were right after it.
struct AppliedFile {
  std::size_t fingerprint;
  std::uint32_t revision;
};

// The parameter of a rule slot, Profile_Rule first.
profile::ParameterId rule_id(std::size_t slot);

// The files that rules applied last, by slot.
using AppliedFiles = std::array<std::optional<AppliedFile>, resync::rule_slots + 1>;

// Phones of one kind have equal parameters, as they were at that revision.
struct KindAt {
  std::uint32_t kind;
  std::uint32_t revision;
};

// A phone in a run: what it is, what it knows, and where its machine stands.
struct DrivenPhone {
  explicit DrivenPhone(PhoneSetup given) : setup(std::move(given)) { parameters_changed(); }
  // `its` are the settings of `given.parameters`.
  DrivenPhone(PhoneSetup given, std::shared_ptr<const resync::Settings> its)
      : setup(std::move(given)), settings(std::move(its)) {}

  PhoneSetup setup;
  std::shared_ptr<const resync::Settings> settings;  // of setup.parameters, always
  resync::Phone machine;
  AppliedFiles applied;
  std::optional<KindAt> kind;  // where somebody keeps kinds of phones
  std::optional<std::array<std::string, resync::rule_slots>> rules_at_start;
  std::string one_time_rule;  // that came with a request
  std::optional<resync::UpgradeTarget> tried_upgrade;
  std::optional<profile::ParameterSet> reported;  // as they were at the last report

  // A pass begins: where the personality reads all rules now, they are remembered (R-RULE-49).
  void pass_started() {
    rules_at_start.reset();
    if (setup.personality[resync::Knob::rules_read] == 0) return;
    auto& texts = rules_at_start.emplace();
    for (std::size_t slot = 0; slot < texts.size(); ++slot)
      texts[slot] = setup.parameters.get(rule_id(slot));
  }
  // The text of a rule whose turn has come.
  std::string_view rule(std::size_t slot) const {
    if (slot == resync::one_time_slot) return one_time_rule;
    return rules_at_start ? (*rules_at_start)[slot] : setup.parameters.get(rule_id(slot));
  }

  resync::MacroSource macros() const { return setup.macros(); }
  void parameters_changed() {
    settings = std::make_shared<const resync::Settings>(
        resync::settings_of(setup.parameters, setup.personality));
  }
};

}  // namespace provphone::client::drive
