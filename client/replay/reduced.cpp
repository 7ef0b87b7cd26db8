#include "client/replay/reduced.hpp"

#include "client/scenario/phones.hpp"
#include "profile/catalogue.hpp"
#include "resync/reading.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace provphone::client::replay {

using resync::Time;

std::string quoted_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string quoted_template(std::string_view text) {
  std::string doubled;
  for (const char c : text) {
    if (c == '{' || c == '}') doubled += c;
    doubled += c;
  }
  return quoted_text(doubled);
}

namespace {

std::string duration_text(resync::Duration duration) {
  const auto ms = duration.count();
  return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

// --- from what was recorded

ReducedPhone phone_of(const Recollection& all, std::uint32_t number) {
  const auto& scenario = all.cast.scenario;
  const auto& group = scenario.phones[scenario::group_of(scenario, number)];
  const auto& device = all.cast.phones[number].device;
  const auto& identity = device.identity;
  ReducedPhone phone{number, format_lower(identity.mac), group.name, {}, {}, {}, {}};
  phone.keys = {fmt::format("model: {}", quoted_text(identity.model)),
                fmt::format("personality: {}", name(device.personality.generation)),
                fmt::format("serial: {}", quoted_template(identity.serial)),
                fmt::format("firmware: {}", quoted_text(identity.firmware)),
                fmt::format("hardware: {}", quoted_text(identity.hardware))};
  const auto factory = resync::factory_values_of(device.personality);
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<profile::ParameterId>(i);
    if (const auto value = device.parameters.get(id); value != (*factory)[id])
      phone.set.emplace_back(profile::parameter(id).name, value);
  }
  for (const auto& each : device.lease)
    phone.dhcp.emplace_back(
        (each.version == resync::DhcpVersion::v6 ? "v6-" : "") + std::to_string(each.number),
        each.value);
  return phone;
}

// What a place did over time: equal things in a row are one.
void add_acts(std::vector<ReducedAct>& acts, const std::vector<const Met*>& course) {
  for (std::size_t i = 0; i < course.size();) {
    auto end = i;
    while (end < course.size() && course[end]->act == course[i]->act) ++end;
    ReducedAct act{
        course[i]->host, course[i]->path, i == 0 ? Time{} : course[i]->at, {}, course[i]->act};
    if (end < course.size() && act.act.kind != Act::Kind::profile) act.to = course[end]->at;
    acts.push_back(std::move(act));
    i = end;
  }
}

// A place that wants a login has it asked for once, and the file that came with it.
void join_logins(std::vector<const Met*>& course) {
  const auto wants_login = [](const Met* met) { return met->act.kind == Act::Kind::login; };
  const bool gets_in = !std::all_of(course.begin(), course.end(), wants_login);
  if (gets_in) std::erase_if(course, wants_login);
}

bool has_login(const std::vector<const Met*>& course) {
  return std::any_of(course.begin(), course.end(),
                     [](const Met* met) { return met->act.kind == Act::Kind::login; });
}

std::vector<ReducedAct> acts_of(const Recollection& all, const std::set<std::uint32_t>& phones) {
  std::map<std::pair<std::string, std::string>, std::vector<const Met*>> places;
  for (const auto& each : all.requests)
    if (phones.contains(each.phone)) places[{each.host, each.path}].push_back(&each);
  std::vector<ReducedAct> acts;
  for (auto& [place, course] : places) {
    std::stable_sort(course.begin(), course.end(),
                     [](const Met* a, const Met* b) { return a->at < b->at; });
    if (has_login(course))
      acts.push_back({place.first, place.second, {}, {}, {Act::Kind::login, 401, {}, {}}});
    join_logins(course);
    if (!course.empty() && course.front()->act.kind == Act::Kind::login) continue;
    add_acts(acts, course);
  }
  return acts;
}

// --- to YAML

std::string map_text(const Values& values, std::string_view indent,
                     std::string (*quote)(std::string_view)) {
  std::string text;
  for (const auto& [name, value] : values)
    text += fmt::format("{}{}: {}\n", indent, name, quote(value));
  return text;
}

std::string phone_text(const ReducedPhone& phone) {
  auto text = fmt::format("  - group: {}\n    mac: {}\n", phone.group, phone.mac);
  for (const auto& key : phone.keys) text += "    " + key + "\n";
  if (!phone.knobs.empty()) text += "    knobs:\n" + map_text(phone.knobs, "      ", quoted_text);
  if (!phone.set.empty()) text += "    set:\n" + map_text(phone.set, "      ", quoted_template);
  if (!phone.dhcp.empty()) text += "    dhcp:\n" + map_text(phone.dhcp, "      ", quoted_template);
  return text;
}

std::string place_text(const ReducedAct& act) {
  std::string text;
  if (!act.host.empty()) text += fmt::format("host: {}, ", quoted_text(act.host));
  text += fmt::format("path: {}", quoted_text(act.path));
  if (act.from != Time{}) text += ", from: " + duration_text(act.from.time_since_epoch());
  if (act.to) text += ", to: " + duration_text(act.to->time_since_epoch());
  return text;
}

std::string answer_text(const ReducedAct& act) {
  const auto place = place_text(act);
  switch (act.act.kind) {
    case Act::Kind::failure:
      return fmt::format("    - {{{}, as: {}}}\n", place, act.act.word);
    case Act::Kind::redirect:
      return fmt::format("    - {{{}, status: {}, redirect: {}}}\n", place, act.act.status,
                         quoted_text(act.act.word));
    case Act::Kind::login:
      return fmt::format("    - {{{}, needs_login: true}}\n", place);
    case Act::Kind::profile:
      break;
  }
  return {};
}

std::string profile_text(const ReducedAct& act) {
  if (act.act.kind != Act::Kind::profile) return {};
  if (act.act.values.empty()) return fmt::format("    - {{{}, set: {{}}}}\n", place_text(act));
  const auto from = act.from == Time{} ? std::string()
                                       : fmt::format("      from: {}\n",
                                                     duration_text(act.from.time_since_epoch()));
  return fmt::format("    - host: {}\n      path: {}\n{}      set:\n{}", quoted_text(act.host),
                     quoted_text(act.path), from,
                     map_text(act.act.values, "        ", quoted_template));
}

std::string event_text(const Reduced& reduced, const Happened& event) {
  const auto phone = std::find_if(reduced.phones.begin(), reduced.phones.end(),
                                  [&](const auto& each) { return each.number == event.phone; });
  if (phone == reduced.phones.end()) return {};
  auto action = event.action;
  const std::string_view word = "PHONE";
  action.replace(action.rfind(word), word.size(), phone->mac);
  return fmt::format("  - {{at: {}, {}}}\n", duration_text(event.at.time_since_epoch()), action);
}

template <class List, class Text>
std::string block(std::string_view name, const List& list, Text text) {
  std::string lines;
  for (const auto& each : list) lines += text(each);
  return lines.empty() ? lines : fmt::format("{}:\n{}", name, lines);
}

}  // namespace

