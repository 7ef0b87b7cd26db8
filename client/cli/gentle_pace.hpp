#pragma once

#include "resync/time.hpp"

#include <optional>

namespace provphone::client::cli {

// The starts a second at which a run goes on gently, `since` it went on: a tenth of `rate` at
// first, a tenth more each second, and at least 1. Nothing: it is over, after ten seconds, and the
// pace is what it was before the pause.
std::optional<double> gentle_pace(double rate, resync::Duration since);

}  // namespace provphone::client::cli
