#include "client/cli/commands.hpp"
#include "client/cli/replay_log.hpp"

#include <memory>

namespace provphone::client::cli {

Command replay_command() {
  auto flags = std::make_shared<ReplayLogFlags>();
  const OptionGroup options{{
      {"LOG", flags->logs.files, "",
       "logs of servers: access logs, syslog, traces; packed by gzip or not; - is standard input",
       Presence::required},
      {"--against", flags->against, "SCENARIO", "the scenario that says what is predicted",
       Presence::required},
      {"--format", flags->logs.format, "FORMAT",
       "of an access log: common, combined, main, vhost_combined, or as nginx ($) or Apache (%) "
       "has it (what fits)"},
      {"--leases", flags->logs.leases, "FILE",
       "whose an address is: dnsmasq's, Kea's CSV or ISC's file of leases"},
      {"--zone", flags->logs.zone, "ZONE", "of times without their own (UTC)"},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      {"--json", flags->json, "FILE", "write the comparison as JSON here; - is standard output"},
  }};
  return {"replay",
          "which requests of a log a scenario predicts, and which it does not",
          {options},
          "Examples:\n"
          "  provphone replay access.log --against fixtures/scenarios/nightly.yaml\n"
          "  provphone replay access.log.1.gz access.log --against field.yaml --json -\n"
          "Exit status: 0 compared, 2 wrong usage, log or scenario.",
          [flags] { return replay_log(*flags); }};
}

}  // namespace provphone::client::cli
