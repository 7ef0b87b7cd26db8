#include "client/replay/trial.hpp"

#include "client/figures/verdicts.hpp"
#include "client/forecast/forecast.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"

namespace provphone::client::replay {

Result<Trial> tried(const std::string& yaml) {
  using trace::EventKind;
  TRY(const auto scenario, scenario::read_scenario(yaml, "the shrunk scenario"));
  TRY(auto wall, scenario::wall_clock_of(scenario));
  forecast::VirtualRun run{scenario, std::move(wall), forecast::length_of(scenario), 1, {}, {}, {},
                           {}};
  Trial trial;
  run.trace = [&](const trace::TraceEvent& event) {
    const auto mac = format_lower(event.phone);
    if (event.event == EventKind::pass_failed || event.event == EventKind::upgrade_done ||
        event.event == EventKind::reported) {
      if (event.error) trial.failures[mac] = {*event.error, event.url};
    }
    if (event.event == EventKind::pass_succeeded) trial.failures.erase(mac);
  };
  TRY(const auto result, forecast::drive_virtually(run));
  const auto verdicts = judge({}, result.outcome);
  for (const auto& each : verdicts.expectations) {
    if (each.is_implied) continue;
    trial.holds = each.status != figures::Judgement::failed;
    break;
  }
  return trial;
}

}  // namespace provphone::client::replay
