#include "client/face/status.hpp"

#include "resync/machine.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <utility>

namespace provphone::client::face {
namespace {

resync::PhoneClock clock_of(const Seen& seen) {
  const auto& device = seen.device;
  return resync::clock_of(seen.machine, *device.settings, device.personality, seen.wall,
                          resync::lease_time_of(device.lease));
}

// By the phone's clock; empty where it has none.
std::string time_of(resync::Time at, const Seen& seen) {
  if (!seen.machine.clock_is_known) return {};
  return fmt::format("{:%m/%d/%Y %H:%M:%S}",
                     std::chrono::sys_seconds(clock_of(seen).local(at).time_since_epoch()));
}

std::string text_of(const Attempt& attempt, const Seen& seen) {
  const auto* const outcome = attempt.succeeded ? "Succeeded" : "Failed";
  const auto time = time_of(attempt.at, seen);
  return time.empty() ? outcome : fmt::format("{} on {}", outcome, time);
}

void add_attempts(std::vector<Row>& rows, std::string_view label,
                  const std::deque<Attempt>& attempts, const Seen& seen) {
  for (std::size_t i = 0; i < Memory::most_attempts; ++i) {
    rows.push_back({fmt::format("{} {}", label, i + 1),
                    i < attempts.size() ? text_of(attempts[i], seen) : std::string()});
  }
}

std::vector<Row> provisioning_of(const Seen& seen) {
  const auto& passes = seen.memory.passes;
  std::vector<Row> rows;
  rows.push_back({"Provisioning Profile", passes.empty() ? "" : passes.front().what});
  add_attempts(rows, "Provisioning Status", passes, seen);
  rows.push_back({"Provisioning Failure Reason", passes.empty() ? "" : passes.front().why});
  rows.push_back({"Customization", std::string(name(customization_of(seen.device)))});
  // A phone has a screen for it (R-BOOT-01).
  if (seen.machine.awaits_code) rows.push_back({"Onboarding", "Asks for an activation code"});
  return rows;
}

// R-TLS-21
std::vector<Row> custom_ca_of(const Seen& seen) {
  return {{"Custom CA Provisioning Status", custom_ca_status(seen.device, seen.machine, seen.wall)},
          {"Custom CA Info", custom_ca_info(seen.device.custom_ca)}};
}

// R-CERT-09
std::vector<Row> renewal_of(const Seen& seen) {
  const auto& renewal = seen.device.renewal;
  return {
      {"MIC Cert Refresh Status", certificate_renewal_status(seen.device, seen.machine, seen.wall)},
      {"MIC Cert Serial Number", renewal.certificate ? renewal.certificate->serial_number : ""}};
}

std::vector<Row> upgrades_of(const Seen& seen) {
  const auto& upgrades = seen.memory.upgrades;
  std::vector<Row> rows;
  add_attempts(rows, "Firmware Upgrade Status", upgrades, seen);
  rows.push_back({"Firmware Upgrade Failure Reason", upgrades.empty() ? "" : upgrades.front().why});
  return rows;
}

// Cisco's words for why a phone came up.
std::string_view word_of(resync::Reason reason) {
  using resync::Reason;
  switch (reason) {
    case Reason::restart_for_upgrade:
    case Reason::second_restart:
      return "Upgrade";
    case Reason::restart_for_parameters:
    case Reason::restart_for_local_change:
    case Reason::restart_for_submit:
    case Reason::restart_for_certificate:
      return "Provisioning";
    case Reason::restart_requested:
      return "User Triggered";
    case Reason::factory_reset:
      return "Factory Reset";
    case Reason::ip_changed:
      return "IP Changed";
    default:
      return "Power On";
  }
}

std::vector<Row> reboots_of(const Seen& seen) {
  const auto& reboots = seen.memory.reboots;
  std::vector<Row> rows;
  for (std::size_t i = 0; i < Memory::most_reboots; ++i) {
    std::string text;
    if (i < reboots.size()) {
      const auto time = time_of(reboots[i].at, seen);
      text = word_of(reboots[i].reason);
      if (!time.empty()) text += " [" + time + ']';
    }
    rows.push_back({fmt::format("Reboot Reason {}", i + 1), std::move(text)});
  }
  return rows;
}

}  // namespace

std::vector<Section> downloads_of(const Seen& seen) {
  std::vector<Section> sections{{"Provisioning Status", provisioning_of(seen)},
                                {"Firmware Upgrade Status", upgrades_of(seen)},
                                {"Custom CA Status", custom_ca_of(seen)}};
  // R-CERT-06: legacy phones renew nothing.
  if (seen.device.personality.generation != profile::Generation::spa)
    sections.push_back({"MIC Cert Refresh Status", renewal_of(seen)});
  return sections;
}

std::vector<Section> status_of(const Seen& seen) {
  std::vector<Section> sections{{"Product Information", product_status(seen.device)}};
  for (auto& section : downloads_of(seen)) sections.push_back(std::move(section));
  sections.push_back({"Reboot History", reboots_of(seen)});
  return sections;
}

std::string status_xml(const Seen& seen) {
  std::vector<Row> rows;
  for (auto& section : status_of(seen))
    rows.insert(rows.end(), section.rows.begin(), section.rows.end());
  return resync::format_status(rows);
}

}  // namespace provphone::client::face
