#pragma once

#include "client/cli/exit.hpp"
#include "client/cli/log_flags.hpp"

#include <string>
#include <vector>

// `replay LOG`: what a server's logs have beside what a scenario predicts.
namespace provphone::client::cli {

struct ReplayLogFlags {
  LogFlags logs;
  std::string against;            // a scenario's file
  std::vector<std::string> with;  // overrides of it
  std::string json;
};

Exit replay_log(const ReplayLogFlags& flags);

}  // namespace provphone::client::cli
