#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/outcome_flags.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/drive/real.hpp"
#include "client/expect/judge.hpp"
#include "client/report/output.hpp"
#include "client/report/result.hpp"
#include "client/report/timeline.hpp"
#include "client/report/version.hpp"
#include "client/scenario/duration.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/real_run.hpp"
#include "client/scenario/wall_clock.hpp"
#include "client/transport/resolver.hpp"
#include "profile/parameter_id.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

struct RunFlags {
  std::string scenario;
  std::vector<std::string> with;
  PhoneFlags phone;
  bool seed_given = false;
  std::string rule;
  std::string dns;
  bool boot = false;
  std::string keep_running;
  std::string json, trace;
  OutcomeFlags outcome;
  bool quiet = false;
};

// Everything that watches a run's events, and what is left of the run in the end.
struct Observers {
  report::Tally tally;
  std::optional<report::Timeline> timeline;
  std::optional<report::OutputFile> trace_file;
  std::map<Errc, report::TraceEvent> last_failures;  // by code
  const scenario::Scenario* scenario = nullptr;      // that the judge judges by
  std::optional<expect::Judge> judge;                // where something is expected

  void add(const report::TraceEvent& event) {
    tally.add(event);
    if (judge) judge->observe(*scenario::phone_with(*scenario, event.phone), event);
    if (timeline) timeline->add(event);
    if (trace_file) trace_file->write_line(format_json(event));
    if (event.event == report::EventKind::pass_failed)
      last_failures.insert_or_assign(*event.error, event);
  }
};

// What ends a run before its time is over.
enum class Ending : std::uint8_t { with_pass, at_rest, never };

struct Prepared {
  std::optional<scenario::Scenario> scenario;
  drive::RealRun run;
  std::optional<resync::Duration> length;
  Ending ending = Ending::with_pass;
  std::uint64_t seed = 0;
  std::string hash;
};

// So long a run that is over waits for the name of a log server.
constexpr std::chrono::seconds patience_with_messages{5};

std::chrono::system_clock::time_point present() {
  return std::chrono::system_clock::now();
}

Result<std::optional<resync::Duration>> length_of(const RunFlags& flags) {
  if (flags.keep_running.empty()) return std::optional<resync::Duration>{};
  const auto length = scenario::parse_duration(flags.keep_running);
  if (!length) return fail(Errc::bad_argument, "--for: " + length.error().detail);
  return std::optional(*length);
}

Result<Prepared> prepare_scenario(const RunFlags& flags) {
  auto scenario = scenario::load_scenario(flags.scenario, flags.with);
  if (!scenario) return tl::unexpected(scenario.error());
  if (flags.seed_given) scenario->seed = flags.phone.seed;
  if (const auto named = targets_of(flags.phone); !named) return tl::unexpected(named.error());
  auto& targets = scenario->limits.targets;
  targets.insert(targets.end(), flags.phone.targets.begin(), flags.phone.targets.end());
  if (!flags.dns.empty()) scenario->dns = flags.dns;
  auto length = length_of(flags);
  if (!length) return tl::unexpected(length.error());
  if (!*length) *length = scenario->limits.duration;
  auto run = scenario::real_run_of(*scenario, *length, present());
  if (!run) {
    return fail(run.error().code, fmt::format("{}: {}", flags.scenario, run.error().detail));
  }
  const auto seed = scenario->seed;
  const auto hash = scenario->fingerprint;
  return Prepared{*std::move(scenario), *std::move(run), *length, Ending::at_rest, seed, hash};
}

Result<Prepared> prepare_phone(const RunFlags& flags) {
  if (!flags.with.empty()) return fail(Errc::bad_argument, "--with: there is no scenario");
  auto setup = phone_setup(flags.phone);
  if (!setup) return tl::unexpected(setup.error());
  if (!flags.rule.empty())
    setup->device.parameters.set(profile::parameter_id("Profile_Rule"), flags.rule);
  auto targets = targets_of(flags.phone);
  if (!targets) return tl::unexpected(targets.error());
  if (!flags.dns.empty()) {
    const auto checked = transport::check_name_server(flags.dns, *targets);
    if (!checked) return fail(checked.error().code, "--dns: " + checked.error().detail);
  }
  const auto length = length_of(flags);
  if (!length) return tl::unexpected(length.error());
  Prepared prepared;
  prepared.run.phones = drive::kept_phones({*std::move(setup)});
  prepared.run.seed = prepared.seed = flags.phone.seed;
  prepared.run.wall = scenario::present_clock(std::chrono::floor<std::chrono::seconds>(present()));
  prepared.run.network.dns = flags.dns;
  prepared.run.network.targets = *std::move(targets);
  prepared.length = *length;
  prepared.ending = *length ? Ending::never : Ending::with_pass;
  prepared.hash =
      scenario_hash(flags.phone, {flags.rule, flags.boot ? "boot" : "", flags.keep_running});
  return prepared;
}

