#include "client/cli/commands.hpp"
#include "client/cli/compare_capsules.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/door_flags.hpp"
#include "client/cli/inventory_flag.hpp"
#include "client/cli/network_flags.hpp"
#include "client/cli/outcome_flags.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/cli/pki_flag.hpp"
#include "client/cli/recording.hpp"
#include "client/cli/remarks.hpp"
#include "client/cli/request_file.hpp"
#include "client/cli/run_lint.hpp"
#include "client/cli/server_wait.hpp"
#include "client/cli/terminal.hpp"
#include "client/input/duration.hpp"
#include "client/input/file.hpp"
#include "client/input/tree.hpp"
#include "client/report/output.hpp"
#include "client/report/timeline.hpp"
#include "client/run/session.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "client/transport/source_address.hpp"
#include "macro/try.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

struct RunFlags {
  std::string scenario;
  std::vector<std::string> with;
  std::string leases;
  std::vector<std::string> lists;
  PhoneFlags phone;
  std::string pki, source;
  std::string rule;
  NetworkFlags network;
  bool boot = false;
  std::string keep_running, wait_for_server;
  DoorFlags doors;
  std::string dhcp_interface;
  std::string json, trace, out;
  RecordFlags record;
  OutcomeFlags outcome;
  std::string colour;
  bool lint = false;
  bool quiet = false;
};

std::chrono::system_clock::time_point present() {
  return std::chrono::system_clock::now();
}

Result<std::optional<resync::Duration>> length_of(const RunFlags& flags) {
  if (flags.keep_running.empty()) return std::optional<resync::Duration>{};
  const auto length = input::parse_duration(flags.keep_running);
  if (!length) return fail(Errc::bad_argument, "--for: " + length.error().detail);
  return std::optional(*length);
}

// A phone that answers has to be there for as long as somebody may ask.
Result<void> open_doors(const RunFlags& flags, run::Session& session) {
  TRY(session.doors, places_of(flags.doors));
  session.on_open = [](const listen::Doors& doors) {
    tell_places(doors.web_urls(), doors.sip_urls());
  };
  if (session.doors.any()) session.until = run::Until::its_time;
  return {};
}

// R-DHCP-17.
void get_leases(const RunFlags& flags, run::Session& session) {
  if (flags.dhcp_interface.empty()) return;
  session.dhcp = run::LeasePlace{flags.dhcp_interface};
  session.on_no_lease = [](MacAddress phone, const Error& why) {
    complain(fmt::format("{} begins without a lease: {}", format_lower(phone), why.detail));
  };
}

// A session, and what a recording of it begins with.
struct Prepared {
  run::Session session;
  capsule::Source source;
};

Result<Prepared> session_of_scenario(const RunFlags& flags) {
  TRY(const auto given, surroundings(flags.leases));
  TRY(auto yaml, input::read_file(flags.scenario, input::max_scenario_bytes));
  const std::string title = flags.scenario == "-" ? "standard input" : flags.scenario;
  TRY(auto scenario, read_with_lists(yaml, flags.scenario, flags.with, flags.lists, given));
  TRY(auto source, source_of(scenario, std::move(yaml), title,
                             with_lists(flags.with, flags.lists, title), given.leased));
  complain_of_contradictions(scenario);
  if (flags.phone.seed_given) scenario.seed = flags.phone.seed;
  // Checked here, where the error can name the flag; the session reads them again from the
  // scenario.
  TRY(targets_of(flags.phone));
  auto& targets = scenario.limits.targets;
  targets.insert(targets.end(), flags.phone.targets.begin(), flags.phone.targets.end());
  TRY(take_network(flags.network, scenario));
  TRY(const auto length, length_of(flags));
  auto session = run::session_of(std::move(scenario), length, present(), usual_keeping());
  if (!session)
    return fail(session.error().code,
                fmt::format("{}: {}", flags.scenario, session.error().detail));
  session->facts.title = flags.scenario;
  session->facts.file = flags.scenario == "-" ? "" : flags.scenario;
  return Prepared{*std::move(session), std::move(source)};
}

