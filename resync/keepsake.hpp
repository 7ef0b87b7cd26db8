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

struct Keepsake {
  MacroState state;  // the recalled macros of the last request, and `$UPGERR`
  std::string firmware;
  std::string one_time_rule;
  std::optional<UpgradeTarget> tried_upgrade;
  std::optional<profile::ParameterSet> reported;
};

// What `device` remembers; nothing where that is what every phone does that runs `firmware` and has
// done nothing yet. Moves it out of the device.
std::optional<Keepsake> keepsake_of(Device& device, std::string_view firmware,
                                    RequestMacros recalled);
void recall(Device& device, const Keepsake& keepsake);

// By slot, the files whose taking in would change nothing; 0: none.
using FilePrints = std::array<std::size_t, rule_slots + 1>;

FilePrints prints_of(const Device& device);
// The device has taken those files in, with the parameters as they are.
void recall(Device& device, const FilePrints& files);

}  // namespace provphone::resync
