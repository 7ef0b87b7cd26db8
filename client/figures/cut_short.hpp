#pragma once

#include "client/figures/fleet_result.hpp"

#include <optional>

// Whether a fleet's run that somebody ended says enough to be judged.
namespace provphone::client::figures {

// What a run was meant to come to.
struct Aim {
  std::optional<resync::Duration> length;  // nothing: it ends when somebody says so
  bool until_converged = false;            // or when every phone has provisioned itself
  bool is_judged = false;                  // by expectations, which count on all of its length
};

// Of a run that was ended by hand or by a signal: nothing where it had come to what it was meant to
// come to. A run without a length may be ended once every phone was switched on.
std::optional<VoidReason> cut_short(const FleetResult& result, const Aim& aim);

}  // namespace provphone::client::figures
