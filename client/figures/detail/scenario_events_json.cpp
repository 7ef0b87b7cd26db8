#include "client/figures/detail/scenario_events_json.hpp"

namespace provphone::client::figures {

nlohmann::ordered_json scenario_events_json(const ScenarioEvents& events) {
  auto listed = nlohmann::ordered_json::array();
  for (const auto& [at, over, what, phones] : events.listed)
    listed.push_back(
        {{"at_ms", at.count()}, {"over_ms", over.count()}, {"what", what}, {"phones", phones}});
  return {{"listed", std::move(listed)}, {"more", events.more}};
}

ScenarioEvents read_scenario_events(const Member& from) {
  ScenarioEvents events;
  for (const auto& event : from["listed"].list(most_scenario_events))
    events.listed.push_back({resync::Duration(event["at_ms"].whole<std::int64_t>(longest_ms)),
                             resync::Duration(event["over_ms"].whole<std::int64_t>(longest_ms)),
                             event["what"].text(), event["phones"].whole()});
  events.more = from["more"].whole();
  return events;
}

}  // namespace provphone::client::figures
