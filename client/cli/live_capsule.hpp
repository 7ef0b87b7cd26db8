#pragma once

#include "client/cli/replay_capsule.hpp"

namespace provphone::client::cli {

// `replay CAPSULE --live`: the recorded phones against the servers that they asked, in real time.
// as_expected where they decide as they did, whenever that is.
Exit replay_live(const ReplayFlags& flags);

}  // namespace provphone::client::cli
