#include "resync/restart.hpp"

#include "profile/parameter_id.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using profile::parameter_ids;
using profile::ParameterId;

// What a phone cannot change under way: its address, its VLAN, its web server and its ACS. No
// document has this list: it is the reading of R-RESYNC-45. Sorted by place in the catalogue, for
// binary_search.
constexpr auto listed = [] {
  auto ids = parameter_ids({"Connection_Type",
                            "IP_Mode",
                            "Static_IP",
                            "NetMask",
                            "Gateway",
                            "Primary_DNS",
                            "Secondary_DNS",
                            "IPv6_Primary_DNS",
                            "IPv6_Secondary_DNS",
                            "DNS_Server_Order",
                            "DNS_Query_Mode",
                            "Host_Name",
                            "Domain",
                            "Enable_VLAN",
                            "VLAN_ID",
                            "Enable_PC_Port_VLAN_Tagging",
                            "PC_Port_VLAN_ID",
                            "PC_Port_VLAN_Highest_Priority",
                            "DHCP_VLAN_Option",
                            "Enable_Video_VLAN",
                            "Video_VLAN_ID",
                            "Enable_CDP",
                            "Enable_LLDP-MED",
                            "Enable_802.1X_Authentication",
                            "Enable_Web_Server",
                            "Enable_Protocol",
                            "Web_Server_Port",
                            "Enable_Web_Admin_Access",
                            "Enable_TR-069",
                            "ACS_URL",
                            "ACS_Username",
                            "ACS_Password"});
  std::sort(ids.begin(), ids.end());
  return ids;
}();

}  // namespace

void for_each_restarting(const Personality& personality,
                         const std::function<void(ParameterId)>& take) {
  switch (personality.restart_on_change) {
    case RestartOnChange::never:
      return;
    case RestartOnChange::any:
      for (std::size_t place = 0; place < profile::parameter_count(); ++place)
        take(ParameterId{static_cast<std::uint16_t>(place)});
      return;
    case RestartOnChange::listed:
      std::for_each(listed.begin(), listed.end(), take);
  }
}

bool needs_restart(std::span<const ParameterId> changed, const Personality& personality) {
  switch (personality.restart_on_change) {
    case RestartOnChange::never:
      return false;
    case RestartOnChange::any:
      return !changed.empty();
    case RestartOnChange::listed:
      break;
  }
  return std::any_of(changed.begin(), changed.end(), [](ParameterId id) {
    return std::binary_search(listed.begin(), listed.end(), id);
  });
}

}  // namespace provphone::resync
