#include "resync/model.hpp"

#include <array>

// The table of families and models.
namespace provphone::resync {
namespace {

using profile::Generation;

// Places in the table below.
enum FamilyRow : std::size_t {
  sipura,
  linksys_phone,
  linksys_ata,
  cisco_spa,
  spa525g,
  spa100,
  ata19x,
  mpp,
  phone_os,
  family_rows,
};

constexpr std::array<Family, family_rows> family_table{{
    {"sipura", "SPA-841, 1001, 2000, 2002, 2100, 3000", Generation::spa, "3.1.5", "88012BA", 5,
     "user_agent=sipura names_of=all load_version=in_parentheses tls_highest=1.0 "
     "firmware_over_https=no",
     Status::observed, "SIP banners of 2005"},
    {"linksys-phone", "SPA901, 921, 922, 941, 942, 962", Generation::spa, "6.1.5(a)", "88019FA", 5,
     "user_agent=linksys load_version=in_parentheses tls_highest=1.0 firmware_over_https=no",
     Status::observed, "provisioning server logs"},
    {"linksys-ata", "PAP2T, SPA1001, 2102, 3102, 8000", Generation::spa, "5.2.13", "FM500", 7,
     "user_agent=linksys_ata names_of=ata load_version=in_parentheses tls_highest=1.0 "
     "firmware_over_https=no",
     Status::assumed, "SIP banners of gateways print no dash"},
    {"cisco-spa", "SPA301, 303, 501G, 502G, 504G, 508G, 509G, 512G, 514G", Generation::spa, "7.5.5",
     "CBT", 8, "user_agent=cisco_spa", Status::observed, "provisioning server logs"},
    {"spa525g", "SPA525G, 525G2", Generation::spa, "7.4.7", "CBT", 8, "user_agent=cisco_spa_serial",
     Status::observed, "provisioning server logs"},
    {"spa100", "SPA112, 122, 232D", Generation::spa, "1.4.1(SR5)", "CCQ", 8,
     "user_agent=cisco_ata names_of=ata", Status::observed, "provisioning server logs"},
    {"ata19x", "ATA191, 192", Generation::mpp12, "11-1-0MSR3-9", "FCH", 8,
     "user_agent=cisco_ata load_version=without_prefix profile_rule_default=ata "
     "resync_at_small_delay=zero_is_exact names_of=ata",
     Status::observed, "provisioning server logs; ATA 191/192 MPP Provisioning Guide"},
    {"mpp", "6800, 7800, 7832, 8800, 8832, 8831", Generation::mpp12, "11-3-2MPP0001-609", "FCH", 8,
     "", Status::documented, "MPP Administration Guides 11.3(1)+"},
    {"phone-os", "8875, 9811, 9821, 9841, 9851, 9861, 9871", Generation::mpp12, "3-1-1-0001", "FCH",
     8, "tls_highest=1.3 names_of=phoneos", Status::assumed, "no document of this family was read"},
}};

constexpr Model one(std::string_view name, FamilyRow family, std::string_view load_prefix,
                    int lines) {
  return {name, &family_table[family], load_prefix, lines};
}

constexpr std::array model_table{
    one("SPA-841", sipura, "", 2),
    one("SPA-1001", sipura, "", 1),
    one("SPA-2000", sipura, "", 2),
    one("SPA-2002", sipura, "", 2),
    one("SPA-2100", sipura, "", 2),
    one("SPA-3000", sipura, "", 2),
    one("SPA901", linksys_phone, "", 1),
    one("SPA921", linksys_phone, "", 1),
    one("SPA922", linksys_phone, "", 1),
    one("SPA941", linksys_phone, "", 4),
    one("SPA942", linksys_phone, "", 4),
    one("SPA962", linksys_phone, "", 6),
    one("PAP2T", linksys_ata, "", 2),
    one("SPA1001", linksys_ata, "", 1),
    one("SPA2102", linksys_ata, "", 2),
    one("SPA3102", linksys_ata, "", 2),
    one("SPA8000", linksys_ata, "", 8),
    one("SPA301", cisco_spa, "", 1),
    one("SPA303", cisco_spa, "", 3),
    one("SPA501G", cisco_spa, "", 8),
    one("SPA502G", cisco_spa, "", 1),
    one("SPA504G", cisco_spa, "", 4),
    one("SPA508G", cisco_spa, "", 8),
    one("SPA509G", cisco_spa, "", 12),
    one("SPA512G", cisco_spa, "", 1),
    one("SPA514G", cisco_spa, "", 4),
    one("SPA525G", spa525g, "", 5),
    one("SPA525G2", spa525g, "", 5),
    one("SPA112", spa100, "", 2),
    one("SPA122", spa100, "", 2),
    one("SPA232D", spa100, "", 5),
    one("ATA191", ata19x, "", 2),
    one("ATA192", ata19x, "", 2),
    one("CP-6821-3PCC", mpp, "sip68xx", 2),
    one("CP-6841-3PCC", mpp, "sip68xx", 4),
    one("CP-6851-3PCC", mpp, "sip68xx", 4),
    one("CP-6861-3PCC", mpp, "sip6861", 4),
    one("CP-6871-3PCC", mpp, "sip68xx", 6),
    one("CP-7811-3PCC", mpp, "sip78xx", 1),
    one("CP-7821-3PCC", mpp, "sip78xx", 2),
    one("CP-7841-3PCC", mpp, "sip78xx", 4),
    one("CP-7861-3PCC", mpp, "sip78xx", 16),
    one("CP-7832-3PCC", mpp, "sip7832", 1),
    one("CP-8811-3PCC", mpp, "sip88xx", 10),
    one("CP-8841-3PCC", mpp, "sip88xx", 10),
    one("CP-8851-3PCC", mpp, "sip88xx", 10),
    one("CP-8861-3PCC", mpp, "sip88xx", 10),
    one("CP-8845-3PCC", mpp, "sip8845_65", 10),
    one("CP-8865-3PCC", mpp, "sip8845_65", 10),
    one("CP-8831-3PCC", mpp, "sip8831", 1),
    one("CP-8832-3PCC", mpp, "sip8832", 1),
    one("CP-8875-3PCC", phone_os, "PHONEOS", 10),
    one("DP-9811-3PCC", phone_os, "PHONEOS", 1),
    one("DP-9821-3PCC", phone_os, "PHONEOS", 2),
    one("DP-9841-3PCC", phone_os, "PHONEOS", 4),
    one("DP-9851-3PCC", phone_os, "PHONEOS", 8),
    one("DP-9861-3PCC", phone_os, "PHONEOS", 10),
    one("DP-9871-3PCC", phone_os, "PHONEOS", 10),
};

}  // namespace

std::span<const Family> families() {
  return family_table;
}

std::span<const Model> models() {
  return model_table;
}

}  // namespace provphone::resync
