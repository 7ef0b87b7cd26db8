#pragma once

#include "resync/time.hpp"

#include <optional>

namespace provphone::client::cli {

// The starts a second at which a run goes on gently, `since` it went on: a tenth of `rate` at
// first, a tenth more each second up to twice of it, and at least 1. What had to wait in the first
// half is made up for in the second. Nothing: it is over, and the pace is what it was before.
std::optional<double> gentle_pace(double rate, resync::Duration since);

}  // namespace provphone::client::cli
