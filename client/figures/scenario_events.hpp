#pragma once

#include "resync/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What a scenario had happen to the phones of a run, for the time charts.
namespace provphone::client::figures {

struct ScenarioEvent {
  resync::Duration at{};     // of the run's time
  resync::Duration over{};   // the phones follow one another within it; 0: all at once
  std::string what;          // in the words of the scenario: `power_off`, `notify reboot`
  std::uint64_t phones = 0;  // to how many it happens

  friend bool operator==(const ScenarioEvent&, const ScenarioEvent&) = default;
};

// More cannot be told apart in a chart. Of others it is known that there are some.
inline constexpr std::size_t most_scenario_events = 50;

struct ScenarioEvents {
  // Those that had begun when the run ended: the first ones, in the order of time, no two with the
  // same time and words. Empty in results of earlier versions.
  std::vector<ScenarioEvent> listed;
  std::uint64_t more = 0;  // that are not listed

  friend bool operator==(const ScenarioEvents&, const ScenarioEvents&) = default;
};

// Of another shard, or another run of the scenario: an event of both is one, and has the phones of
// both.
void merge(ScenarioEvents& all, const ScenarioEvents& other);

}  // namespace provphone::client::figures
