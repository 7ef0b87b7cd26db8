#pragma once

#include "client/cli/replay_capsule.hpp"

namespace provphone::client::cli {

// `replay CAPSULE --shrink EXPECTATION`: as_expected where a smaller scenario was found.
Exit shrink_capsule(const ReplayFlags& flags);

}  // namespace provphone::client::cli
