#pragma once

#include "macro/mac_address.hpp"
#include "resync/personality.hpp"

#include <string>

// Who a phone is, and the texts that follow from it: `$PSN`, `$SWVER` and the User-Agent
// (R-MACRO-22, R-MACRO-25, R-HTTP-20).
namespace provphone::resync {

// What tells one phone from another. The defaults describe the phone that every example in the
// documentation uses.
struct Identity {
  std::string model = "CP-8841-3PCC";  // `$PN`
  MacAddress mac{0x000e08012345};
  std::string serial = "88012BA01234";
  // The load's name as it runs, the one part that an upgrade changes.
  std::string firmware = "sip88xx.11-3-2MPP0001-609";
  std::string hardware = "2.0.1";
  std::string ip = "192.168.1.100";
  // `$EXTIP`; empty where nobody told the phone.
  std::string external_ip;
  // `$CCERT`: whether it has one of its own, which the generic certificate is not (R-CERT-05).
  bool certificate_installed = false;
};

// `$PSN`: 8841-3PCC of CP-8841-3PCC, 504G of SPA504G, 191 of ATA191-MPP (R-MACRO-22).
std::string product_series_name(const Identity& identity, const Personality& personality);

// `$SWVER`: the load's name, with the suffix that the personality gives it. Never a second suffix.
std::string software_version(const Identity& identity, const Personality& personality);

// `$VERSION`: the product and firmware part of the built-in User-Agent (R-HTTP-20).
std::string version_string(const Identity& identity, const Personality& personality);

// The User-Agent of a phone whose HTTP_User_Agent_Name is empty.
std::string built_in_user_agent(const Identity& identity, const Personality& personality);

}  // namespace provphone::resync
