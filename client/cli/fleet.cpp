#include "client/fleet/fleet.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/compare_capsules.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/door_flags.hpp"
#include "client/cli/inventory_flag.hpp"
#include "client/cli/live_metrics.hpp"
#include "client/cli/network_flags.hpp"
#include "client/cli/outcome_flags.hpp"
#include "client/cli/recording.hpp"
#include "client/cli/remarks.hpp"
#include "client/cli/request_file.hpp"
#include "client/cli/server_wait.hpp"
#include "client/cli/terminal.hpp"
#include "client/cli/tested_fleet.hpp"
#include "client/cli/watch.hpp"
#include "client/figures/cut_short.hpp"
#include "client/figures/version.hpp"
#include "client/input/duration.hpp"
#include "client/input/file.hpp"
#include "client/input/tree.hpp"
#include "client/report/fleet_text.hpp"
#include "client/report/output.hpp"
#include "client/report/words.hpp"
#include "client/run/real_run.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "macro/try.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

namespace provphone::client::cli {
namespace {

using resync::Duration;

struct FleetFlags {
  std::vector<std::string> typed;  // the command line
  std::string scenario;
  std::vector<std::string> with, targets;
  std::string leases;
  std::vector<std::string> lists;
  DoorFlags doors;
  NetworkFlags network;
  std::string length, shard, start_at, lag_limit, wait_for_server;
  std::optional<std::uint64_t> seed;
  MetricsFlags metrics;
  unsigned workers = 0;
  bool until_converged = false;
  std::string json, trace, out;
  RecordFlags record;
  OutcomeFlags outcome;
  bool quiet = false;
  std::string colour;

