#include "client/face/sections.hpp"

#include <algorithm>
#include <array>

namespace provphone::client::face {
namespace {

struct TabSection {
  std::string_view tab;  // as profile/roles.tsv has it
  std::string_view heading;
  std::string_view names;  // with blanks between
};

// As the guides describe the pages; what only older families have stands with what took its place.
constexpr std::array<TabSection, 21> tab_sections{{
    {"Provisioning", "Configuration Profile",
     "Provision_Enable Resync_On_Reset Resync_Random_Delay Resync_At__HHmm_ "
     "Resync_At_Random_Delay Resync_Periodic Resync_Error_Retry_Delay "
     "Forced_Resync_Delay Resync_From_SIP Resync_After_Upgrade_Attempt "
     "Resync_Trigger_1 Resync_Trigger_2 User_Configurable_Resync "
     "Resync_Fails_On_FNF Profile_Authentication_Type Profile_Account_Enable "
     "Profile_Rule Profile_Rule_B Profile_Rule_C Profile_Rule_D "
     "DHCP_Option_To_Use DHCPv6_Option_To_Use Log_Request_Msg Log_Success_Msg "
     "Log_Failure_Msg Log_Resync_Request_Msg Log_Resync_Success_Msg "
     "Log_Resync_Failure_Msg IKM_HTTP_Encrypt_Content HTTPS_Name_Validate "
     "Profile_Name Profile_Region"},
    {"Provisioning", "Upload Configuration Options",
     "Report_Rule HTTP_Report_Method Report_To_Server Periodic_Upload_To_Server "
     "Upload_Delay_On_Local_Change"},
    {"Provisioning", "Firmware Upgrade",
     "Upgrade_Enable Upgrade_Error_Retry_Delay Upgrade_Rule Downgrade_Rev_Limit "
     "Log_Upgrade_Request_Msg Log_Upgrade_Success_Msg Log_Upgrade_Failure_Msg "
     "Peer_Firmware_Sharing Peer_Firmware_Sharing_Log_Server Trans_Auth_Rule "
     "Trans_Auth_Type Transition_Authorization_Error_Retry_Delay License_Keys"},
    {"Provisioning", "CA Settings", "Custom_CA_Rule Custom_CA_URL"},
    {"Provisioning", "HTTP Settings", "HTTP_User_Agent_Name"},
    {"Provisioning", "MIC Cert Settings", "MIC_Cert_Refresh_Enable MIC_Cert_Refresh_Rule"},
    {"Provisioning", "Problem Report Tool",
     "PRT_Upload_Rule PRT_Upload_Method PRT_Max_Timer PRT_Name PRT_HTTP_Header "
     "PRT_HTTP_Header_Value PRT_Upload_at_Crash"},
    {"Provisioning", "General Purpose Parameters",
     "GPP_A GPP_B GPP_C GPP_D GPP_E GPP_F GPP_G GPP_H GPP_I GPP_J GPP_K GPP_L "
     "GPP_M GPP_N GPP_O GPP_P GPP_SA GPP_SB GPP_SC GPP_SD"},
    {"System", "System Configuration",
     "Restricted_Access_Domains Enable_Web_Server Enable_Protocol "
     "Web_Server_Port Enable_Web_Admin_Access Enable_Direct_Action_Url "
     "Session_Max_Timeout Session_Idle_Timeout Admin_Password Admin_Passwd "
     "User_Password User_Web_Password Display_Password_Warnings "
     "Phone-UI-readonly Phone-UI-User-Mode Phone-UI-user-mode IVR_Admin_Passwd "
     "Protect_IVR_FactoryReset SPA525-readonly WiFi_User_Access_Mode "
     "Block_Nonproxy_SIP Max_Session Signaling_Protocol SPCP_Auto-detect "
     "SPA525-protocol SPA525-auto-detect-sccp"},
    {"System", "Network Settings", "IP_Mode Disable_DF"},
    {"System", "IPv4 Settings",
     "Connection_Type Static_IP NetMask Gateway Primary_DNS Secondary_DNS"},
    {"System", "Static IP Settings", "Lan_MTU Duplex_Mode"},
    {"System", "PPPoE Settings", "PPPoE_Login_Name PPPoE_Login_Password PPPoE_Service_Name"},
    {"System", "IPv6 Settings",
     "IPv6_Primary_DNS IPv6_Secondary_DNS IPv6_Connection_Type IPv6_Static_IP "
     "Prefix_Length IPv6_Gateway Broadcast_Echo Auto_Config"},
    {"System", "802.1X Authentication", "Enable_802.1X_Authentication"},
    {"System", "Optional Network Configuration",
     "Syslog_Server Syslog_Identifier DNS_Caching_Enable Debug_Server "
     "Debug_Level Primary_NTP_Server Secondary_NTP_Server Network_Startup_Delay "
     "DNS_Server_Order DNS_Query_Mode Host_Name Domain Enable_Bonjour "
     "Switch_Port_Config PC_Port_Config PC_PORT_Enable Enable_PC_Port_Mirror "
     "Use_Config_TOS Layer_2_Logging HostName Debug_Mode_Visible Enable_SSLv3 "
     "NTP_Enable"},
    {"System", "VLAN Settings",
     "Enable_VLAN VLAN_ID Enable_PC_Port_VLAN_Tagging PC_Port_VLAN_ID "
     "PC_Port_VLAN_Highest_Priority DHCP_VLAN_Option Enable_Video_VLAN "
     "Video_VLAN_ID Enable_CDP Enable_LLDP-MED"},
    {"System", "Wi-Fi Settings", "SPA525-wifi-on"},
    {"System", "VPN Settings",
     "VPN_Server VPN_User_Name VPN_Password VPN_Tunnel_Group Connect_on_Bootup"},
    {"System", "HTTP Proxy Settings",
     "Proxy_Mode Use_Auto_Discovery__WPAD_ PAC_URL Proxy_Host Proxy_Port "
     "Proxy_Server_Requires_Authentication Proxy_Username Proxy_Password"},
    {"System", "Security Settings",
     "TLS_Cipher_List TLS_Min_Version TLS_Client_Min_Version "
     "TLS_Server_Min_Version FIPS_Mode Firewall Firewall_Config"},
}};

// The first name of `names`, which is taken from it.
std::string_view take_name(std::string_view& names) {
  const auto end = std::min(names.find(' '), names.size());
  const auto first = names.substr(0, end);
  names.remove_prefix(std::min(end + 1, names.size()));
  return first;
}

}  // namespace

std::vector<FieldSection> sections_of(std::string_view tab,
                                      const std::vector<profile::ParameterId>& parameters) {
  std::vector<FieldSection> found;
  auto left = parameters;
  for (auto section : tab_sections) {
    if (section.tab != tab) continue;
    FieldSection here{section.heading, {}};
    while (!section.names.empty()) {
      const auto id = profile::find_parameter(take_name(section.names));
      const auto at = id ? std::find(left.begin(), left.end(), *id) : left.end();
      if (at == left.end()) continue;
      here.parameters.push_back(*at);
      left.erase(at);
    }
    if (!here.parameters.empty()) found.push_back(std::move(here));
  }
  if (!left.empty()) found.push_back({"Other", std::move(left)});
  return found;
}

}  // namespace provphone::client::face
