#include "client/cli/decoded_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

// R-XML-35: the value counts only while the user has not changed it.
bool is_preference(const profile::Change& change) {
  return change.value && change.by == profile::Setter::preference;
}

std::size_t widest_name(const profile::Decoded& decoded) {
  std::size_t widest = 0;
  for (const auto& change : decoded.changes) {
    widest = std::max(widest, profile::parameter(change.id).name.size());
  }
  return widest;
}

}  // namespace

std::string text_of(const profile::Decoded& decoded) {
  std::string layers;
  for (const auto layer : decoded.layers)
    layers.append(layers.empty() ? "" : " -> ").append(name(layer));
  auto text = fmt::format("{}: {} parameters, {} ignored\n", layers, decoded.changes.size(),
                          decoded.ignored.size());
  if (const auto acting = profile::count_acting(decoded.changes); acting < decoded.changes.size())
    text += fmt::format("  {} of them act, {} are stored and nothing hangs on them (marked -)\n",
                        acting, decoded.changes.size() - acting);
  const auto widest = widest_name(decoded);
  for (const auto& change : decoded.changes) {
    // A change may be of the right alone (R-XML-16): then the value is kept.
    const auto right = change.access ? fmt::format("  [{}]", name(*change.access)) : std::string{};
    const auto value =
        change.value ? fmt::format("= {}", *change.value) : std::string{"(value kept)"};
    const auto& parameter = profile::parameter(change.id);
    const auto* preference = is_preference(change) ? "  [user-pref]" : "";
    text += fmt::format("{} {:<{}} {}{}{}\n", parameter.role == profile::Role::stored ? "-" : " ",
                        parameter.name, widest, value, right, preference);
  }
  for (const auto& [element, why] : decoded.ignored)
    text += fmt::format("  ignored {}: {}\n", element, why);
  return text;
}

Json json_of(const profile::Decoded& decoded) {
  Json layers = Json::array();
  for (const auto layer : decoded.layers) layers.push_back(name(layer));
  Json parameters = Json::array();
  for (const auto& change : decoded.changes) {
    Json entry{{"name", profile::parameter(change.id).name}};
    if (change.value) entry["value"] = *change.value;
    if (change.access) entry["ua"] = name(*change.access);
    entry["role"] = name(profile::parameter(change.id).role);
    if (is_preference(change)) entry["user-pref"] = "y";
    parameters.push_back(entry);
  }
  Json ignored = Json::array();
  for (const auto& [element, why] : decoded.ignored)
    ignored.push_back({{"name", element}, {"why", why}});
  return {{"layers", layers}, {"parameters", parameters}, {"ignored", ignored}};
}

}  // namespace provphone::client::cli