Result<Prepared> session_of_phone(const RunFlags& flags) {
  if (!flags.with.empty()) return fail(Errc::bad_argument, "--with: there is no scenario");
  if (!flags.leases.empty()) return fail(Errc::bad_argument, "--leases: there is no scenario");
  if (!flags.lists.empty())
    return fail(Errc::bad_argument,
                "--inventory: there is no scenario; one line is enough, phones: [{set: "
                "{Profile_Rule: ...}}], with SCENARIO - also from standard input");
  auto described = flags.phone;
  TRY(const auto device_root, take_pki(flags.pki, described));
  TRY(auto setup, phone_setup(described));
  if (device_root) {
    TRY(mint_certificate(*device_root, setup.device.identity, setup.tls));
  }
  if (!flags.source.empty()) {
    TRY(transport::check_source(flags.source));
    setup.source_address = flags.source;
    // As a scenario's `source` has it.
    if (flags.phone.ip.empty()) setup.device.identity.ip = flags.source;
  }
  if (!flags.rule.empty())
    setup.device.parameters.set(profile::parameter_id("Profile_Rule"), flags.rule);
  TRY(auto targets, targets_of(flags.phone));
  TRY(auto sources, sources_of(flags.network, targets));
  if (!flags.record.file.empty() && !flags.phone.ip.empty())
    complain("--ip is not in the capsule: no scenario has it");
  auto source = source_of(setup, flags.phone.knobs);
  run::Session session;
  TRY(session.length, length_of(flags));
  session.run.phones = drive::kept_phones({std::move(setup)});
  session.run.seed = flags.phone.seed;
  session.run.wall = scenario::present_clock(std::chrono::floor<std::chrono::seconds>(present()));
  session.run.network = {std::move(targets), std::move(sources)};
  // With --for the phone goes on after its first pass: periodic passes and retries are what one
  // waits for.
  session.until = session.length ? run::Until::its_time : run::Until::first_pass;
  session.beginning = flags.boot ? run::Beginning::power_on : run::Beginning::resync;
  session.facts = {
      "provphone run", "", 1, flags.phone.seed,
      scenario_hash(flags.phone, {flags.rule, flags.boot ? "boot" : "", flags.keep_running})};
  return Prepared{std::move(session), std::move(source)};
}

// Where the events of a run go while it lasts, and its result behind it.
struct Outputs {
  std::optional<report::Timeline> timeline;
  std::optional<report::OutputFile> trace_file, result_file;
  std::optional<Recording> recording;
  RequestFile requests;
  std::shared_ptr<ProfileLint> lint;  // null: nobody asked for it
  OutcomeFiles outcomes;

  void add(const trace::TraceEvent& event) {
    if (timeline) timeline->add(event);
    requests.add(event);
    if (!trace_file && !recording) return;
    const auto line = format_json(event);
    if (trace_file) trace_file->write_line(line);
    if (recording) recording->add(event, line);
  }
};

Result<Outputs> open_outputs(const RunFlags& flags, const scenario::Scenario* scenario) {
  Outputs outputs;
  TRY(outputs.trace_file, report::OutputFile::open_if_named(flags.trace));
  TRY(outputs.result_file, report::OutputFile::open_if_named(flags.json));
  TRY(outputs.recording, Recording::open(flags.record));
  TRY(outputs.requests, RequestFile::open(flags.out, scenario));
  if (flags.lint) outputs.lint = std::make_shared<ProfileLint>();
  TRY(outputs.outcomes, open_outcomes(flags.outcome));
  const bool machine_output = flags.json == "-" || flags.trace == "-" ||
                              RequestFile::takes_standard_output(flags.out) ||
                              flags.outcome.take_standard_output();
  TRY(const auto colour, colour_of(flags.colour));
  if (!machine_output && !flags.quiet) outputs.timeline.emplace(std::cout, colour);
  return outputs;
}

// What a person is told in the end, on standard error.
void comment_on(const run::SessionResult& result) {
  const auto& tally = result.tally;
  // Behind every file: what a person reads last is what it came to.
  complain_of(result.verdicts);
  if (tally.passes_started == 0 && tally.passes_gated > 0)
    complain("no pass was made: a gate held it");
  if (result.messages_unsent > 0)
    complain(fmt::format("{} log messages were not sent: nobody knows yet where their server is",
                         result.messages_unsent));
}