Result<void> open_outputs(const RunFlags& flags, Observers& observers) {
  if (!flags.trace.empty()) {
    auto file = report::OutputFile::open(flags.trace);
    if (!file) return tl::unexpected(file.error());
    observers.trace_file = *std::move(file);
  }
  const bool machine_output =
      flags.json == "-" || flags.trace == "-" || flags.outcome.take_standard_output();
  if (!machine_output && !flags.quiet) {
    observers.timeline.emplace(
        std::cout, isatty(STDOUT_FILENO) != 0 ? report::Colour::on : report::Colour::off);
  }
  return {};
}

// The judge, and what the driver has to tell it.
void judge_by(const Prepared& prepared, drive::RealRun& plan, Observers& observers) {
  if (!prepared.scenario || prepared.scenario->expect.empty()) return;
  observers.scenario = &*prepared.scenario;
  auto& judge = observers.judge.emplace(*prepared.scenario, expect::Sight::real);
  plan.traces_headers = judge.wants_headers();
  if (!judge.wants_documents()) return;
  plan.on_document = [&judge](std::size_t phone, std::string_view document, const macro::Url&) {
    judge.document(static_cast<std::uint32_t>(phone), document);
  };
}

report::Verdicts verdicts_of(const RunFlags& flags, Observers& observers,
                             const drive::RealDriver& driver, const Prepared& prepared) {
  report::Verdicts verdicts;
  verdicts.title = flags.scenario.empty() ? "provphone run" : flags.scenario;
  verdicts.file = flags.scenario == "-" ? "" : flags.scenario;
  verdicts.failed_passes = observers.tally.errors;
  verdicts.properties = {{"phones", std::to_string(driver.phone_count())},
                         {"seed", std::to_string(prepared.seed)},
                         {"scenario_hash", prepared.hash},
                         {"version", std::string(report::version)}};
  if (auto& judge = observers.judge) {
    for (std::size_t i = 0; i < driver.phone_count(); ++i)
      judge->final(static_cast<std::uint32_t>(i), driver.phone(i).device.parameters);
    verdicts.expectations = judge->conclude();
    verdicts.failed_passes = judge->unexpected_failures(verdicts.expectations);
  }
  verdicts.verdict = verdict_of(verdicts);
  return verdicts;
}

Result<void> write_result(const RunFlags& flags, const Observers& observers,
                          const drive::RealDriver& driver, const Prepared& prepared,
                          const report::Verdicts& verdicts) {
  if (flags.json.empty()) return {};
  report::RunResult result;
  result.verdict = verdicts.verdict;
  result.phones = driver.phone_count();
  result.tally = observers.tally;
  result.seed = prepared.seed;
  result.scenario_hash = prepared.hash;
  result.expectations = &verdicts.expectations;
  const auto listed = std::min(driver.phone_count(), report::max_final_phones);
  std::vector<drive::DrivenPhone> phones;
  for (std::size_t i = 0; i < listed; ++i) phones.push_back(driver.phone(i));
  for (const auto& phone : phones)
    result.final_phones.push_back({phone.device.identity.mac, &phone.device.parameters});
  return report::write_output(flags.json, format_json(result));
}

// The last of the failures that nobody reckoned with, and how many there are.
void complain_of_passes(const Observers& observers, const report::Verdicts& verdicts) {
  const report::TraceEvent* last = nullptr;
  std::uint64_t count = 0;
  for (const auto& [code, times] : verdicts.failed_passes) {
    const auto& failure = observers.last_failures.at(code);
    if (last == nullptr || failure.at >= last->at) last = &failure;
    count += times;
  }
  complain(fmt::format("{} of {} passes failed; the last one, of {}, at {}: {}", count,
                       observers.tally.passes_started, format_lower(last->phone),
                       last->rule.empty() ? "its end" : last->rule,
                       format(Error{*last->error, last->detail})));
}

// What a person is told in the end, on standard error.
void comment_on(const Observers& observers, const report::Verdicts& verdicts) {
  const auto& tally = observers.tally;
  complain_of(verdicts);
  if (!verdicts.failed_passes.empty()) {
    complain_of_passes(observers, verdicts);
  } else if (tally.passes_started == 0 && tally.passes_gated > 0) {
    complain("no pass was made: a gate held it");
  }
}

void stop_after(boost::asio::steady_timer& timer, std::chrono::seconds patience,
                boost::asio::io_context& loop) {
  timer.expires_after(patience);
  timer.async_wait([&loop](const boost::system::error_code& error) {
    if (!error) loop.stop();
  });
}

// The first Ctrl-C ends the run with its result, the second one ends the program.
void drive_to_end(boost::asio::io_context& loop, const Prepared& prepared) {
  const auto stop = [&loop](const boost::system::error_code& error) {
    if (!error) loop.stop();
  };
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) { stop(error); });
  boost::asio::steady_timer end(loop);
  if (prepared.length) {
    end.expires_after(*prepared.length);
    end.async_wait(stop);
  }
  loop.run();
}

