#pragma once

#include "profile/parameter_set.hpp"
#include "resync/delay_list.hpp"

#include <array>
#include <cstdint>

namespace provphone::resync {

// The parameters that the machine goes by, parsed. A function of a phone's parameters; phones with
// equal ones may share it.
struct Settings {
  bool provision_enable = true;
  bool resync_on_reset = true;
  bool resync_fails_on_fnf = true;
  std::uint32_t resync_random_delay = 2;  // units of the knob resync_random_delay_unit
  DelayList periodic;
  DelayList error_retry;
  // Fingerprints of the texts, by which the machine notices that a value changed.
  std::uint32_t periodic_print = 0;
  std::uint32_t error_retry_print = 0;
  std::uint32_t profile_rules_print = 0;
};

// The four rules of a pass, in the order they are evaluated.
inline constexpr std::size_t rule_slots = 4;

std::string_view rule_parameter_name(std::size_t slot);  // Profile_Rule, Profile_Rule_B, ...

// Never fails: a delay list or number that does not parse falls back on its factory value
// (R-RESYNC-10).
Settings settings_of(const profile::ParameterSet& parameters, profile::Generation generation);

}  // namespace provphone::resync
