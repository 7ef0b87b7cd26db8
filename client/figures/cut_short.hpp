#pragma once

#include "client/figures/outcome.hpp"

#include <optional>

// Whether a run that somebody ended says enough to be judged.
namespace provphone::client::figures {

// What a run was meant to come to.
struct Aim {
  std::optional<resync::Duration> length;  // nothing: it ends when somebody says so
  bool until_converged = false;            // or when every phone has provisioned itself
  bool is_judged = false;                  // by expectations, which count on all of its length
};

// Of a run that ended after `length`: nothing where that was neither by a person or the system nor
// for a lost expectation, or where it had come to what it was meant to come to. A run without a
// length may be ended once every phone was switched on.
std::optional<VoidReason> cut_short(const Outcome& outcome, resync::Duration length,
                                    const Aim& aim);

}  // namespace provphone::client::figures