Exit run(const RunFlags& flags) {
  auto prepared = flags.scenario.empty() ? prepare_phone(flags) : prepare_scenario(flags);
  if (!prepared) return refuse_usage(prepared.error());
  Observers observers;
  if (const auto opened = open_outputs(flags, observers); !opened)
    return refuse_usage(opened.error());

  boost::asio::io_context loop;
  std::optional<drive::RealDriver> driver;
  auto plan = std::move(prepared->run);
  plan.trace = [&](const report::TraceEvent& event) { observers.add(event); };
  boost::asio::steady_timer last_messages(loop);
  plan.on_pass_over = [&](std::size_t) {
    const bool had_a_pass = observers.tally.passes_started + observers.tally.passes_gated > 0;
    const bool is_over = prepared->ending == Ending::with_pass && had_a_pass;
    if (is_over && driver->messages_waiting() == 0) loop.stop();
    if (prepared->ending == Ending::at_rest && driver->is_at_rest()) loop.stop();
    if (is_over) stop_after(last_messages, patience_with_messages, loop);
  };
  judge_by(*prepared, plan, observers);
  driver.emplace(loop, std::move(plan));
  if (flags.scenario.empty())
    flags.boot ? driver->power_on(0) : driver->request_resync_of_running(0);
  const bool nothing_to_do = prepared->ending == Ending::at_rest && driver->is_at_rest();
  if (!nothing_to_do) drive_to_end(loop, *prepared);

  const auto verdicts = verdicts_of(flags, observers, *driver, *prepared);
  if (observers.trace_file) {
    if (const auto done = observers.trace_file->finish(); !done) return refuse_usage(done.error());
  }
  for (const auto& written : {write_result(flags, observers, *driver, *prepared, verdicts),
                              write_outcomes(flags.outcome, verdicts)}) {
    if (!written) return refuse_usage(written.error());
  }
  comment_on(observers, verdicts);
  if (const auto lost = driver->messages_waiting(); lost > 0)
    complain(
        fmt::format("{} log messages were not sent: nobody knows yet where their server is", lost));
  return exit_of(verdicts.verdict);
}

// A scenario says who the phones are.
void exclude_phone_flags(CLI::App& command, CLI::Option* scenario) {
  const auto describes_one_phone = [&](const CLI::Option* option) {
    const auto name = option->get_name();
    return option->get_group() == "The phone" && name != "--seed" && name != "--target";
  };
  for (auto* option : command.get_options(describes_one_phone)) scenario->excludes(option);
  for (const auto* name : {"--rule", "--boot"}) scenario->excludes(command.get_option(name));
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto flags = std::make_shared<RunFlags>();
  auto* command = app.add_subcommand(
      "run", "phones in real time: a scenario's, or one that makes one pass at once, or boots");
  auto* scenario =
      command->add_option("SCENARIO", flags->scenario, "the scenario file; - is standard input");
  command->add_option("--with", flags->with, "override a value of the scenario; repeatable")
      ->type_name("BLOCK.KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--rule", flags->rule, "Profile_Rule of the phone")->type_name("RULE");
  command->add_flag("--boot", flags->boot, "power the phone on instead of asking it for a pass");
  command->add_option("--for", flags->keep_running, "how long to run: 500ms, 30s, 5m, 2h")
      ->type_name("DURATION");
  command
      ->add_option("--dns", flags->dns, "name server that is asked for SRV records (the system's)")
      ->type_name("ADDRESS[:PORT]");
  command->add_option("--json", flags->json, "write the result here; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--trace", flags->trace,
                   "write every event here, JSON Lines; - is standard output")
      ->type_name("FILE");
  command->add_flag("--quiet", flags->quiet, "no timeline");
  add_outcome_flags(*command, flags->outcome);
  add_phone_flags(*command, flags->phone);
  exclude_phone_flags(*command, scenario);
  command->footer(
      "Examples:\n"
      "  provphone run lab.yaml --for 2m --json result.json\n"
      "  provphone run lab.yaml --junit junit.xml --tap run.tap --summary run.md --github\n"
      "  provphone run --rule 'http://127.0.0.1:8080/$PSN/$MA.xml' --mac 000e08abcdef\n"
      "  provphone run --rule '[--key MyOwnSecret] tftp://127.0.0.1/basic.cfg' --json -\n"
      "  provphone run --boot --for 3m --set Resync_Periodic=30 --rule 'https://localhost/$MA.xml' "
      "\\\n"
      "      --cert phone.pem --key-file phone.key --ca server-root.pem --trace run.jsonl\n"
      "Exit status: 0 all as expected, 1 an expectation or a pass failed, 2 wrong usage.");
  command->callback([flags, command, &action] {
    flags->seed_given = command->count("--seed") > 0;
    action = [flags] { return run(*flags); };
  });
}

}  // namespace provphone::client::cli
