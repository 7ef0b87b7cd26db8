#include "client/replay/ends.hpp"

#include "macro/try.hpp"
#include "profile/catalogue.hpp"
#include "resync/reading.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace provphone::client::replay {
namespace {

End end_of(const resync::Device& device) {
  End end;
  const auto factory = resync::factory_values_of(device.personality);
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<profile::ParameterId>(i);
    const auto& parameter = profile::parameter(id);
    const auto value = device.parameters.get(id);
    if (!parameter.secret && value != (*factory)[id]) end.emplace(parameter.name, value);
  }
  return end;
}

std::optional<std::string> value_in(const End& end, const std::string& parameter) {
  const auto found = end.find(parameter);
  return found == end.end() ? std::nullopt : std::optional(found->second);
}

// A parameter, and what became of it.
using Change = std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>;

std::vector<Change> changes_between(const End& before, const End& after) {
  std::vector<Change> changes;
  for (const auto& [parameter, value] : before)
    if (const auto now = value_in(after, parameter); now != value)
      changes.emplace_back(parameter, value, now);
  for (const auto& [parameter, value] : after)
    if (!before.contains(parameter)) changes.emplace_back(parameter, std::nullopt, value);
  return changes;
}

}  // namespace

Result<Ends> ends_of(const capsule::Capsule& capsule) {
  TRY(auto cast, cast_of(capsule, {}));
  Player player(capsule, std::move(cast),
                {[](const trace::TraceEvent& /*event*/) {}, {}, resync::Depth::figures});
  player.play();
  Ends ends;
  for (std::size_t i = 0; i < player.phone_count(); ++i) {
    const auto& device = player.phone(i).device;
    ends.emplace(device.identity.mac, end_of(device));
  }
  return ends;
}

EndsCompared compared(const Ends& before, const Ends& after) {
  EndsCompared result;
  std::map<Change, std::vector<MacAddress>> by_change;
  for (const auto& [phone, end] : before) {
    const auto now = after.find(phone);
    if (now == after.end()) {
      result.only_before.push_back(phone);
      continue;
    }
    ++result.phones;
    const auto changes = changes_between(end, now->second);
    if (!changes.empty()) ++result.different;
    for (const auto& change : changes) by_change[change].push_back(phone);
  }
  for (const auto& [phone, end] : after)
    if (!before.contains(phone)) result.only_after.push_back(phone);
  for (auto& [change, phones] : by_change) {
    const auto& [parameter, was, is] = change;
    result.changes.push_back({parameter, was, is, std::move(phones)});
  }
  std::stable_sort(result.changes.begin(), result.changes.end(),
                   [](const auto& a, const auto& b) { return a.phones.size() > b.phones.size(); });
  return result;
}

}  // namespace provphone::client::replay
