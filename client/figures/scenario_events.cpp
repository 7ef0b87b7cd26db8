#include "client/figures/scenario_events.hpp"

#include <algorithm>
#include <tuple>

namespace provphone::client::figures {

void merge(ScenarioEvents& all, const ScenarioEvents& other) {
  auto& listed = all.listed;
  for (const auto& event : other.listed) {
    const auto same = std::find_if(listed.begin(), listed.end(), [&](const ScenarioEvent& each) {
      return each.at == event.at && each.what == event.what;
    });
    if (same == listed.end()) {
      listed.push_back(event);
    } else {
      same->phones += event.phones;
      same->over = std::max(same->over, event.over);
    }
  }
  std::sort(listed.begin(), listed.end(), [](const ScenarioEvent& a, const ScenarioEvent& b) {
    return std::tie(a.at, a.what) < std::tie(b.at, b.what);
  });
  // Of one scenario both lists begin alike, and the shorter one ends where its run did.
  all.more = std::max(all.more, other.more);
  if (listed.size() <= most_scenario_events) return;
  all.more += listed.size() - most_scenario_events;
  listed.resize(most_scenario_events);
}

}  // namespace provphone::client::figures
