#include "client/forecast/forecast.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/inventory_flag.hpp"
#include "client/cli/outcome_flags.hpp"
#include "client/cli/progress_line.hpp"
#include "client/cli/remarks.hpp"
#include "client/cli/terminal.hpp"
#include "client/evidence/server_log.hpp"
#include "client/forecast/certificate_ends.hpp"
#include "client/input/duration.hpp"
#include "client/input/file.hpp"
#include "client/input/tree.hpp"
#include "client/report/forecast.hpp"
#include "client/report/output.hpp"
#include "client/run/signals.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace provphone::client::cli {
namespace {

struct ForecastFlags {
  std::string scenario;
  std::vector<std::string> with;
  std::string leases;
  std::vector<std::string> lists;
  std::string length;
  std::string sweep;
  std::string json, csv, trace, access_log;
  OutcomeFlags outcome;
  std::string phone;
  std::optional<std::uint64_t> seed;
  unsigned workers = 0;
  bool quiet = false;
};

// How far virtual time has come.
class Progress {
 public:
  explicit Progress(resync::Duration length) : length_(length) {}

  // From the threads of all workers.
  void operator()(resync::Duration passed) {
    const std::lock_guard lock(mutex_);
    line_.show(fmt::format(
        "{:3.0f} % of virtual time",
        100.0 * static_cast<double>(passed.count()) / static_cast<double>(length_.count())));
  }

