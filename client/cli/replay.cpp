#include "client/cli/commands.hpp"
#include "client/cli/replay_capsule.hpp"

#include <memory>

namespace provphone::client::cli {

Command replay_command() {
  auto flags = std::make_shared<ReplayFlags>();
  const OptionGroup options{{
      {"CAPSULE", flags->file, "", "what --record wrote", Presence::required},
      {"--set", flags->changes.set, "NAME=VALUE", "change a parameter of every phone; repeatable"},
      {"--knob", flags->changes.knobs, "NAME=VALUE",
       "change what documents leave open; see decode --list-knobs; repeatable"},
      {"--firmware", flags->changes.firmware, "LOAD", "change the load that every phone runs"},
      {"--personality", flags->changes.personality, "NAME",
       "change the firmware generation: spa, mpp11 or mpp12"},
      {"--compare-with", flags->compare_with, "CAPSULE",
       "say what phones end up with that they did not in this one, recorded earlier"},
      {"--shrink", flags->shrink, "EXPECTATION",
       "find the smallest scenario in which this still fails, as `expect` has it"},
      {"--shrink-for", flags->shrink_for, "DURATION", "how long to look for it (30s)"},
      {"--out", flags->out, "FILE", "write that scenario here (standard output)"},
      {"--json", flags->json, "FILE", "write how it came out; - is standard output"},
      {"--trace", flags->trace, "FILE", "write every event, JSON Lines; - likewise"},
  }};
  return {"replay",
          "a recorded run once more, in virtual time, unchanged or with one thing changed",
          {options},
          "Examples:\n"
          "  provphone run lab.yaml --record lab.capsule\n"
          "  provphone replay lab.capsule\n"
          "  provphone replay lab.capsule --knob error_retry_zero=immediate\n"
          "  provphone replay lab.capsule --shrink 'converged: 100%' --out small.yaml\n"
          "Exit status: 0 it came out as recorded, 1 it did not, 2 wrong usage or no capsule.",
          [flags] { return replay_capsule(*flags); }};
}

}  // namespace provphone::client::cli
