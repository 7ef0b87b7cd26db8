#pragma once

#include "client/identity/tls_identity.hpp"
#include "profile/parameter_set.hpp"
#include "resync/dhcp.hpp"
#include "resync/machine.hpp"
#include "resync/macros.hpp"

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
  std::shared_ptr<const identity::TlsIdentity> tls;
};

// The file that a rule last applied, and the parameters as they were right after it.
struct AppliedFile {
  std::size_t fingerprint;
  std::uint32_t revision;
};

// A phone in a run: what it is, what it knows, and where its machine stands.
struct DrivenPhone {
  explicit DrivenPhone(PhoneSetup given)
      : setup(std::move(given)),
        settings(resync::settings_of(setup.parameters, setup.personality)) {}

  PhoneSetup setup;
  resync::Settings settings;  // of setup.parameters, always
  resync::Phone machine;
  std::array<std::optional<AppliedFile>, resync::rule_slots> applied;

  resync::MacroSource macros() const {
    return {setup.identity, setup.personality, setup.parameters, setup.state};
  }
  void parameters_changed() { settings = resync::settings_of(setup.parameters, setup.personality); }
};

}  // namespace provphone::client::drive
