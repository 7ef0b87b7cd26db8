#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/drive/real.hpp"
#include "client/report/output.hpp"
#include "client/report/result.hpp"
#include "client/report/timeline.hpp"
#include "client/scenario/duration.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

struct RunFlags {
  PhoneFlags phone;
  std::string rule;
  bool boot = false;
  std::string keep_running;
  std::string json, trace;
  bool quiet = false;
};

// Everything that watches a run's events, and what is left of the run in the end.
struct Observers {
  report::Tally tally;
  std::optional<report::Timeline> timeline;
  std::optional<report::OutputFile> trace_file;
  std::optional<report::TraceEvent> last_failure;

  void add(const report::TraceEvent& event) {
    tally.add(event);
    if (timeline) timeline->add(event);
    if (trace_file) trace_file->write_line(format_json(event));
    if (event.event == report::EventKind::pass_failed) last_failure = event;
  }
};

struct Prepared {
  drive::PhoneSetup setup;
  transport::Targets targets;
  std::optional<resync::Duration> keep_running;
};

Result<Prepared> prepare(const RunFlags& flags) {
  auto setup = phone_setup(flags.phone);
  if (!setup) return tl::unexpected(setup.error());
  if (!flags.rule.empty())
    setup->parameters.set(*profile::find_parameter("Profile_Rule"), flags.rule);
  auto targets = targets_of(flags.phone);
  if (!targets) return tl::unexpected(targets.error());
  Prepared prepared{*std::move(setup), *std::move(targets), {}};
  if (!flags.keep_running.empty()) {
    const auto duration = scenario::parse_duration(flags.keep_running);
    if (!duration) return fail(Errc::bad_argument, "--for: " + duration.error().detail);
    prepared.keep_running = *duration;
  }
  return prepared;
}

Result<void> open_outputs(const RunFlags& flags, Observers& observers) {
  if (!flags.trace.empty()) {
    auto file = report::OutputFile::open(flags.trace);
    if (!file) return tl::unexpected(file.error());
    observers.trace_file = *std::move(file);
  }
  const bool machine_output = flags.json == "-" || flags.trace == "-";
  if (!machine_output && !flags.quiet) {
    observers.timeline.emplace(
        std::cout, isatty(STDOUT_FILENO) != 0 ? report::Colour::on : report::Colour::off);
  }
  return {};
}

Result<void> write_outputs(const RunFlags& flags, Observers& observers,
                           const drive::RealDriver& driver) {
  if (observers.trace_file) {
    if (auto finished = observers.trace_file->finish(); !finished) return finished;
  }
  if (flags.json.empty()) return {};
  report::RunResult result;
  result.verdict =
      observers.tally.passes_failed > 0 ? report::Verdict::fail : report::Verdict::pass;
  result.phones = driver.phone_count();
  result.tally = observers.tally;
  result.seed = flags.phone.seed;
  result.scenario_hash =
      scenario_hash(flags.phone, {flags.rule, flags.boot ? "boot" : "", flags.keep_running});
  const auto& setup = driver.phone(0).setup;
  result.final_phones.push_back({setup.identity.mac, &setup.parameters});
  return report::write_output(flags.json, format_json(result));
}

Exit conclude(const Observers& observers) {
  const auto& tally = observers.tally;
  if (tally.passes_failed == 0) {
    if (tally.passes_started == 0 && tally.passes_gated > 0)
      complain("no pass was made: a gate held it");
    return Exit::as_expected;
  }
  const auto& failure = *observers.last_failure;
  complain(fmt::format("{} of {} passes failed; the last one at {}: {}", tally.passes_failed,
                       tally.passes_started, failure.rule.empty() ? "its end" : failure.rule,
                       format(Error{*failure.error, failure.detail})));
  return Exit::failed;
}

Exit run(const RunFlags& flags) {
  auto prepared = prepare(flags);
  if (!prepared) return refuse_usage(prepared.error());
  Observers observers;
  if (const auto opened = open_outputs(flags, observers); !opened)
    return refuse_usage(opened.error());

  boost::asio::io_context loop;
  const bool ends_with_pass = !prepared->keep_running;
  drive::RealRun plan;
  plan.phones.push_back(std::move(prepared->setup));
  plan.seed = flags.phone.seed;
  plan.targets = std::move(prepared->targets);
  plan.trace = [&](const report::TraceEvent& event) { observers.add(event); };
  plan.on_lag = [&](std::int64_t us) { observers.tally.add_lag(us); };
  plan.on_pass_over = [&](std::size_t) {
    const bool had_its_pass = observers.tally.passes_started + observers.tally.passes_gated > 0;
    if (ends_with_pass && had_its_pass) loop.stop();
  };
  drive::RealDriver driver(loop, std::move(plan));

  // The first Ctrl-C ends the run with its result, the second one ends the program.
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) loop.stop();
  });
  boost::asio::steady_timer end(loop);
  if (prepared->keep_running) {
    end.expires_after(*prepared->keep_running);
    end.async_wait([&](const boost::system::error_code& error) {
      if (!error) loop.stop();
    });
  }
  flags.boot ? driver.power_on(0) : driver.request_resync_of_running(0);
  loop.run();
  signals.clear();

  if (const auto written = write_outputs(flags, observers, driver); !written)
    return refuse_usage(written.error());
  return conclude(observers);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto flags = std::make_shared<RunFlags>();
  auto* command = app.add_subcommand(
      "run", "one phone in real time: one pass at once, or a boot and what follows");
  command->add_option("--rule", flags->rule, "Profile_Rule of the phone")->type_name("RULE");
  command->add_flag("--boot", flags->boot, "power the phone on instead of asking it for a pass");
  command->add_option("--for", flags->keep_running, "keep it running so long: 500ms, 30s, 5m, 2h")
      ->type_name("DURATION");
  command->add_option("--json", flags->json, "write the result here; - is standard output")
      ->type_name("FILE");
  command
      ->add_option("--trace", flags->trace,
                   "write every event here, JSON Lines; - is standard output")
      ->type_name("FILE");
  command->add_flag("--quiet", flags->quiet, "no timeline");
  add_phone_flags(*command, flags->phone);
  command->footer(
      "Examples:\n"
      "  provphone run --rule 'http://127.0.0.1:8080/$PSN/$MA.xml' --mac 000e08abcdef\n"
      "  provphone run --rule '[--key MyOwnSecret] tftp://127.0.0.1/basic.cfg' --json -\n"
      "  provphone run --boot --for 3m --set Resync_Periodic=30 --rule 'https://localhost/$MA.xml' "
      "\\\n"
      "      --cert phone.pem --key-file phone.key --ca server-root.pem --trace run.jsonl\n"
      "Exit status: 0 every pass succeeded, 1 a pass failed, 2 wrong usage.");
  command->callback([flags, &action] { action = [flags] { return run(*flags); }; });
}

}  // namespace provphone::client::cli
