#include "client/scenario/phones.hpp"

#include "client/input/file.hpp"
#include "client/scenario/detail/ipv4.hpp"
#include "macro/try.hpp"
#include "profile/decode.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

namespace provphone::client::scenario {
namespace {

// Among the phones of all of its group's parts.
std::uint32_t position_in(const PhoneGroup& group, std::uint32_t phone) {
  return group.listed_from + (phone - group.first);
}

std::string_view listed_value(const PhoneGroup& group, std::uint32_t phone, KnownColumn column) {
  return group.listed ? group.listed->value(position_in(group, phone), column) : std::string_view{};
}

Result<void> take_config(const Scenario& scenario, const PhoneGroup& group,
                         profile::ParameterSet& parameters) {
  if (group.config.empty()) return {};
  const auto file = path_of(scenario, group.config);
  TRY(const auto bytes, input::read_file(file, profile::max_file_bytes));
  const auto decoded = profile::decode(bytes, resync::decode_options_of(group.personality));
  if (!decoded)
    return fail(decoded.error().code, fmt::format("{}: {}", file, decoded.error().detail));
  profile::apply(parameters, decoded->changes);
  return {};
}

// The identity's own value is the default.
void take(const std::string& given, std::string& member) {
  if (!given.empty()) member = given;
}

}  // namespace

std::uint32_t phone_count(const Scenario& scenario) {
  return scenario.phones.empty() ? 0 : scenario.phones.back().first + scenario.phones.back().count;
}

std::size_t group_of(const Scenario& scenario, std::uint32_t phone) {
  assert(phone < phone_count(scenario));
  // The groups' first numbers ascend.
  const auto behind = std::upper_bound(
      scenario.phones.begin(), scenario.phones.end(), phone,
      [](std::uint32_t number, const PhoneGroup& group) { return number < group.first; });
  return static_cast<std::size_t>(behind - scenario.phones.begin()) - 1;
}

std::size_t first_part(const Scenario& scenario, std::size_t group) {
  return group - scenario.phones[group].part;
}

std::size_t named_groups(const Scenario& scenario) {
  return static_cast<std::size_t>(std::count_if(scenario.phones.begin(), scenario.phones.end(),
                                                [](const auto& it) { return it.part == 0; }));
}

PhoneNumbers phones_of_group(const Scenario& scenario, std::size_t first_part) {
  const auto& groups = scenario.phones;
  PhoneNumbers numbers{groups[first_part].first, groups[first_part].count};
  for (auto i = first_part + 1; i < groups.size() && groups[i].part > 0; ++i)
    numbers.count += groups[i].count;
  return numbers;
}

MacAddress mac_of(const Scenario& scenario, std::uint32_t phone) {
  const auto& group = scenario.phones[group_of(scenario, phone)];
  if (group.leased) return (*group.leased)[phone - group.first].mac;
  if (group.listed) return group.listed->mac(position_in(group, phone));
  return {group.mac.bits + (phone - group.first)};
}

std::optional<std::uint32_t> phone_with(const Scenario& scenario, MacAddress mac) {
  for (const auto& group : scenario.phones) {
    if (group.leased) {
      const auto it = std::ranges::find(*group.leased, mac, &LeasedPhone::mac);
      if (it == group.leased->end()) continue;
      return group.first + static_cast<std::uint32_t>(it - group.leased->begin());
    }
    if (group.listed) {
      // Parts follow one another, and have one list.
      const auto position = group.part == 0 ? position_of(*group.listed, mac) : std::nullopt;
      if (position) return group.first + *position;
      continue;
    }
    if (mac >= group.mac && mac.bits - group.mac.bits < group.count)
      return group.first + static_cast<std::uint32_t>(mac.bits - group.mac.bits);
  }
  return std::nullopt;
}

TemplateValues values_of(const Scenario& scenario, std::uint32_t phone) {
  const auto& group = scenario.phones[group_of(scenario, phone)];
  const auto position = position_in(group, phone);
  TemplateValues values{position, mac_of(scenario, phone), group.name, group.variables};
  if (!group.listed) return values;
  const auto& listed = *group.listed;
  if (!listed.index.empty()) values.index = listed.index[position];
  values.inventory = listed.inventory.get();
  values.row = listed.rows[position];
  return values;
}

std::optional<std::uint32_t> source_address_of(const Scenario& scenario, std::uint32_t phone) {
  const auto& group = scenario.phones[group_of(scenario, phone)];
  const auto listed = listed_value(group, phone, KnownColumn::source);
  if (!listed.empty()) return parse_ipv4(listed);
  if (!group.source) return std::nullopt;
  return group.source->first + position_in(group, phone);
}

std::string source_of(const Scenario& scenario, std::uint32_t phone) {
  // The reader has seen to it that what a row says is an address.
  const auto& group = scenario.phones[group_of(scenario, phone)];
  const auto listed = listed_value(group, phone, KnownColumn::source);
  if (!listed.empty()) return std::string(listed);
  const auto address = source_address_of(scenario, phone);
  return address ? format_ipv4(*address) : std::string();
}

resync::Identity identity_of(const Scenario& scenario, std::uint32_t phone) {
  const auto& group = scenario.phones[group_of(scenario, phone)];
  resync::Identity identity;
  identity.model = group.model;
  identity.firmware = group.firmware;
  take(group.hardware, identity.hardware);
  if (group.leased) identity.ip = (*group.leased)[phone - group.first].ip;
  take(source_of(scenario, phone), identity.ip);
  identity.mac = mac_of(scenario, phone);
  identity.serial = listed_value(group, phone, KnownColumn::serial);
  if (identity.serial.empty()) identity.serial = expand(group.serial, values_of(scenario, phone));
  // R-CERT-05. What stands in files is not looked at here.
  identity.certificate_installed = !std::holds_alternative<NoCertificate>(group.certificate) &&
                                   !std::holds_alternative<GenericCertificate>(group.certificate);
  return identity;
}

std::optional<CertificateFiles> listed_certificate(const Scenario& scenario, std::uint32_t phone) {
  const auto& group = scenario.phones[group_of(scenario, phone)];
  const auto certificate = listed_value(group, phone, KnownColumn::certificate);
  if (certificate.empty()) return std::nullopt;
  return CertificateFiles{
      std::string(certificate), std::string(listed_value(group, phone, KnownColumn::key)), {}};
}

std::string path_of(const Scenario& scenario, const std::string& file) {
  return (std::filesystem::path(scenario.folder) / file).string();
}

Result<GroupSetup> group_setup(const Scenario& scenario, std::size_t group) {
  const auto& described = scenario.phones[group];
  profile::ParameterSet parameters(resync::factory_values_of(described.personality));
  // Before `set`, which is said of these very phones and wins.
  TRY(take_config(scenario, described, parameters));
  const auto values = values_of(scenario, described.first);
  for (const auto& [id, value] : described.set) {
    if (!value.differs_within_group()) parameters.set(id, expand(value, values));
  }
  return GroupSetup{parameters.as_base()};
}

std::vector<resync::DhcpOption> options_of(const std::vector<LeaseOption>& options,
                                           const TemplateValues& values) {
  std::vector<resync::DhcpOption> expanded;
  expanded.reserve(options.size());
  for (const auto& [number, value, version] : options)
    expanded.push_back({number, expand(value, values), version});
  return expanded;
}

resync::Device device_around(const Scenario& scenario, std::uint32_t phone,
                             profile::ParameterSet parameters) {
  const auto& described = scenario.phones[group_of(scenario, phone)];
  resync::Device device;
  device.identity = identity_of(scenario, phone);
  device.personality = described.personality;
  device.parameters = std::move(parameters);
  if (!described.services.redirect.empty() || !described.services.onboarding.empty())
    device.services = std::make_shared<const resync::Services>(described.services);
  const bool is_plain =
      described.dhcp.empty() && !described.profile_account && !described.activation_code;
  if (is_plain) return device;
  const auto values = values_of(scenario, phone);
  device.lease = options_of(described.dhcp, values);
  if (const auto& account = described.profile_account)
    device.profile_account = {expand(account->user, values), expand(account->password, values)};
  if (described.activation_code)
    device.activation_code = expand(*described.activation_code, values);
  return device;
}

resync::Device device_of(const Scenario& scenario, const GroupSetup& group, std::uint32_t phone) {
  const auto& described = scenario.phones[group_of(scenario, phone)];
  const auto values = values_of(scenario, phone);
  profile::ParameterSet parameters(group.values);
  for (const auto& [id, value] : described.set) {
    if (value.differs_within_group()) parameters.set(id, expand(value, values));
  }
  return device_around(scenario, phone, std::move(parameters));
}

}  // namespace provphone::client::scenario
