#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/progress_line.hpp"
#include "client/cli/remarks.hpp"
#include "client/input/file.hpp"
#include "client/input/temporary_folder.hpp"
#include "client/input/tree.hpp"
#include "client/report/output.hpp"
#include "client/report/suite.hpp"
#include "client/run/signals.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <thread>

namespace provphone::client::cli {
namespace {

struct TestFlags {
  std::string folder;
  std::string by = "auto", filter;
  std::vector<std::string> with, targets;
  std::string wait_for_server, length = "10m";
  unsigned jobs = 0;
  bool shuffle = false, fail_fast = false, strict = false, quiet = false;
  std::optional<std::uint64_t> seed;
  std::string serve, pki, client_certificates;
  std::string json, junit;
};

// Nothing: no server is started here.
std::optional<suite::ServerOrders> server_of(const TestFlags& flags) {
  if (flags.serve.empty()) return std::nullopt;
  return suite::ServerOrders{flags.serve, flags.pki, flags.client_certificates};
}

// What scenarios are read amid before there is a server: addresses of the form that they will have
// stand for those that nobody knows yet. Only who drives them, and whether they have an end, is
// taken from what is read.
Result<scenario::Surroundings> surroundings_before_servers(const TestFlags& flags) {
  TRY(auto given, surroundings(""));
  const auto server = server_of(flags);
  if (!server) return given;
  given.environment = [of_all = given.environment, own = suite::usual_addresses(*server)](
                          const std::string& name) -> std::optional<std::string> {
    const auto found =
        std::find_if(own.begin(), own.end(), [&](const auto& each) { return each.first == name; });
    return found == own.end() ? of_all(name) : std::optional(found->second);
  };
  return given;
}

// What drives the scenario, and whether it says when that is over.
Result<suite::Member> member_of(const TestFlags& flags, std::string file) {
  suite::Member member{std::move(file)};
  const auto yaml = input::read_file(member.file, input::max_scenario_bytes);
  // With its lists of phones and what it includes. What cannot be read the run will refuse; the
  // others go on.
  TRY(const auto given, surroundings_before_servers(flags));
  const auto scenario = yaml ? scenario::read_scenario(*yaml, member.file, flags.with, given)
                             : tl::unexpected(yaml.error());
  if (scenario) member.has_end = scenario->limits.duration.has_value();
  if (flags.by != "auto") {
    member.driver = *suite::driver_named(flags.by);
  } else if (yaml) {
    member.driver = suite::driver_for(*yaml, scenario ? scenario::phone_count(*scenario) : 0);
  }
  return member;
}

Result<std::vector<suite::Member>> members_of(const TestFlags& flags,
                                              std::optional<std::uint64_t> order_seed) {
  if (flags.by != "auto" && !suite::driver_named(flags.by))
    return fail(Errc::bad_argument, "--by: expected auto, run, fleet or forecast");
  if (flags.serve.empty() && !(flags.pki.empty() && flags.client_certificates.empty()))
    return fail(Errc::bad_argument, "--pki and --client-certificates are of --serve DIR");
  TRY(auto files, suite::scenarios_below(flags.folder));
  if (files.empty())
    return fail(Errc::bad_argument,
                fmt::format("{}: there is no scenario, *.yaml or *.yml, below it", flags.folder));
  auto those = suite::chosen(std::move(files), flags.folder.size(), flags.filter);
  if (!those) return fail(those.error().code, "--filter: " + those.error().detail);
  if (those->empty())
    return fail(Errc::bad_argument,
                fmt::format("--filter: no scenario below {} has '{}' in its name", flags.folder,
                            flags.filter));
  if (order_seed) those = suite::shuffled(*std::move(those), *order_seed);
  std::vector<suite::Member> members;
  for (auto& file : *those) {
    TRY(auto member, member_of(flags, std::move(file)));
    members.push_back(std::move(member));
  }
  return members;
}

// What each run is given besides its scenario.
std::vector<std::string> flags_for(const TestFlags& flags, const suite::Member& member) {
  std::vector<std::string> given;
  const auto add = [&](const char* name, const std::string& value) {
    given.insert(given.end(), {name, value});
  };
  for (const auto& each : flags.with) add("--with", each);
  if (flags.strict) given.emplace_back("--strict");
  // No model is asked over the network, and none goes on for ever.
  if (member.driver == suite::Driver::forecast) return given;
  if (!member.has_end) {
    add("--for", flags.length);
    if (member.driver == suite::Driver::fleet) given.emplace_back("--until-converged");
  }
  for (const auto& each : flags.targets) add("--target", each);
  if (!flags.wait_for_server.empty()) add("--wait-for-server", flags.wait_for_server);
  return given;
}

std::optional<std::uint64_t> seed_of_order(const TestFlags& flags) {
  if (!flags.shuffle && !flags.seed) return std::nullopt;
  // A number that a person can type again.
  return flags.seed ? flags.seed : std::random_device()() % 1'000'000;
}

// What a run said that did not pass, as it ends.
void tell_end(const suite::Trial& trial) {
  if (trial.ending == suite::Ending::passed) return;
  std::cerr << fmt::format("{}: {} by {}\n{}", trial.member.file, name(trial.ending),
                           name(trial.member.driver), trial.said);
  if (!trial.said.ends_with('\n')) std::cerr << '\n';
  if (trial.server.of == 0) return;
  std::cerr << report::heading_of(trial.server) << '\n';
  for (const auto& line : trial.server.lines) std::cerr << "  " << line << '\n';
}

void show(ProgressLine& line, const suite::Progress& progress) {
  std::string running;
  for (const auto& file : progress.running) running += " " + file;
  line.show(fmt::format("{} of {} ended, {} not passed; running:{}", progress.ended, progress.all,
                        progress.failed, running));
}

Result<report::SuiteOutcome> run_members(const TestFlags& flags, std::vector<suite::Member> members,
                                         std::optional<std::uint64_t> order_seed) {
  // Where runs leave their results until they are read.
  TRY(const auto scratch, input::TemporaryFolder::make("test"));
  const run::SignalNote note;
  auto line = std::make_unique<ProgressLine>();
  suite::Orders orders;
  orders.members = std::move(members);
  orders.jobs = flags.jobs != 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
  orders.stops_at_failure = flags.fail_fast;
  orders.flags = [&flags](const suite::Member& member) { return flags_for(flags, member); };
  orders.server = server_of(flags);
  orders.folder = scratch.path();
  orders.signal = [] { return run::SignalNote::noted(); };
  if (!flags.quiet) {
    orders.on_progress = [&line](const suite::Progress& progress) { show(*line, progress); };
    orders.on_end = [&line](const suite::Trial& trial) {
      line = std::make_unique<ProgressLine>();  // the old one is wiped
      tell_end(trial);
    };
  }
  const auto began = std::chrono::steady_clock::now();
  TRY(auto trials, suite::run_all(orders));
  return report::SuiteOutcome{flags.folder, std::move(trials),
                              std::chrono::duration_cast<std::chrono::milliseconds>(
                                  std::chrono::steady_clock::now() - began),
                              order_seed};
}

Exit test_folder(const TestFlags& flags) {
  const auto order_seed = seed_of_order(flags);
  auto members = members_of(flags, order_seed);
  if (!members) return refuse_usage(members.error());
  auto json = report::OutputFile::open_if_named(flags.json);
  if (!json) return refuse_usage(json.error());
  auto junit = report::OutputFile::open_if_named(flags.junit);
  if (!junit) return refuse_usage(junit.error());
  const auto outcome = run_members(flags, *std::move(members), order_seed);
  if (!outcome) return refuse_usage(outcome.error());
  if (!flags.quiet && flags.json != "-" && flags.junit != "-")
    std::cout << report::format_text(*outcome);
  if (const auto written = report::write_whole(*json, format_json(*outcome)); !written)
    return refuse_usage(written.error());
  if (const auto written = report::write_whole(*junit, format_junit(*outcome)); !written)
    return refuse_usage(written.error());
  return static_cast<Exit>(suite::exit_of(outcome->trials));
}

}  // namespace

Command test_command() {
  auto flags = std::make_shared<TestFlags>();
  const OptionGroup options{{
      {"DIR", flags->folder, "",
       "a folder: every *.yaml and *.yml below it is a scenario, unless its name or a folder's "
       "begins with . or _",
       Presence::required},
      {"--by", flags->by, "COMMAND",
       "what drives each: run, fleet or forecast; auto: forecast where the scenario has a server "
       "block, fleet where it has more phones than run drives, else run (auto)"},
      {"--jobs", flags->jobs, "N", "so many at once (all processors)", Presence::optional,
       Range{1, 1'000}},
      {"--filter", flags->filter, "PATTERN",
       "only scenarios in whose names, from DIR on, this regular expression is found"},
      {"--shuffle", flags->shuffle, "", "in an order by chance; its seed is told"},
      {"--seed", flags->seed, "N", "shuffle by this seed, to have an order again"},
      {"--fail-fast", flags->fail_fast, "", "begin no other one once one has not passed"},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of every scenario; repeatable"},
      {"--target", flags->targets, "ADDRESS",
       "a server that may be asked besides loopback; repeatable"},
      {"--for", flags->length, "DURATION",
       "how long a scenario without limits.duration may run at most (10m)"},
      {"--wait-for-server", flags->wait_for_server, "DURATION",
       "each waits so long at most until its servers answer"},
      {"--serve", flags->serve, "DIR",
       "each that is no forecast has a server of its own, which has the files of DIR: "
       "${SERVE_HTTP} and ${SERVE_TFTP} are HOST:PORT in it"},
      {"--pki", flags->pki, "DIR",
       "of --serve: what `provphone pki` made, and ${SERVE_HTTPS} besides"},
      {"--client-certificates", flags->client_certificates, "HOW",
       "of --serve: ignored, asked-for or required (ignored)"},
      {"--strict", flags->strict, "", "fail where an expectation could not have failed"},
      output({"--json", flags->json, "FILE",
              "write how each came out here, with its result; - is standard output"}),
      output({"--junit", flags->junit, "FILE",
              "write all of it here, JUnit XML, a suite for each scenario; - likewise"}),
      {"--quiet", flags->quiet, "", "no progress, no messages of runs and no table"},
  }};
  return {"test",
          "a folder of scenarios as one test, several at once",
          {options},
          "Examples:\n"
          "  provphone test scenarios --wait-for-server 30s --junit junit.xml\n"
          "  provphone test scenarios --by forecast --filter 'night|morning' --fail-fast\n"
          "  provphone test scenarios --shuffle --seed 4711 --jobs 1\n"
          "  provphone test scenarios --serve profiles --junit junit.xml\n"
          "Each is a process of its own. Ctrl-C ends those that run, with their results.\n"
          "Exit status: 0 all passed; else the worst of 4 internal error, 2 a scenario was refused,"
          "\n1 one failed, 3 one was void or left out.",
          [flags] { return test_folder(*flags); },
          {},
          Signals::are_handled};
}

}  // namespace provphone::client::cli
