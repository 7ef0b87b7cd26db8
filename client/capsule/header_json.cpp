#include "client/capsule/header_json.hpp"

#include "client/trace/json_octets.hpp"
#include "profile/hash.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace provphone::client::capsule {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json, const char* key) {
  return trace::octets_of(json.at(key).get<std::string>());
}

Manifest manifest_of(const Json& json) {
  Manifest manifest;
  manifest.program = text_of(json, "program");
  manifest.command = text_of(json, "command");
  manifest.recorded = text_of(json, "recorded");
  manifest.secrets =
      json.at("secrets").get<std::string>() == "kept" ? SecretsAre::kept : SecretsAre::replaced;
  manifest.phones = json.at("phones").get<std::uint32_t>();
  manifest.seed = json.at("seed").get<std::uint64_t>();
  manifest.end = resync::Time{resync::Duration(json.at("end").get<std::int64_t>())};
  manifest.verdict = text_of(json, "verdict");
  manifest.trace_hash = text_of(json, "trace_hash");
  manifest.course_hash = text_of(json, "course_hash");
  return manifest;
}

void read_source(const Json& json, Source& source) {
  source.yaml = text_of(json, "scenario");
  source.name = text_of(json, "name");
  for (const auto& each : json.at("with"))
    source.with.push_back(trace::octets_of(each.get<std::string>()));
  if (const auto environment = json.find("environment"); environment != json.end())
    for (const auto& each : *environment)
      source.environment.emplace_back(trace::octets_of(each.at(0).get<std::string>()),
                                      trace::octets_of(each.at(1).get<std::string>()));
  const auto leases = json.find("leases");
  if (leases == json.end()) return;
  auto phones = std::make_shared<std::vector<scenario::LeasedPhone>>();
  for (const auto& each : *leases) {
    if (const auto mac = parse_mac_address(each.at(0).get<std::string>()))
      phones->push_back({*mac, each.at(1).get<std::string>(), each.at(2).get<std::string>()});
  }
  source.leased = std::move(phones);
}

resync::WallClock clock_of(const Json& json) {
  const auto instant = [](const Json& it) {
    return resync::sys_seconds{std::chrono::seconds(it.get<std::int64_t>())};
  };
  resync::WallClock wall;
  wall.at_start = instant(json.at("clock"));
  const auto known = json.at("known").get<int>();
  wall.known = known == 0   ? resync::ClockIsKnown::from_boot
               : known == 1 ? resync::ClockIsKnown::once_told
                            : resync::ClockIsKnown::never;
  wall.zone.offset = std::chrono::seconds(json.at("offset").get<int>());
  for (const auto& each : json.at("changes"))
    wall.zone.changes.push_back({instant(each.at(0)), std::chrono::seconds(each.at(1).get<int>())});
  return wall;
}

}  // namespace

Json manifest_json(const Manifest& manifest) {
  return {{"capsule", format_version},
          {"program", manifest.program},
          {"command", manifest.command},
          {"recorded", manifest.recorded},
          {"secrets", manifest.secrets == SecretsAre::kept ? "kept" : "replaced"},
          {"phones", manifest.phones},
          {"seed", manifest.seed},
          {"end", manifest.end.time_since_epoch().count()},
          {"verdict", manifest.verdict},
          {"trace_hash", manifest.trace_hash},
          {"course_hash", manifest.course_hash}};
}

Json source_json(const Source& source, const Rewrite& rewrite) {
  Json json{{"scenario", rewrite(source.yaml)}, {"name", source.name}};
  auto with = Json::array();
  for (const auto& each : source.with) with.push_back(rewrite(each));
  json["with"] = std::move(with);
  for (const auto& [name, value] : source.environment)
    json["environment"].push_back(Json::array({rewrite(name), rewrite(value)}));
  if (source.leased) {
    auto leases = Json::array();
    for (const auto& each : *source.leased)
      leases.push_back(Json::array({format_lower(each.mac), each.ip, each.host_name}));
    json["leases"] = std::move(leases);
  }
  return json;
}

Json clock_json(const resync::WallClock& wall) {
  auto changes = Json::array();
  for (const auto& each : wall.zone.changes)
    changes.push_back(Json::array({each.at.time_since_epoch().count(), each.offset.count()}));
  return {{"clock", wall.at_start.time_since_epoch().count()},
          {"known", static_cast<int>(wall.known)},
          {"offset", wall.zone.offset.count()},
          {"changes", std::move(changes)}};
}

Json file_json(const NamedFile& file, const Rewrite& rewrite) {
  return {{"file", file.name}, {"octets", rewrite(file.octets)}};
}

Json asked_json(const std::string& asked, const Rewrite& rewrite) {
  return {{"asked", rewrite(asked)}};
}

Json body_json(std::size_t place, const std::string& body) {
  return {{"body", place},
          {"sha256", profile::hash_hex(profile::Hash::sha256, body)},
          {"octets", body}};
}

void take_header(const Json& json, Capsule& capsule) {
  if (json.contains("capsule")) capsule.manifest = manifest_of(json);
  if (json.contains("scenario")) read_source(json, capsule.source);
  if (json.contains("file"))
    capsule.source.files.push_back({text_of(json, "file"), text_of(json, "octets")});
  if (json.contains("clock")) capsule.wall = clock_of(json);
  if (json.contains("asked")) capsule.tape.asked.push_back(text_of(json, "asked"));
  if (json.contains("body")) capsule.tape.bodies.push_back(text_of(json, "octets"));
}

}  // namespace provphone::client::capsule
