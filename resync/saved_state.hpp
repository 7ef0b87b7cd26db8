#pragma once

#include "resync/device.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <memory>
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

// The ones whose names stand in a text with a dollar in it. Finds too many rather than too few: a
// macro may have been put together, `$(ERR:0:4)`, or a name be part of another.
RequestMacros request_macros_in(std::string_view text);

// Where the state has the value of the macro with that index in RequestMacros.
std::string& request_macro(MacroState& state, std::size_t macro);

struct SavedState {
  MacroState state;  // the recalled macros of the last request, and `$UPGERR`
  std::string firmware;
  std::string one_time_rule;
  std::string one_time_upgrade;
  std::optional<UpgradeTarget> tried_upgrade;
  std::optional<profile::ParameterSet> reported;
  CustomCa custom_ca;
  std::optional<PacFile> pac;
  std::shared_ptr<const Lease> granted;        // R-DHCP-10
  std::optional<std::string> activation_code;  // secret
  Customization customization = Customization::open;
  CertificateRenewal renewal;
  bool has_lost_account = false;  // that it was given in the beginning
};

// What `device` remembers; nothing where that is what every phone does that runs `firmware` and has
// done nothing yet. Moves it out of the device, which is not to be used any more before restore().
// Of the macros of the last request only the `recalled` ones are kept.
std::optional<SavedState> saved_state_of(Device& device, std::string_view firmware,
                                         RequestMacros recalled);
// Gives a phone that comes out of its rest what it kept; request macros that were not kept are
// empty then. Parameters are not in it.
void restore(Device& device, const SavedState& saved_state);

// By slot, the fingerprints of files that would change no value if they were applied again; 0:
// none.
using FileFingerprints = std::array<std::size_t, rule_slots + 1>;

FileFingerprints fingerprints_of(const Device& device);
// The device has applied those files, with the parameters as they are: to be called behind whatever
// sets these.
void restore(Device& device, const FileFingerprints& files);

}  // namespace provphone::resync