 private:
  std::mutex mutex_;
  resync::Duration length_;
  ProgressLine line_;
};

struct PreparedForecast {
  scenario::Scenario scenario;
  resync::WallClock wall;
  resync::Duration length{};
};

Result<scenario::Scenario> scenario_with(const ForecastFlags& flags,
                                         const std::vector<std::string>& overrides) {
  TRY(const auto given, surroundings(flags.leases));
  TRY(const auto yaml, input::read_file(flags.scenario, input::max_scenario_bytes));
  return read_with_lists(yaml, flags.scenario, overrides, flags.lists, given);
}

Result<PreparedForecast> prepare_forecast(const ForecastFlags& flags,
                                          const std::vector<std::string>& overrides) {
  TRY(auto scenario, scenario_with(flags, overrides));
  complain_of_contradictions(scenario);
  if (flags.seed) scenario.seed = *flags.seed;
  TRY(auto wall, scenario::wall_clock_of(scenario));
  PreparedForecast prepared{std::move(scenario), std::move(wall), {}};
  prepared.length = forecast::length_of(prepared.scenario);
  if (!flags.length.empty()) {
    const auto length = input::parse_duration(flags.length);
    if (!length) return fail(Errc::bad_argument, "--for: " + length.error().detail);
    prepared.length = *length;
  }
  return prepared;
}

Result<std::optional<std::uint32_t>> traced_phone(const ForecastFlags& flags,
                                                  const scenario::Scenario& scenario) {
  if (flags.phone.empty()) return std::optional<std::uint32_t>{};
  const auto mac = parse_mac_address(flags.phone);
  if (!mac) return fail(Errc::bad_argument, "--phone: " + mac.error().detail);
  const auto phone = scenario::phone_with(scenario, *mac);
  if (!phone) return fail(Errc::bad_argument, "--phone: no phone of the scenario has this address");
  return phone;
}

figures::RunFacts facts_of(const ForecastFlags& flags, const scenario::Scenario& scenario) {
  figures::RunFacts facts{flags.scenario, flags.scenario == "-" ? "" : flags.scenario,
                          scenario::phone_count(scenario), scenario.seed, scenario.fingerprint};
  facts.strictness = flags.outcome.strictness();
  return facts;
}

// A run that has no clock has no days.
std::vector<report::CertificateEnding> certificates_ending(const PreparedForecast& prepared) {
  std::vector<report::CertificateEnding> endings;
  if (prepared.wall.known == resync::ClockIsKnown::never) return endings;
  for (const auto& each :
       forecast::certificate_ends(prepared.scenario, prepared.wall.at_start, prepared.length))
    endings.push_back({each.group, each.phones, each.subject, fmt::format("{:%F}", each.at)});
  return endings;
}

// What is written while it goes on; null: nobody wants it.
struct Records {
  report::OutputFile* trace = nullptr;
  report::OutputFile* access_log = nullptr;
};

// Has the run tell what the records need.
void record(forecast::VirtualRun& run, const scenario::Scenario& scenario, const Records& records,
            std::optional<std::uint32_t> traced) {
  if (records.trace == nullptr && records.access_log == nullptr) return;
  const auto log = std::make_shared<evidence::ServerLog>(run.wall.at_start);
  run.trace = [&scenario, records, traced, log](const trace::TraceEvent& event) {
    const bool is_of_phone = !trace::is_of_server(event.event);
    const bool is_traced = !traced || !is_of_phone || event.number == *traced;
    if (records.trace != nullptr && is_traced) records.trace->write_line(format_json(event));
    if (records.access_log == nullptr || !is_of_phone) return;
    auto address = scenario::source_of(scenario, event.number);
    if (address.empty()) address = evidence::made_up_address(event.number);
    const auto line = log->line_of(event, address);
    if (!line.empty()) records.access_log->write_line(line);
  };
  // A server's log is of all phones.
  if (traced && records.access_log == nullptr)
    run.is_traced = [only = *traced](std::uint32_t phone) { return phone == only; };
}

Result<report::Forecast> forecast(const ForecastFlags& flags, const PreparedForecast& prepared,
                                  const Records& records) {
  const auto traced = traced_phone(flags, prepared.scenario);
  if (!traced) return tl::unexpected(traced.error());
  forecast::VirtualRun run{
      prepared.scenario, prepared.wall, prepared.length, flags.workers, {}, {}, {}, {}};
  run.interruption = [] {
    const auto signal = run::SignalNote::noted();
    return signal ? std::optional(figures::end_by_signal(*signal)) : std::nullopt;
  };
  if (run.workers == 0) run.workers = std::max(std::thread::hardware_concurrency(), 1U);
  record(run, prepared.scenario, records, *traced);
  Progress progress(prepared.length);
  if (can_draw(STDERR_FILENO) && !flags.quiet)
    run.progress = [&progress](resync::Duration passed) { progress(passed); };
  TRY(auto result, forecast::drive_virtually(run));
  const auto& capacity = prepared.scenario.server.capacity;
  report::ForecastFacts facts{
      flags.scenario,
      prepared.scenario.seed,
      prepared.scenario.fingerprint,
      result.length,
      capacity ? std::optional(capacity->requests_per_second) : std::nullopt,
      capacity ? std::optional(capacity->queue) : std::nullopt};
  facts.certificates = certificates_ending(prepared);
  auto verdicts = judge(facts_of(flags, prepared.scenario), result.outcome);
  return report::Forecast{std::move(facts), std::move(result.figures), std::move(result.outcome),
                          std::move(verdicts)};
}

Exit sweep(const ForecastFlags& flags) {
  const auto equals = flags.sweep.find('=');
  if (equals == std::string::npos)
    return refuse_usage({Errc::bad_argument, "--sweep: expected PARAMETER=VALUE,VALUE,..."});
  const auto parameter = flags.sweep.substr(0, equals);
  const auto base = scenario_with(flags, flags.with);
  if (!base) return refuse_usage(base.error());
  auto file = report::OutputFile::open_if_named(flags.json);
  if (!file) return refuse_usage(file.error());
  std::vector<report::SweepEntry> entries;
  std::size_t at = equals + 1;
  while (at <= flags.sweep.size()) {
    const auto comma = std::min(flags.sweep.find(',', at), flags.sweep.size());
    const auto value = flags.sweep.substr(at, comma - at);
    at = comma + 1;
    auto overrides = flags.with;
    // In quotes, so that YAML takes no value for something else: `0800` is no number here.
    for (std::size_t group = 0; group < scenario::named_groups(*base); ++group)
      overrides.push_back(fmt::format("phones.{}.set.{}=\"{}\"", group, parameter, value));
    auto prepared = prepare_forecast(flags, overrides);
    if (!prepared) return refuse_usage(prepared.error());
    prepared->scenario.expect.clear();  // settings are compared, not judged
    auto one = forecast(flags, *prepared, {});
    if (!one) return refuse_usage(one.error());
    if (run::SignalNote::noted()) break;  // that one is not all there, and no other will be
    entries.push_back({fmt::format("{}={}", parameter, value), *std::move(one)});
  }
  if (flags.json != "-" && !flags.quiet) std::cout << report::format_sweep(entries);
  const auto written = report::write_whole(*file, report::format_sweep_json(entries));
  if (!written) return refuse_usage(written.error());
  if (!run::SignalNote::noted()) return Exit::as_expected;
  complain("cut short by a signal; settings that are not listed were not looked at");
  return Exit::void_run;
}

struct ForecastFiles {
  std::optional<report::OutputFile> trace, access_log, csv, result;
  OutcomeFiles outcomes;
};

Result<ForecastFiles> open_forecast_files(const ForecastFlags& flags) {
  ForecastFiles files;
  TRY(files.trace, report::OutputFile::open_if_named(flags.trace));
  TRY(files.access_log, report::OutputFile::open_if_named(flags.access_log));
  TRY(files.csv, report::OutputFile::open_if_named(flags.csv));
  TRY(files.result, report::OutputFile::open_if_named(flags.json));
  TRY(files.outcomes, open_outcomes(flags.outcome));
  return files;
}

Result<void> write_forecast_files(ForecastFiles& files, const report::Forecast& result) {
  if (files.trace) {
    TRY(files.trace->finish());
  }
  if (files.access_log) {
    TRY(files.access_log->finish());
  }
  if (files.csv) {
    TRY(report::write_whole(files.csv, report::format_csv(result.figures)));
  }
  if (files.result) {
    TRY(report::write_whole(files.result, report::format_json(result)));
  }
  return write_outcomes(files.outcomes, result.verdicts);
}

Exit run_forecast(const ForecastFlags& flags) {
  const run::SignalNote note;
  if (!flags.sweep.empty()) return sweep(flags);
  const auto prepared = prepare_forecast(flags, flags.with);
  if (!prepared) return refuse_usage(prepared.error());
  auto files = open_forecast_files(flags);
  if (!files) return refuse_usage(files.error());
  const Records records{files->trace ? &*files->trace : nullptr,
                        files->access_log ? &*files->access_log : nullptr};
  const auto result = forecast(flags, *prepared, records);
  if (!result) return refuse_usage(result.error());
  // One reader of standard output at a time: the report gives way.
  const bool machine_output = flags.json == "-" || flags.csv == "-" || flags.trace == "-" ||
                              flags.access_log == "-" || flags.outcome.take_standard_output();
  if (!machine_output && !flags.quiet)
    std::cout << report::format_text(*result, terminal_columns());
  if (const auto written = write_forecast_files(*files, *result); !written)
    return refuse_usage(written.error());
  complain_of(result->verdicts);
  return exit_of(result->verdicts.verdict);
}

}  // namespace