Result<void> write_results(Outputs& outputs, const run::SessionResult& result,
                           const figures::RunFacts& facts, const capsule::Source& source) {
  if (outputs.recording) {
    TRY(outputs.recording->finish({"run", static_cast<std::uint32_t>(facts.phones), facts.seed,
                                   resync::Time{result.outcome.length}, result.verdicts.verdict,
                                   result.tally.hash.hex(), result.wall},
                                  source));
  }
  if (outputs.trace_file) {
    TRY(outputs.trace_file->finish());
  }
  TRY(outputs.requests.finish());
  if (outputs.result_file) {
    const auto text = format_json(run_result_of(result, facts));
    TRY(report::write_whole(outputs.result_file,
                            outputs.lint ? with_lint(text, outputs.lint->files()) : text));
  }
  // Where the timeline is, it is read by a person.
  if (outputs.lint && outputs.timeline)
    std::cout << '\n' << report::format_text(outputs.lint->files());
  return write_outcomes(outputs.outcomes, result.verdicts);
}

// Nothing: the phones may begin.
Result<std::optional<figures::Outcome>> wait_for(const RunFlags& flags,
                                                 const run::Session& session) {
  const auto* scenario = session.scenario ? &*session.scenario : nullptr;
  TRY(const auto at_most,
      length_of_wait(flags.wait_for_server, scenario == nullptr ? nullptr : &scenario->limits));
  const auto& network = session.run.network;
  if (scenario != nullptr) return wait_before_run(*scenario, network, at_most);
  if (!at_most) return std::optional<figures::Outcome>{};
  const auto waited =
      waited_in_vain(servers_asked(session.run.phones->copy(0).device), network, *at_most);
  return waited ? std::optional(run::never_begun(nullptr, 1, *waited, *at_most)) : std::nullopt;
}

// Of phones whose servers are not there: files as of any other run, but for the capsule.
Exit conclude_unbegun(Outputs& outputs, figures::Outcome outcome, const Prepared& prepared) {
  outputs.recording.reset();
  run::SessionResult result;
  result.outcome = std::move(outcome);
  result.verdicts = judge(prepared.session.facts, result.outcome);
  const auto written = write_results(outputs, result, prepared.session.facts, prepared.source);
  if (!written) return refuse_usage(written.error());
  comment_on(result);
  return exit_of(result.verdicts.verdict);
}

Exit run_phones(const RunFlags& flags) {
  auto prepared = flags.scenario.empty() ? session_of_phone(flags) : session_of_scenario(flags);
  if (!prepared) return refuse_usage(prepared.error());
  auto& session = prepared->session;
  if (const auto opened = open_doors(flags, session); !opened) return refuse_usage(opened.error());
  get_leases(flags, session);
  // Kept: the session is handed over below.
  const auto scenario = session.scenario;
  auto outputs = open_outputs(flags, scenario ? &*scenario : nullptr);
  if (!outputs) return refuse_usage(outputs.error());
  session.facts.strictness = flags.outcome.strictness();
  auto unbegun = wait_for(flags, session);
  if (!unbegun) return refuse_usage(unbegun.error());
  if (*unbegun) return conclude_unbegun(*outputs, **std::move(unbegun), *prepared);
  if (outputs->recording) session.run.witness = outputs->recording->recorder();
  if (outputs->lint) session.run.witness = outputs->lint;
  // The session is handed over below.
  const auto facts = session.facts;
  // A phone that fails goes on trying, which a run may never come to the end of.
  bool may_never_end = scenario && !session.length && session.until == run::Until::all_at_rest;
  const auto watch = [&](const trace::TraceEvent& event) {
    outputs->add(event);
    if (!may_never_end || event.timer != resync::Timer::error_retry) return;
    may_never_end = false;
    complain(
        "nothing says how long this run lasts, and phones that fail try again: --for, "
        "limits.duration or Ctrl-C ends it");
  };
  const auto result = hold(std::move(session), watch);
  if (!result) return refuse_usage(result.error());
  if (const auto written = write_results(*outputs, *result, facts, prepared->source); !written)
    return refuse_usage(written.error());
  comment_on(*result);
  const auto exit = exit_of(result->verdicts.verdict);
  if (flags.record.compare_with.empty()) return exit;
  const auto compared = compare_capsules(flags.record.compare_with, flags.record.file, {});
  return exit == Exit::as_expected ? compared : exit;
}

