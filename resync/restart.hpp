#pragma once

#include "profile/catalogue.hpp"
#include "resync/personality.hpp"

#include <functional>
#include <span>

// Which changes of parameters end in a restart (R-RESYNC-45, R-RESYNC-46).
namespace provphone::resync {

// Whether one of the parameters that a pass changed takes effect with a restart only (R-RESYNC-45).
// No document lists them; the knob restart_on_change chooses.
bool needs_restart(std::span<const profile::ParameterId> changed, const Personality& personality);

// Gives the same parameters to `take`, in an order that stays the same: what a phone compares that
// goes by the end of a pass (R-RESYNC-46).
void for_each_restarting(const Personality& personality,
                         const std::function<void(profile::ParameterId)>& take);

}  // namespace provphone::resync
