#pragma once

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
#include <string_view>
#include <vector>

// All of a phone but its schedule: what it is, how it is set, and what it remembers of what it has
// fetched. machine.hpp has the schedule; retrieval.hpp is where the two meet.
namespace provphone::resync {

// The file that a rule last applied, and the parameters as they were right after it.
struct AppliedFile {
  std::size_t fingerprint;
  std::uint32_t revision;
};

// The files that rules applied last, by slot.
using AppliedFiles = std::array<std::optional<AppliedFile>, rule_slots + 1>;

// The class of a phone (phone_classes.hpp) as long as its parameters have that revision.
struct ClassAt {
  std::uint32_t number;
  std::uint32_t revision;
};

struct Device {
  // --- as a scenario or flags describe it
  Identity identity;
  Personality personality = personality_of(profile::Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  std::vector<DhcpOption> lease;
  MacroState state;                      // where the machine says otherwise, the machine wins
  std::optional<Login> profile_account;  // that a person entered at the phone

  // --- what follows from it, and what the phone remembers
  // Of `parameters`, from the first settings_changed() on; null before. Whoever changes parameters
  // calls settings_changed().
  std::shared_ptr<const Settings> settings;
  AppliedFiles applied;
  std::optional<ClassAt> phone_class;  // where somebody keeps phones in classes
  std::optional<std::array<std::string, rule_slots>> rules_at_start;
  std::string one_time_rule;  // that came with a request
  std::optional<UpgradeTarget> tried_upgrade;
  std::optional<profile::ParameterSet> reported;  // as they were at the last report

  MacroSource macros() const { return {identity, personality, parameters, state}; }

  // The text of a rule whose turn has come (R-RULE-49).
  std::string_view rule(std::size_t slot) const;

  void settings_changed();
};

// Whether all rules are read as a pass begins, and not each when its turn comes (R-RULE-49).
bool reads_rules_at_start(const Personality& personality);

// A pass begins: rules that are read now are remembered.
void remember_rules(Device& device);

// Power is gone: what was in memory is forgotten, the parameters and the firmware are not.
void forget_memory(Device& device);

}  // namespace provphone::resync
