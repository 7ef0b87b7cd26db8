#include "client/evidence/phone_pages.hpp"

#include "macro/try.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "resync/model.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence {
namespace {

// So many names stand in a comment; the rest is a number.
constexpr std::size_t most_names = 8;

Result<DevicePage> device_of(const PhonePages& pages) {
  TRY(auto device, read_device_page(pages.config, "cfg.xml"));
  if (pages.status.empty()) return device;
  TRY(const auto state, read_device_page(pages.status, "status.xml"));
  if (!device.mac) device.mac = state.mac;
  if (device.model.empty()) device.model = state.model;
  if (device.serial.empty()) device.serial = state.serial;
  if (device.firmware.empty()) device.firmware = state.firmware;
  return device;
}

// Such elements say who the phone is and what it has done, and are set by nobody.
bool is_of_state(const profile::Ignored& ignored) {
  constexpr std::array names{"Product_Name",  "Serial_Number",    "Software_Version",
                             "MAC_Address",   "Hardware_Version", "Client_Certificate",
                             "Customization", "Host_Name"};
  return std::find(names.begin(), names.end(), ignored.name) != names.end();
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most_names) text += fmt::format(" and {} more", names.size() - most_names);
  return text;
}

}  // namespace

Result<PhoneDifferences> differences_of(const PhonePages& pages) {
  PhoneDifferences phone;
  TRY(phone.device, device_of(pages));
  const auto kind = resync::kind_of({phone.device.model, {}, std::nullopt});
  if (!phone.device.model.empty() && resync::find_model(phone.device.model) == nullptr)
    phone.about_model =
        fmt::format("{} is no model that provphone knows: it behaves as a phone of {}",
                    phone.device.model, name(kind.personality.generation));
  TRY(const auto decoded,
      profile::decode(pages.config, resync::decode_options_of(kind.personality)));
  const auto factory = resync::factory_values_of(kind.personality);
  for (const auto& change : decoded.changes) {
    const auto& parameter = profile::parameter(change.id);
    const bool acts = parameter.role == profile::Role::acts;
    ++(acts ? phone.acting : phone.stored);
    const bool is_other = change.value && *change.value != (*factory)[change.id];
    if (!acts && is_other && !parameter.why.empty())
      phone.idle.push_back(fmt::format("{} ({})", parameter.name, parameter.why));
  }
  for (const auto& ignored : decoded.ignored)
    if (!is_of_state(ignored)) phone.unknown.push_back(ignored.name);
  return phone;
}

std::string scenario_of(const PhoneDifferences& phone, std::string_view url,
                        std::string_view config) {
  const auto& device = phone.device;
  auto text = fmt::format(
      "# The phone at {}, by its own pages. Secrets are not in them: what it needs of passwords "
      "and\n"
      "# keys has to be added below, under `set`.\n"
      "# {} of its parameters act here, {} are stored.\n",
      url, phone.acting, phone.stored);
  if (!phone.about_model.empty()) text += "# " + phone.about_model + ".\n";
  if (!phone.idle.empty())
    text += fmt::format("# Set there, and nothing acts on it here: {}.\n", listed(phone.idle));
  if (!phone.unknown.empty()) text += fmt::format("# Not known here: {}.\n", listed(phone.unknown));
  text += "phones:\n  - group: phone\n";
  if (device.mac) text += fmt::format("    mac: {}\n", format_lower(*device.mac));
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) text += fmt::format("    {}: \"{}\"\n", key, value);
  };
  add("model", device.model);
  add("serial", device.serial);
  add("firmware", device.firmware);
  add("config", config);
  return text + "events:\n  - {at: 0s, power_on: all}\n";
}

}  // namespace provphone::client::evidence