Reduced reduced_to(const Recollection& all, const capsule::Capsule& capsule,
                   const std::vector<std::uint32_t>& phones, const std::string& expectation) {
  Reduced reduced;
  reduced.seed = capsule.manifest.seed;
  reduced.duration = capsule.manifest.end.time_since_epoch();
  reduced.expectation = expectation;
  if (capsule.wall.known != resync::ClockIsKnown::never)
    reduced.keys.push_back(fmt::format("clock: {:%Y-%m-%dT%H:%M:%S}", capsule.wall.at_start));
  const std::set<std::uint32_t> kept(phones.begin(), phones.end());
  std::set<std::string> groups;
  for (const auto number : kept) {
    auto phone = phone_of(all, number);
    for (int i = 2; !groups.insert(phone.group).second; ++i)
      phone.group = fmt::format("{}-{}", phone_of(all, number).group, i);
    reduced.phones.push_back(std::move(phone));
  }
  for (const auto& event : all.events)
    if (kept.contains(event.phone)) reduced.events.push_back(event);
  reduced.acts = acts_of(all, kept);
  return reduced;
}

std::string yaml_of(const Reduced& reduced) {
  std::string text;
  if (reduced.seed != 0) text += fmt::format("seed: {}\n", reduced.seed);
  for (const auto& key : reduced.keys) text += key + "\n";
  text += block("phones", reduced.phones, phone_text);
  text += block("events", reduced.events,
                [&](const Happened& event) { return event_text(reduced, event); });
  const auto answers = block("  answers", reduced.acts, answer_text);
  const auto profiles = block("  profiles", reduced.acts, profile_text);
  if (!answers.empty() || !profiles.empty()) text += "server:\n" + answers + profiles;
  text += fmt::format("expect:\n  - {}\n", reduced.expectation);
  return text + fmt::format("limits: {{duration: {}}}\n", duration_text(reduced.duration));
}

}  // namespace provphone::client::replay