  // Nobody but a person reads standard output.
  bool shows() const {
    return !quiet && json != "-" && trace != "-" && !RequestFile::takes_standard_output(out) &&
           metrics.file != "-" && !outcome.take_standard_output();
  }
};

// A screen needs a terminal that nothing else is written to; else there are lines on standard
// error.
bool draws(const FleetFlags& flags) {
  return can_draw(STDOUT_FILENO) && flags.shows();
}

struct PreparedFleet {
  scenario::Scenario scenario;
  capsule::Source source;  // of a recording
  fleet::FleetOptions options;
  figures::Tested tested{};
  report::Colour colour = report::Colour::off;
};

Result<figures::Shard> parse_shard(const std::string& text) {
  figures::Shard shard;
  char slash = 0;
  std::istringstream in(text);
  // Strictly I/N to the end: 1/10x would be another share of the phones.
  const bool reads = (in >> shard.number >> slash >> shard.of) && slash == '/' && in.eof();
  if (!reads || shard.number < 1 || shard.number > shard.of)
    return fail(Errc::bad_argument, "--shard: expected I/N, from 1/N to N/N");
  return shard;
}

// 2026-03-01T06:00:00Z, in UTC, or seconds since 1970.
Result<fleet::WallTime> parse_instant(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end != nullptr && *end == '\0') return std::chrono::system_clock::from_time_t(timegm(&parts));
  // glibc turns seconds since 1970 into local time, and mktime() takes them back.
  end = strptime(text.c_str(), "%s", &parts);
  if (end == nullptr || *end != '\0')
    return fail(Errc::bad_argument,
                "--start-at: expected a time in UTC, 2026-03-01T06:00:00Z, or seconds since 1970");
  return std::chrono::system_clock::from_time_t(mktime(&parts));
}

// A run whose start is over would have its phones do at once what they had to do one by one, and a
// shard that comes late has missed what the others have begun.
constexpr std::chrono::seconds longest_lateness{1};

Result<fleet::WallTime> start_to_come(const std::string& text) {
  TRY(const auto at, parse_instant(text));
  const auto late = std::chrono::system_clock::now() - at;
  if (late <= longest_lateness) return at;
  return fail(Errc::bad_argument,
              fmt::format("--start-at: {} was {} ago; give a time that is still to come, the same "
                          "to every shard",
                          text, report::duration_text(std::chrono::duration_cast<Duration>(late))));
}

Result<std::optional<Duration>> parse_optional(const std::string& text, std::string_view flag) {
  if (text.empty()) return std::optional<Duration>{};
  const auto duration = input::parse_duration(text);
  if (!duration)
    return fail(Errc::bad_argument, fmt::format("{}: {}", flag, duration.error().detail));
  return std::optional(*duration);
}

Result<PreparedFleet> prepare_fleet(const FleetFlags& flags) {
  TRY(const auto given, surroundings(flags.leases));
  TRY(auto yaml, input::read_file(flags.scenario, input::max_scenario_bytes));
  const std::string title = flags.scenario == "-" ? "standard input" : flags.scenario;
  TRY(auto scenario, read_with_lists(yaml, flags.scenario, flags.with, flags.lists, given));
  TRY(auto source, source_of(scenario, std::move(yaml), title,
                             with_lists(flags.with, flags.lists, title), given.leased));
  complain_of_contradictions(scenario);
  if (flags.seed) scenario.seed = *flags.seed;
  auto& targets = scenario.limits.targets;
  targets.insert(targets.end(), flags.targets.begin(), flags.targets.end());
  TRY(take_network(flags.network, scenario));
  PreparedFleet prepared{std::move(scenario), std::move(source), {}};
  TRY(prepared.colour, colour_of(flags.colour));
  prepared.tested = tested_fleet(prepared.scenario, flags.with, flags.typed);
  auto& options = prepared.options;
  TRY(options.doors, places_of(flags.doors));
  options.keeping = usual_keeping();
  options.workers =
      flags.workers != 0 ? flags.workers : fleet::usual_workers(prepared.scenario, options.doors);
  TRY(const auto length, parse_optional(flags.length, "--for"));
  options.length = length ? length : prepared.scenario.limits.duration;
  const auto lag = parse_optional(flags.lag_limit, "--lag-limit");
  if (!lag) return tl::unexpected(lag.error());
  if (*lag) options.lag_limit_us = std::chrono::microseconds(**lag).count();
  if (!flags.shard.empty()) {
    TRY(const auto shard, parse_shard(flags.shard));
    options.shard = shard;
  }
  if (draws(flags)) options.standing_every = standing_every;
  if (!flags.start_at.empty()) {
    TRY(options.start_at, start_to_come(flags.start_at));
  }
  return prepared;
}

// What a run leaves behind. Stays where it is: workers write to the trace.
struct FleetFiles {
  std::optional<report::OutputFile> trace, result;
  std::optional<Recording> recording;
  RequestFile requests;
  OutcomeFiles outcomes;
  std::mutex trace_mutex;
};

Result<void> open_fleet_files(const FleetFlags& flags, const scenario::Scenario& scenario,
                              FleetFiles& files, fleet::FleetOptions& options) {
  TRY(files.trace, report::OutputFile::open_if_named(flags.trace));
  TRY(files.result, report::OutputFile::open_if_named(flags.json));
  TRY(files.recording, Recording::open(flags.record));
  TRY(files.outcomes, open_outcomes(flags.outcome));
  if (files.recording) options.make_witness = [&files] { return files.recording->recorder(); };
  TRY(files.requests, RequestFile::open(flags.out, &scenario));
  if (!files.trace && !files.recording && !files.requests) return {};
  // From several threads, line by line.
  options.trace = [&files](const trace::TraceEvent& event) {
    // Outside the lock: most of the work is in it.
    const auto line = files.trace || files.recording ? format_json(event) : std::string();
    const std::lock_guard lock(files.trace_mutex);
    files.requests.add(event);
    if (files.trace) files.trace->write_line(line);
    if (files.recording) files.recording->add(event, line);
  };
  return {};
}

Result<void> write_fleet_files(FleetFiles& files, const figures::FleetResult& result,
                               const figures::Verdicts& verdicts) {
  if (files.result) {
    TRY(report::write_whole(files.result, figures::format_json(result)));
  }
  return write_outcomes(files.outcomes, verdicts);
}

WatchTerms watch_terms(const FleetFlags& flags, const PreparedFleet& prepared) {
  WatchTerms terms;
  terms.title = flags.scenario;
  terms.length = prepared.options.length;
  terms.until_converged = flags.until_converged;
  terms.has_doors = prepared.options.doors.any();
  terms.lag_limit_us = prepared.options.lag_limit_us;
  terms.starts_per_second = prepared.scenario.limits.starts_per_second;
  terms.colour = prepared.colour;
  terms.shows = flags.quiet ? Shows::nothing : draws(flags) ? Shows::screen : Shows::lines;
  return terms;
}

figures::Aim aim_of(const FleetFlags& flags, const PreparedFleet& prepared) {
  return {prepared.options.length, flags.until_converged, !prepared.scenario.expect.empty()};
}

// What is written, of a fleet whose servers are not there.
figures::FleetResult unbegun_result(const FleetFlags& flags, const PreparedFleet& prepared,
                                    figures::Outcome outcome) {
  const auto now = std::chrono::system_clock::now();
  figures::FleetResult result;
  result.title = flags.scenario;
  result.scenario_hash = prepared.scenario.fingerprint;
  result.seed = prepared.scenario.seed;
  result.started =
      fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  result.shards = {prepared.options.shard};
  result.starts = {
      {prepared.options.shard.number,
       std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count(), 0}};
  result.workers = prepared.options.workers;
  result.lag_limit_us = prepared.options.lag_limit_us;
  result.phones = static_cast<std::uint32_t>(outcome.extent.phones);
  result.outcome = std::move(outcome);
  result.version = figures::version;
  result.tested = prepared.tested;
  return result;
}

// Nothing: the phones may begin; else how it came out that they may not.
Result<std::optional<Exit>> wait_for_fleet(const FleetFlags& flags, const PreparedFleet& prepared,
                                           FleetFiles& files) {
  TRY(const auto at_most, length_of_wait(flags.wait_for_server, &prepared.scenario.limits));
  if (!at_most) return std::optional<Exit>{};
  TRY(const auto run, run::run_without_phones(prepared.scenario, std::chrono::system_clock::now()));
  TRY(auto outcome, wait_before_run(prepared.scenario, run.network, at_most));
  if (!outcome) return std::optional<Exit>{};
  const auto result = unbegun_result(flags, prepared, *std::move(outcome));
  const auto verdicts = judge(result, flags.outcome.strictness());
  complain_of_verdict(verdicts);
  if (files.trace) {
    TRY(files.trace->finish());
  }
  TRY(files.requests.finish());
  TRY(write_fleet_files(files, result, verdicts));
  return std::optional(exit_of(verdicts.verdict));
}

// What was written while the run went on.
Result<void> finish_records(FleetFiles& files, const PreparedFleet& prepared,
                            const fleet::Fleet& fleet, const figures::FleetResult& result,
                            figures::Verdict verdict) {
  if (files.trace) {
    TRY(files.trace->finish());
  }
  TRY(files.requests.finish());
  if (!files.recording) return {};
  const Recorded run{"fleet",
                     scenario::phone_count(prepared.scenario),
                     prepared.scenario.seed,
                     resync::Time{result.outcome.length},
                     verdict,
                     {},
                     fleet.wall()};
  return files.recording->finish(run, prepared.source);
}

Exit run_fleet(const FleetFlags& flags) {
  auto prepared = prepare_fleet(flags);
  if (!prepared) return refuse_usage(prepared.error());
  FleetFiles files;
  if (const auto opened = open_fleet_files(flags, prepared->scenario, files, prepared->options);
      !opened)
    return refuse_usage(opened.error());
  // Before the run, while something can be done about it; the run is made all the same.
  for (const auto& shortage : fleet::shortages(prepared->scenario, fleet::machine_limits()))
    complain(shortage);
  auto metrics = LiveMetrics::open(flags.metrics, prepared->options.shard);
  if (!metrics) return refuse_usage(metrics.error());
  const auto unbegun = wait_for_fleet(flags, *prepared, files);
  if (!unbegun) return refuse_usage(unbegun.error());
  if (*unbegun) return **unbegun;
  auto fleet = fleet::Fleet::make(prepared->scenario, prepared->options);
  if (!fleet)
    return refuse_usage(
        {fleet.error().code, fmt::format("{}: {}", flags.scenario, fleet.error().detail)});
  if (!flags.quiet && !metrics->url().empty())
    std::cerr << fmt::format("metrics at {}\n", metrics->url());
  if (!flags.quiet) tell_places((*fleet)->web_urls(), (*fleet)->sip_urls());
  auto end = figures::RunEnd::by_itself;
  {
    // Gone before the result is made: its signals, its keys and its port are for the run alone.
    Watch watch(watch_terms(flags, *prepared), **fleet, *metrics);
    watch.run();
    end = watch.ended_by();
  }
  (*fleet)->stop();
  auto result = (*fleet)->result(end, aim_of(flags, *prepared));
  result.title = flags.scenario;
  result.tested = prepared->tested;
  const auto verdicts = judge(result, flags.outcome.strictness());
  if (const auto finished = finish_records(files, *prepared, **fleet, result, verdicts.verdict);
      !finished)
    return refuse_usage(finished.error());
  if (flags.shows()) std::cout << report::format_text(result, verdicts);
  // The text begins with the verdict.
  if (!flags.shows()) complain_of_verdict(verdicts);
  if (!flags.quiet) complain_of_failures(verdicts);
  if (const auto written = write_fleet_files(files, result, verdicts); !written)
    return refuse_usage(written.error());
  if (const auto written = metrics->finish(); !written) return refuse_usage(written.error());
  metrics->linger();
  const auto exit = exit_of(verdicts.verdict);
  if (flags.record.compare_with.empty()) return exit;
  const auto compared = compare_capsules(flags.record.compare_with, flags.record.file, {});
  return exit == Exit::as_expected ? compared : exit;
}

}  // namespace

