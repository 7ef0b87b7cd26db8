#pragma once

#include "client/cli/exit.hpp"
#include "client/replay/cast.hpp"

#include <string>
#include <vector>

// `provphone replay CAPSULE`: what a run was, played once more.
namespace provphone::client::cli {

struct ReplayFlags {
  std::string file;
  replay::Changes changes;
  std::string json, trace;
  std::string compare_with;
  bool live = false;
  std::vector<std::string> targets;  // of a live one, besides loopback
  std::string shrink, shrink_for, out;
};

// as_expected where the capsule comes out as it was recorded, failed where it does not.
Exit replay_capsule(const ReplayFlags& flags);

}  // namespace provphone::client::cli