Command forecast_command() {
  auto flags = std::make_shared<ForecastFlags>();
  const OptionGroup options{{
      {"SCENARIO", flags->scenario, "", "the scenario file; - is standard input",
       Presence::required},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      {"--leases", flags->leases, "FILE",
       "the phones are those of this lease file: dnsmasq, Kea's CSV or ISC dhcpd.leases"},
      inventory_option(flags->lists),
      {"--for", flags->length, "DURATION", "virtual time to look at: 30m, 24h"},
      {"--sweep", flags->sweep, "PARAMETER=V,V,...",
       "compare settings of one parameter, such as Resync_Random_Delay=2,15,60"},
      {"--seed", flags->seed, "N", "seed of everything random (the scenario's)"},
      {"--workers", flags->workers, "N", "threads, where phones share no server queue (all cores)",
       Presence::optional, workers_range},
      output({"--json", flags->json, "FILE", "write the figures here; - is standard output"}),
      output(
          {"--csv", flags->csv, "FILE", "write requests and backlog by second here; - likewise"}),
      output({"--trace", flags->trace, "FILE", "write every event here, JSON Lines; - likewise"}),
      output({"--access-log", flags->access_log, "FILE",
              "write the access log that the server would have, nginx's combined format in UTC; - "
              "likewise"}),
      {"--phone", flags->phone, "MAC", "trace only this phone"},
  }};
  const OptionGroup quiet{{{"--quiet", flags->quiet, "", "no report and no progress"}}};
  return {"forecast",
          "a scenario in virtual time, against a modelled server: a week in seconds",
          {options, outcome_options(flags->outcome), quiet},
          "Examples:\n"
          "  provphone forecast fixtures/scenarios/blackout.yaml\n"
          "  provphone forecast fixtures/scenarios/blackout.yaml --sweep "
          "Resync_Random_Delay=2,15,60\n"
          "  provphone forecast blackout.yaml --junit junit.xml --tap run.tap --summary run.md "
          "--github\n"
          "  provphone forecast fixtures/scenarios/nightly.yaml --for 24h --phone 000e08200007 "
          "--trace -\n"
          "Exit status: 0 all as expected, 1 an expectation failed or nothing was provisioned, 2 "
          "wrong\n"
          "usage or scenario, 3 void: too short for what is expected.",
          [flags] { return run_forecast(*flags); },
          {},
          Signals::are_handled};
}

}  // namespace provphone::client::cli