// A scenario says who the phones are; the rest goes with one.
bool goes_with_scenario(const Option& option) {
  return option.name == "--seed" || option.name == "--target";
}

// A run has one witness (drive/witness.hpp).
std::vector<Exclusion> exclusions_of(const OptionGroup& phone) {
  std::vector<Exclusion> exclusions{
      {"SCENARIO", "--rule"}, {"SCENARIO", "--boot"}, {"--record", "--lint"}};
  for (const auto& option : phone.options) exclusions.emplace_back("SCENARIO", option.name);
  return exclusions;
}

}  // namespace

Command run_command() {
  auto flags = std::make_shared<RunFlags>();
  OptionGroup options{{
      {"SCENARIO", flags->scenario, "", "the scenario file; - is standard input"},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      {"--leases", flags->leases, "FILE",
       "the phones are those of this lease file: dnsmasq, Kea's CSV or ISC dhcpd.leases"},
      inventory_option(flags->lists),
      {"--rule", flags->rule, "RULE", "Profile_Rule of the phone"},
      {"--boot", flags->boot, "", "power the phone on instead of asking it for a pass"},
      {"--for", flags->keep_running, "DURATION", "how long to run: 500ms, 30s, 5m, 1h30m"},
      wait_option(flags->wait_for_server),
      {"--dhcp-interface", flags->dhcp_interface, "IF",
       "phones get their DHCP leases at this network interface first, and keep them; takes rights"},
      output({"--json", flags->json, "FILE", "write the result here; - is standard output"}),
      output({"--trace", flags->trace, "FILE",
              "write every event here, JSON Lines; - is standard output"}),
      request_file_option(flags->out),
      {"--lint", flags->lint, "", "judge every profile that comes, as `provphone lint` does"},
      {"--quiet", flags->quiet, "", "no timeline"},
      colour_option(flags->colour),
  }};
  for (const auto& option : record_options(flags->record)) options.options.push_back(option);
  for (const auto& option : door_options(flags->doors)) options.options.push_back(option);
  for (const auto& option : network_options(flags->network)) options.options.push_back(option);
  auto phone = phone_options(flags->phone);
  phone.title = "The phone, where no scenario says who it is";
  for (const auto& option : asking_options(flags->phone).options) phone.options.push_back(option);
  phone.options.push_back(
      {"--pki", flags->pki, "DIR",
       "what `provphone pki` made: signs a certificate for it, and is trusted"});
  phone.options.push_back({"--source", flags->source, "ADDRESS",
                           "of this machine, that its traffic comes from (the system's choice)"});
  std::copy_if(phone.options.begin(), phone.options.end(), std::back_inserter(options.options),
               goes_with_scenario);
  std::erase_if(phone.options, goes_with_scenario);
  return {
      "run",
      "phones in real time: a scenario's, or one that makes one pass at once, or boots",
      {options, outcome_options(flags->outcome), phone},
      "Examples:\n"
      "  provphone run lab.yaml --for 2m --json result.json\n"
      "  provphone run lab.yaml --junit junit.xml --tap run.tap --summary run.md --github\n"
      "  provphone run --rule 'http://127.0.0.1:8080/$PSN/$MA.xml' --mac 000e08abcdef\n"
      "  provphone run --rule '[--key MyOwnSecret] tftp://127.0.0.1/basic.cfg' --json -\n"
      "  provphone run --boot --for 3m --set Resync_Periodic=30 --rule 'https://localhost/$MA.xml' "
      "\\\n"
      "      --cert phone.pem --key-file phone.key --ca server-root.pem --trace run.jsonl\n"
      "  provphone run --boot --web 8088 --rule 'http://127.0.0.1:8080/$MA.xml'\n"
      "Exit status: 0 all as expected, 1 something failed or nothing was provisioned, 2 wrong "
      "usage,\n"
      "3 void: cut short.",
      [flags] { return run_phones(*flags); },
      exclusions_of(phone),
      Signals::are_handled};
}

}  // namespace provphone::client::cli
