#pragma once

#include "resync/device.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What a phone at rest remembers besides its schedule and its parameters, in as little space as may
// be: most phones remember nothing that anybody will ask for.
namespace provphone::resync {

// SCHEME, SERV, SERVIP, PORT, PATH and ERR, in this order.
using RequestMacros = std::bitset<6>;

// The macros of the last request that phones with these parameters may look at before the next one
// (R-MACRO-20): in a rule, a trigger, or the message about a rule that fails before it asks.
RequestMacros recalled_macros(const profile::ParameterSet& parameters);

// The ones that stand in any text.
RequestMacros request_macros_in(std::string_view text);

// Where the state has their values.
std::string& request_macro(MacroState& state, std::size_t macro);

struct SavedState {
  MacroState state;  // the recalled macros of the last request, and `$UPGERR`
  std::string firmware;
  std::string one_time_rule;
  std::optional<UpgradeTarget> tried_upgrade;
  std::optional<profile::ParameterSet> reported;
};

// What `device` remembers; nothing where that is what every phone does that runs `firmware` and has
// done nothing yet. Moves it out of the device.
std::optional<SavedState> saved_state_of(Device& device, std::string_view firmware,
                                         RequestMacros recalled);
void restore(Device& device, const SavedState& saved_state);

// By slot, the files that would change nothing if they were applied again; 0: none.
using FileFingerprints = std::array<std::size_t, rule_slots + 1>;

FileFingerprints fingerprints_of(const Device& device);
// The device has applied those files, with the parameters as they are.
void restore(Device& device, const FileFingerprints& files);

}  // namespace provphone::resync
