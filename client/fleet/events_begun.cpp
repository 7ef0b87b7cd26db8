#include "client/fleet/events_begun.hpp"

#include "client/fleet/slice.hpp"
#include "client/scenario/event_words.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/selection.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace provphone::client::fleet {
namespace {

struct Occurrence {
  std::size_t event;     // its number in the scenario
  std::uint32_t number;  // of its repetitions
};

// By when they begin and what they are: those that are alike are one for whoever looks at a chart.
using Occurrences = std::map<std::pair<resync::Duration, std::string>, std::vector<Occurrence>>;

// How often an event has begun after `length`.
std::uint64_t times_begun(const scenario::ScheduledEvent& event, resync::Duration length) {
  if (event.at > length) return 0;
  if (!event.repeat) return 1;
  const auto begun = static_cast<std::uint64_t>((length - event.at) / event.repeat->every) + 1;
  return std::min<std::uint64_t>(begun, event.repeat->times.value_or(UINT32_MAX));
}

// Only those that may be listed, however often it has begun.
void add_occurrences(const scenario::Scenario& scenario, std::size_t event, std::uint64_t times,
                     Occurrences& all) {
  const auto& described = scenario.events[event];
  const auto words = scenario::words_of(described.action);
  const auto first = std::min<std::uint64_t>(times, figures::most_scenario_events);
  for (std::uint32_t number = 0; number < first; ++number) {
    const auto at =
        described.at + (described.repeat ? described.repeat->every * number : resync::Duration{});
    all[{at, words}].push_back({event, number});
  }
}

// Adds its phones, and how long they take.
void add_occurrence(const scenario::Scenario& scenario, Occurrence occurrence, Slice slice,
                    figures::ScenarioEvent& sum) {
  const auto& described = scenario.events[occurrence.event];
  const auto picked = scenario::phones_of_event(scenario, occurrence.event, occurrence.number);
  sum.phones += static_cast<std::uint64_t>(
      std::count_if(picked.begin(), picked.end(),
                    [&](std::uint32_t phone) { return slice.index(phone).has_value(); }));
  const auto& stages = described.shape.stages;
  sum.over = std::max(sum.over, stages.empty() ? described.over : scenario::length_of(stages));
  if (picked.empty()) return;
  // Phones that a last stage's rate has no time for come behind it.
  const auto last =
      scenario::time_of(described, occurrence.number, picked.size() - 1, picked.size());
  sum.over = std::max(sum.over, last.time_since_epoch() - sum.at);
}

}  // namespace

figures::ScenarioEvents events_begun(const scenario::Scenario& scenario, resync::Duration length,
                                     figures::Shard shard) {
  Occurrences occurrences;
  figures::ScenarioEvents events;
  for (std::size_t event = 0; event < scenario.events.size(); ++event) {
    const auto times = times_begun(scenario.events[event], length);
    add_occurrences(scenario, event, times, occurrences);
    events.more += times;
  }
  const auto slice = slice_of(scenario::phone_count(scenario), shard, 0, 1);
  for (const auto& [key, alike] : occurrences) {
    if (events.listed.size() == figures::most_scenario_events) break;
    events.more -= alike.size();
    auto& event = events.listed.emplace_back();
    event.at = key.first;
    event.what = key.second;
    for (const auto occurrence : alike) add_occurrence(scenario, occurrence, slice, event);
  }
  return events;
}

}  // namespace provphone::client::fleet
