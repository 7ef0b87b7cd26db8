#include "client/cli/replay_log.hpp"

#include "client/cli/complain.hpp"
#include "client/cli/remarks.hpp"
#include "client/forecast/forecast.hpp"
#include "client/infer/text.hpp"
#include "client/report/output.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <iostream>
#include <map>

namespace provphone::client::cli {
namespace {

using infer::Instant;
using trace::EventKind;

// What a phone asks for at once may come that much later.
constexpr std::chrono::seconds occasion_slack{5};

// A profile that the scenario's server has from the start on sets what its phones go by.
Result<resync::Settings> settings_of_phone(const scenario::Scenario& scenario,
                                           const scenario::GroupSetup& setup, std::uint32_t phone) {
  const auto group = scenario::group_of(scenario, phone);
  auto parameters = scenario::device_of(scenario, setup, phone).parameters;
  const auto values = scenario::values_of(scenario, phone);
  const auto first = scenario::first_part(scenario, group);
  for (const auto& served : scenario.server.profiles) {
    if (served.from > resync::Duration{} || (served.group && *served.group != first)) continue;
    for (const auto& [id, value] : served.set) parameters.set(id, expand(value, values));
  }
  return resync::settings_of(parameters, scenario.phones[group].personality);
}

struct Predictions {
  std::vector<infer::Prediction> of;           // by number
  std::vector<resync::Duration> longest_boot;  // Resync_Random_Delay
};

Result<Predictions> settings_of_all(const scenario::Scenario& scenario) {
  Predictions predictions;
  std::vector<scenario::GroupSetup> setups;
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    TRY(auto setup, scenario::group_setup(scenario, group));
    setups.push_back(std::move(setup));
  }
  for (std::uint32_t phone = 0; phone < scenario::phone_count(scenario); ++phone) {
    const auto group = scenario::group_of(scenario, phone);
    TRY(const auto settings, settings_of_phone(scenario, setups[group], phone));
    predictions.of.push_back(
        {scenario::mac_of(scenario, phone), infer::expected_of(settings), {}, {}});
    const auto& personality = scenario.phones[group].personality;
    predictions.longest_boot.push_back(settings.resync_random_delay *
                                           personality.resync_random_delay_unit +
                                       std::chrono::seconds(settings.network_startup_delay));
  }
  return predictions;
}

// Boots, and passes that were asked for, are predicted for what they are.
void take_event(Predictions& predictions, const trace::TraceEvent& event, Instant start) {
  const auto at = start + event.at.time_since_epoch();
  auto& prediction = predictions.of[event.number];
  if (event.event == EventKind::powered_on || event.event == EventKind::rebooted)
    prediction.occasions.push_back(
        {at, at + predictions.longest_boot[event.number] + occasion_slack});
  if (event.event != EventKind::pass_started) return;
  prediction.passes.push_back(at);
  if (event.kind == resync::PassKind::explicit_request)
    prediction.occasions.push_back({at, at + occasion_slack});
}

// When the scenario begins by the clock of the log: as its `clock` says, or with the log.
Instant start_of(const scenario::Scenario& scenario, const resync::WallClock& wall,
                 const CoursesInLogs& log) {
  const auto with_log = log.courses.from;
  if (wall.known == resync::ClockIsKnown::never || !has_clock(log.logs.report)) return with_log;
  const Instant by_clock = wall.at_start;
  const bool meets =
      by_clock <= log.courses.to && by_clock + forecast::length_of(scenario) >= log.courses.from;
  if (meets) return by_clock;
  complain("the scenario's clock and the log do not meet: it is taken to begin with the log");
  return with_log;
}

Result<Predictions> predict(const ReplayLogFlags& flags, const CoursesInLogs& log,
                            resync::Zone& zone) {
  TRY(const auto given, surroundings({}));
  TRY(const auto scenario, scenario::load_scenario(flags.against, flags.with, given));
  TRY(const auto wall, scenario::wall_clock_of(scenario));
  zone = wall.zone;
  TRY(auto predictions, settings_of_all(scenario));
  const auto start = start_of(scenario, wall, log);
  const auto length = std::max<resync::Duration>(log.courses.to - start, std::chrono::seconds(1));
  forecast::VirtualRun run{scenario, wall, length, 1, {}, {}, {}, {}};
  run.trace = [&](const trace::TraceEvent& event) {
    if (!trace::is_of_server(event.event)) take_event(predictions, event, start);
  };
  TRY(forecast::drive_virtually(run));
  return predictions;
}

struct Compared {
  std::string text, json;
};

Result<Compared> compare_log(const ReplayLogFlags& flags) {
  TRY(const auto log, read_courses(flags.logs));
  resync::Zone zone;
  TRY(const auto predictions, predict(flags, log, zone));
  const auto& seen = log.logs.gathered.seen;
  std::vector<std::optional<MacAddress>> macs;
  for (const auto& course : log.courses.phones) macs.push_back(seen.phones[course.phone].mac);
  const auto comparison = infer::compare(log.courses, macs, predictions.of, zone);
  return Compared{format_comparison_text(comparison, seen, log.courses),
                  format_comparison_json(comparison, seen, log.courses)};
}

}  // namespace

Exit replay_log(const ReplayLogFlags& flags) {
  const auto compared = compare_log(flags);
  if (!compared) return refuse_usage(compared.error());
  if (flags.json != "-") std::cout << compared->text;
  if (flags.json.empty()) return Exit::as_expected;
  const auto written = report::write_output(flags.json, compared->json);
  return written ? Exit::as_expected : refuse_usage(written.error());
}

}  // namespace provphone::client::cli
