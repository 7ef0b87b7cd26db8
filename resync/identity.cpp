#include "resync/identity.hpp"

#include <fmt/format.h>

namespace provphone::resync {
namespace {

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A load name's release as the samples print it: 11.3.2 of sip88xx.11-3-2MPP0001-609. A text that
// is no load name, such as 11.0.1 or 7.5.5, stands for itself. How loads from 11.2 on are really
// printed is not known.
std::string release_of(std::string_view firmware) {
  const auto dot = firmware.find('.');
  if (dot == std::string_view::npos || is_digit(firmware.front())) return std::string(firmware);
  std::string release;
  auto rest = firmware.substr(dot + 1);
  for (int field = 0; field < 3 && !rest.empty() && is_digit(rest.front()); ++field) {
    if (field > 0) release += '.';
    while (!rest.empty() && is_digit(rest.front())) {
      release += rest.front();
      rest.remove_prefix(1);
    }
    const auto dash = rest.find_first_of("-.");
    rest = dash == std::string_view::npos ? std::string_view{} : rest.substr(dash + 1);
  }
  return release.empty() ? std::string(firmware) : release;
}

}  // namespace

std::string product_series_name(const Identity& identity, const Personality& personality) {
  const std::string_view model = identity.model;
  if (model.starts_with("CP-")) {
    switch (personality.psn_prefix) {
      case PsnPrefix::none:
        break;
      case PsnPrefix::cp:
        return identity.model;
      case PsnPrefix::v03:
        return "V03";
    }
    return std::string(without_prefix(model, "CP-"));
  }
  for (const std::string_view family : {"SPA-", "SPA"}) {
    if (model.starts_with(family)) return std::string(model.substr(family.size()));
  }
  if (model.starts_with("ATA")) return std::string(model.substr(3, model.find('-') - 3));
  return std::string(model);
}

std::string software_version(const Identity& identity, const Personality& personality) {
  constexpr std::string_view suffix = ".loads";
  // R-MACRO-25. A person may have written the name with its suffix.
  const bool lacks_it = !std::string_view(identity.firmware).ends_with(suffix);
  return personality.swver_suffix == SwverSuffix::loads && lacks_it
             ? identity.firmware + std::string(suffix)
             : identity.firmware;
}

std::string version_string(const Identity& identity, const Personality& personality) {
  switch (personality.user_agent) {
    case UserAgentShape::cisco_spa:
    case UserAgentShape::cisco_spa_serial:
    case UserAgentShape::cisco_ata:
      return fmt::format("Cisco/{}-{}", identity.model, identity.firmware);
    case UserAgentShape::linksys:
      return fmt::format("Linksys/SPA-{}-{}", product_series_name(identity, personality),
                         identity.firmware);
    case UserAgentShape::linksys_ata:
      return fmt::format("Linksys/{}-{}", identity.model, identity.firmware);
    case UserAgentShape::sipura:
      return fmt::format("Sipura/{}-{}", identity.model, identity.firmware);
    case UserAgentShape::mpp:
      break;
  }
  return fmt::format("Cisco-{}/{}", identity.model, release_of(identity.firmware));
}

std::string built_in_user_agent(const Identity& identity, const Personality& personality) {
  const auto version = version_string(identity, personality);
  switch (personality.user_agent) {
    case UserAgentShape::cisco_spa:
      return fmt::format("{} ({})({})", version, format_upper(identity.mac), identity.serial);
    case UserAgentShape::cisco_spa_serial:
    case UserAgentShape::linksys:
    case UserAgentShape::linksys_ata:
    case UserAgentShape::sipura:
      return fmt::format("{} ({})", version, identity.serial);
    case UserAgentShape::cisco_ata:
      return fmt::format("{} ({})", version, format_upper(identity.mac));
    case UserAgentShape::mpp:
      break;
  }
  return fmt::format("{} ({})", version, format_lower(identity.mac));
}

}  // namespace provphone::resync
