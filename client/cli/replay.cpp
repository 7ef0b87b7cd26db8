#include "client/capsule/file.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/replay_capsule.hpp"
#include "client/cli/replay_log.hpp"

#include <fmt/format.h>

#include <memory>

namespace provphone::client::cli {
namespace {

// What a capsule and logs are replayed with. The file of a capsule is the only one of the logs.
struct ReplayAnyFlags {
  ReplayFlags capsule;
  ReplayLogFlags log;
};

OptionGroup capsule_options(ReplayFlags& flags) {
  return {
      {
          {"--set", flags.changes.set, "NAME=VALUE",
           "change a parameter of every phone; repeatable"},
          {"--knob", flags.changes.knobs, "NAME=VALUE",
           "change what documents leave open; see decode --list-knobs; repeatable"},
          {"--firmware", flags.changes.firmware, "LOAD", "change the load that every phone runs"},
          {"--personality", flags.changes.personality, "NAME",
           "change the firmware generation: spa, mpp11 or mpp12"},
          {"--live", flags.live, "",
           "against the servers that it asked, in real time, and say who does something else"},
          {"--target", flags.targets, "ADDRESS",
           "of --live: an address, prefix or name that traffic may go to, besides loopback; "
           "repeatable"},
          {"--compare-with", flags.compare_with, "CAPSULE",
           "say what phones end up with that they did not in this one, recorded earlier"},
          {"--shrink", flags.shrink, "EXPECTATION",
           "find the smallest scenario in which this still fails, as `expect` has it"},
          {"--shrink-for", flags.shrink_for, "DURATION", "how long to look for it (30s)"},
          output({"--output", flags.out, "FILE", "write that scenario here (standard output)"}),
          output({"--trace", flags.trace, "FILE",
                  "write every event, JSON Lines; - is standard output"}),
      },
      "A capsule"};
}

OptionGroup log_options(ReplayLogFlags& flags) {
  return {
      {
          {"--against", flags.against, "SCENARIO", "the scenario that says what is predicted"},
          {"--format", flags.logs.format, "FORMAT",
           "of an access log: common, combined, main, vhost_combined, or as nginx ($) or "
           "Apache (%) has it (what fits)"},
          {"--leases", flags.logs.leases, "FILE",
           "whose an address is: dnsmasq's, Kea's CSV or ISC's file of leases"},
          {"--zone", flags.logs.zone, "ZONE", "of times without their own (UTC)"},
          {"--with", flags.with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      },
      "Logs"};
}

Exit replay_any(ReplayAnyFlags& flags) {
  if (!flags.log.against.empty()) return replay_log(flags.log);
  const auto& files = flags.log.logs.files;
  if (files.size() != 1 || !capsule::CapsuleReader::is_capsule(files.front()))
    return refuse_usage({Errc::bad_argument,
                         fmt::format("{}: expected one capsule, which --record writes; logs are "
                                     "held against a scenario: --against SCENARIO",
                                     files.front())});
  flags.capsule.file = files.front();
  flags.capsule.json = flags.log.json;
  return replay_capsule(flags.capsule);
}

}  // namespace

Command replay_command() {
  auto flags = std::make_shared<ReplayAnyFlags>();
  const OptionGroup options{{
      {"CAPSULE|LOG", flags->log.logs.files, "",
       "what --record wrote; or logs of servers: access logs, syslog, traces, packed by gzip or "
       "not, - is standard input",
       Presence::required},
      output({"--json", flags->log.json, "FILE", "write how it came out; - is standard output"}),
  }};
  return {
      "replay",
      "a recorded run once more, or what a server's log has beside what a scenario predicts",
      {options, capsule_options(flags->capsule), log_options(flags->log)},
      "Examples:\n"
      "  provphone run lab.yaml --record lab.capsule\n"
      "  provphone replay lab.capsule\n"
      "  provphone replay lab.capsule --knob error_retry_zero=immediate\n"
      "  provphone replay lab.capsule --shrink 'converged: 100%, within: 5m' -o small.yaml\n"
      "  provphone replay now.capsule --compare-with good.capsule\n"
      "  provphone replay access.log.1.gz access.log --against field.yaml --json -\n"
      "Exit status: 0 it came out as recorded, a smaller scenario was found, phones end up with "
      "the\nsame, or a log was compared; 1 it did not; 2 wrong usage, capsule, log or scenario.",
      [flags] { return replay_any(*flags); }};
}

}  // namespace provphone::client::cli
