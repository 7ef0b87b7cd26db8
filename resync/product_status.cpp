#include "resync/product_status.hpp"

#include "profile/snapshot.hpp"

namespace provphone::resync {

std::vector<StatusLine> product_status(const Device& device) {
  const auto& identity = device.identity;
  return {{"Product Name", identity.model},
          {"Serial Number", identity.serial},
          {"Software Version", software_version(identity, device.personality)},
          {"Hardware Version", identity.hardware},
          {"MAC Address", format_upper(identity.mac)},
          {"Client Certificate", identity.certificate_installed ? "Installed" : "Not Installed"},
          {"Current IP", identity.ip}};
}

std::string format_status(const std::vector<StatusLine>& lines) {
  std::vector<profile::StatusItem> items;
  items.reserve(lines.size());
  for (const auto& line : lines) items.push_back({line.label, line.value});
  return profile::format_status(items);
}

}  // namespace provphone::resync