Command fleet_command(const std::vector<std::string>& typed) {
  auto flags = std::make_shared<FleetFlags>();
  flags->typed = typed;
  OptionGroup options{{
      {"SCENARIO", flags->scenario, "", "the scenario file; - is standard input",
       Presence::required},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      {"--leases", flags->leases, "FILE",
       "the phones are those of this lease file: dnsmasq, Kea's CSV or ISC dhcpd.leases"},
      inventory_option(flags->lists),
      {"--target", flags->targets, "ADDRESS",
       "a server that may be asked besides loopback; repeatable"},
      {"--for", flags->length, "DURATION", "how long to run: 30s, 5m, 1h30m (limits.duration)"},
      wait_option(flags->wait_for_server),
      {"--until-converged", flags->until_converged, "",
       "end when every phone has provisioned itself"},
      {"--workers", flags->workers, "N",
       "threads (all cores; 1 where phones that share an address answer)", Presence::optional,
       workers_range},
      {"--seed", flags->seed, "N", "seed of everything random (the scenario's)"},
      {"--shard", flags->shard, "I/N", "drive one N-th of the phones, of which I is the number"},
      {"--start-at", flags->start_at, "TIME",
       "begin then: 2026-03-01T06:00:00Z, seconds since 1970"},
      {"--lag-limit", flags->lag_limit, "DURATION",
       "the run is void when one retrieval in a thousand starts later than that (50ms)"},
      output({"--json", flags->json, "FILE", "write the result here; - is standard output"}),
      output({"--trace", flags->trace, "FILE", "write every event here, JSON Lines; - likewise"}),
      request_file_option(flags->out),
  }};
  for (const auto& option : metrics_options(flags->metrics)) options.options.push_back(option);
  for (const auto& option : record_options(flags->record)) options.options.push_back(option);
  for (const auto& option : door_options(flags->doors)) options.options.push_back(option);
  for (const auto& option : network_options(flags->network)) options.options.push_back(option);
  const OptionGroup quiet{{{"--quiet", flags->quiet, "", "no screen, no lines, no summary"},
                           colour_option(flags->colour)}};
  return {
      "fleet",
      "very many phones in real time: load for a server",
      {options, outcome_options(flags->outcome), quiet},
      "Examples:\n"
      "  provphone fleet fixtures/scenarios/morning.yaml --until-converged \\\n"
      "      --with 'phones.offices.set.Profile_Rule=http://127.0.0.1:8080/$PSN/$MA.xml'\n"
      "  provphone fleet site.yaml --for 10m --json result.json --metrics 9100\n"
      "  provphone fleet site.yaml --shard 2/8 --start-at 2026-03-01T06:00:00Z --json 2.json\n"
      "Keys: p pauses and goes on, g goes on gently, + and - change the pace, ? says more, q ends\n"
      "the run with its result, as Ctrl-C does.\n"
      "Exit status: 0 as expected, 1 something failed or nothing was provisioned, 2 wrong usage,\n"
      "3 void: cut short, or this machine could not keep the schedule.",
      [flags] { return run_fleet(*flags); },
      {},
      Signals::are_handled};
}

}  // namespace provphone::client::cli
