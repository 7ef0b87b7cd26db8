#include "client/replay/cast.hpp"

#include "client/replay/files_on_disk.hpp"
#include "client/replay/reduced.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace provphone::client::replay {
namespace {

std::string override_of(std::size_t group, std::string_view key, std::string_view value) {
  return fmt::format("phones.{}.{}={}", group, key, quoted_text(value));
}

// NAME=VALUE for every group, below `block`.
Result<void> add_overrides(std::vector<std::string>& with, std::size_t groups,
                           std::string_view block, const std::vector<std::string>& settings) {
  for (const auto& each : settings) {
    const auto equals = each.find('=');
    if (equals == std::string::npos)
      return fail(Errc::bad_argument, fmt::format("'{}' is not NAME=VALUE", each));
    for (std::size_t group = 0; group < groups; ++group)
      with.push_back(override_of(group, fmt::format("{}.{}", block, each.substr(0, equals)),
                                 each.substr(equals + 1)));
  }
  return {};
}

Result<std::vector<std::string>> overrides_of(const capsule::Source& source, const Changes& changes,
                                              std::size_t groups) {
  auto with = source.with;
  TRY(add_overrides(with, groups, "set", changes.set));
  TRY(add_overrides(with, groups, "knobs", changes.knobs));
  for (std::size_t group = 0; group < groups; ++group) {
    if (!changes.firmware.empty()) with.push_back(override_of(group, "firmware", changes.firmware));
    if (!changes.personality.empty())
      with.push_back(override_of(group, "personality", changes.personality));
  }
  return with;
}

}  // namespace

scenario::Surroundings kept_surroundings(const capsule::Source& source) {
  const auto folder = std::filesystem::path(source.name).parent_path();
  return {source.leased,
          [&source, folder](const std::string& path, std::size_t /*limit*/) -> Result<std::string> {
            for (const auto& file : source.files)
              if ((folder / file.name).string() == path) return file.octets;
            return fail(Errc::unreadable_file, fmt::format("the capsule has no file {}", path));
          },
          [&source](const std::string& name) -> std::optional<std::string> {
            for (const auto& [known, value] : source.environment)
              if (known == name) return value;
            return std::nullopt;
          }};
}

Result<scenario::Scenario> scenario_of(const capsule::Capsule& capsule, const Changes& changes) {
  const auto& source = capsule.source;
  TRY(auto scenario,
      scenario::read_scenario(source.yaml, source.name, source.with, kept_surroundings(source)));
  if (!changes.none()) {
    TRY(const auto with, overrides_of(source, changes, scenario::named_groups(scenario)));
    TRY(scenario,
        scenario::read_scenario(source.yaml, source.name, with, kept_surroundings(source)));
  }
  scenario.seed = capsule.manifest.seed;
  return scenario;
}

Result<Cast> cast_of(const capsule::Capsule& capsule, const Changes& changes) {
  TRY(auto scenario, scenario_of(capsule, changes));
  TRY(const auto files, FilesOnDisk::make(capsule));
  files.take_place_in(scenario);
  Cast cast{std::move(scenario), {}};
  if (scenario::phone_count(cast.scenario) != capsule.manifest.phones)
    return fail(Errc::bad_argument,
                fmt::format("the capsule has {} phones, and its scenario describes {}",
                            capsule.manifest.phones, scenario::phone_count(cast.scenario)));
  for (std::size_t group = 0; group < cast.scenario.phones.size(); ++group) {
    TRY(const auto setup, scenario::group_setup(cast.scenario, group));
    const auto& described = cast.scenario.phones[group];
    for (auto phone = described.first; phone < described.first + described.count; ++phone) {
      drive::DrivenPhone driven{scenario::device_of(cast.scenario, setup, phone), {}, {}, {}};
      // Phones with equal parameters have one object (resync/device.hpp).
      const auto* const alike = cast.phones.empty() ? nullptr : &cast.phones.back().device;
      if (alike != nullptr && phone > described.first &&
          alike->parameters == driven.device.parameters)
        driven.device.settings = alike->settings;
      else
        driven.device.settings_changed();
      driven.machine.index = phone;
      cast.phones.push_back(std::move(driven));
    }
  }
  return cast;
}

}  // namespace provphone::client::replay
