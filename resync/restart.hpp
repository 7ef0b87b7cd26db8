#pragma once

#include "profile/catalogue.hpp"
#include "resync/personality.hpp"

#include <span>

// Which changes of parameters end in a restart (R-RESYNC-45, R-RESYNC-46).
namespace provphone::resync {

// Whether one of the parameters that a pass changed takes effect with a restart only (R-RESYNC-45).
// No document lists them; the knob restart_on_change chooses.
bool needs_restart(std::span<const profile::ParameterId> changed, const Personality& personality);

}  // namespace provphone::resync
