#include "acting_life.hpp"
#include "profile/catalogue.hpp"
#include "profile/value.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace acting_test {

using namespace provphone;
using profile::Generation;
using profile::ParameterId;
using profile::Role;
using test::Life;

namespace {

constexpr auto* load_url = "http://127.0.0.1/sip88xx.12-0-2MPP0001-116.loads";

// A phone with enough to do that whatever acts can show.
Life busy(Life life = {}) {
  const Life::Values given = life.parameters;
  life.parameters = {{"Profile_Rule", "http://127.0.0.1/$MA.xml"},
                     {"Syslog_Server", "127.0.0.9"},
                     {"Upgrade_Rule", load_url},
                     {"Report_Rule", "http://127.0.0.1/report.xml"}};
  life.parameters.insert(life.parameters.end(), given.begin(), given.end());
  return life;
}

// What changes when one parameter has another value: at power-on, or by the file of the first pass.
struct Probe {
  std::string name, value;
  Life life = {};
  enum class By : std::uint8_t { hand, file } by = By::hand;
};

Life with_parameters(Life::Values values) {
  Life life;
  life.parameters = std::move(values);
  return life;
}

// To enterprise firmware.
Life migrating(Life::Values values) {
  values.emplace_back("Upgrade_Rule", "http://127.0.0.1/sip88xx.14-1-1MN-366.loads");
  return with_parameters(std::move(values));
}

Life answered(int status) {
  Life life;
  life.answer = status;
  return life;
}

Life of_spa(Life life = {}) {
  life.personality = "spa";
  return life;
}

Life asking_dhcp() {
  auto life = with_parameters({{"Profile_Rule", "/$PSN.xml"}});
  life.lease = {{"66", "127.0.0.1"}, {"159", "127.0.0.2"}};
  return life;
}

Life asking_dhcpv6() {
  auto life = with_parameters({{"Profile_Rule", "/$PSN.xml"}, {"IP_Mode", "IPv6 Only"}});
  life.lease = {{"v6-159", "http://five"}, {"v6-160", "http://six"}};
  return life;
}

Life challenged(Life::Values values, int status = 401) {
  auto life = answered(status);
  life.parameters = std::move(values);
  return life;
}

Life through_proxy(Life::Values values = {}) {
  values.insert(values.end(), {{"Proxy_Mode", "Manual"},
                               {"Proxy_Host", "127.0.0.3"},
                               {"Proxy_Server_Requires_Authentication", "Yes"},
                               {"Proxy_Username", "dora"}});
  return challenged(std::move(values), 407);
}

Life with_xsi_login(Life::Values values) {
  values.insert(values.end(), {{"Profile_Authentication_Type", "XSI Authentication"},
                               {"Login_User_ID", "cara"},
                               {"Login_Password", "plums"}});
  return challenged(std::move(values));
}

Life with_sip_login(Life::Values values) {
  values.insert(values.end(), {{"XSI_Authentication_Type", "SIP Credentials"},
                               {"User_ID_1_", "bob"},
                               {"Password_1_", "pears"}});
  return with_xsi_login(std::move(values));
}

Life with_name_servers() {
  auto life = with_parameters({{"Primary_DNS", "127.0.0.53"}, {"Secondary_DNS", "127.0.0.54"}});
  life.lease = {{"6", "127.0.0.55"}};
  return life;
}

// Of a zone's summer and winter, which take turns in the hours that a life lasts.
constexpr auto* saving_time = "start=1/1/0;end=12/1/0;save=1";

Life daily(Life::Values values = {}) {
  values.emplace_back("Resync_At__HHmm_", "2300");
  return with_parameters(std::move(values));
}

Life with_leased_offset() {
  auto life = daily();
  life.lease = {{"2", "-7200"}};
  return life;
}

Life asking_for_the_time() {
  auto life = daily();
  life.knobs = {"time_source=ntp_server"};
  return life;
}

Life over_https() {
  return with_parameters({{"Profile_Rule", "https://my.server.com/a.xml"}});
}

Life with_xml_login() {
  return with_parameters({{"CISCO_XML_EXE_Auth_Mode", "Remote Credential"}, {"XML_Password", "p"}});
}

// Its first line does.
Life registering(Life::Values values = {}) {
  values.insert(values.end(), {{"Proxy_1_", "pbx.example.net"}, {"User_ID_1_", "100"}});
  return with_parameters(std::move(values));
}

std::vector<Probe> probes() {
  std::vector<Probe> all{
      {"Provision_Enable", "No"},
      {"Resync_On_Reset", "No"},
      {"Resync_Random_Delay", "3"},
      {"Resync_At__HHmm_", "1200"},
      {"Resync_At_Random_Delay", "7200", with_parameters({{"Resync_At__HHmm_", "1200"}})},
      {"Resync_Periodic", "1800"},
      {"Resync_Error_Retry_Delay", "77", answered(503)},
      {"Forced_Resync_Delay", "60"},
      {"Resync_From_SIP", "No"},
      {"Enable_Direct_Action_Url", "No"},
      {"Admin_Password", "s3cret"},
      {"Admin_Passwd", "s3cret"},
      {"User_Password", "s3cret"},
      {"CISCO_XML_EXE_Enable", "Yes"},
      {"CISCO_XML_EXE_Auth_Mode", "Trusted", with_parameters({{"User_Password", "u"}})},
      {"XML_User_Name", "app", with_xml_login()},
      {"XML_Password", "other", with_xml_login()},
      {"Auth_Resync-Reboot_1_", "No", with_parameters({{"User_ID_1_", "100"}})},
      {"Line_Enable_1_", "No", with_parameters({{"User_ID_1_", "100"}})},
      {"Block_Nonproxy_SIP", "Yes"},
      {"Proxy_1_", "pbx", registering()},
      {"Outbound_Proxy_1_", "edge", registering({{"Use_Outbound_Proxy_1_", "Yes"}})},
      {"Use_Outbound_Proxy_1_", "Yes", registering({{"Outbound_Proxy_1_", "edge"}})},
      {"Register_1_", "No", registering()},
      {"SIP_Transport_1_", "TCP", registering()},
      {"Display_Name_1_", "Anna", registering()},
      {"Register_Expires_1_", "60", registering()},
      {"SIP_User_Agent_Name", "desk", registering()},
      {"SIP_Reg_User_Agent_Name", "desk", registering()},
      {"SIP_T1", "1", registering()},
      {"SIP_T2", "8", registering()},
      {"SIP_Timer_F", "32", registering()},
      {"Reg_Min_Expires", "60", registering()},
      {"Reg_Max_Expires", "600", registering()},
      {"Reg_Retry_Intvl", "60", registering()},
      {"Reg_Retry_Long_Intvl", "60", registering()},
      {"Reg_Retry_Random_Delay", "60", registering()},
      {"Reg_Retry_Long_Random_Delay", "60", registering()},
      {"Reg_Retry_Intvl_Cap", "60", registering()},
      {"Retry_Reg_RSC", "403", registering()},
      {"User_Configurable_Resync", "No"},
      {"Resync_After_Upgrade_Attempt", "No"},
      {"Resync_Trigger_1", "$PRVTMR ge 7200"},
      {"Resync_Trigger_2", "$PRVTMR ge 7200"},
      {"Resync_Fails_On_FNF", "No", answered(404)},
      {"Profile_Rule", "http://127.0.0.1/other.xml"},
      {"Profile_Rule_B", "http://127.0.0.1/b.xml"},
      {"Profile_Rule_C", "http://127.0.0.1/c.xml"},
      {"Profile_Rule_D", "http://127.0.0.1/d.xml"},
      {"DHCP_Option_To_Use", "159", asking_dhcp()},
      {"DHCPv6_Option_To_Use", "159", asking_dhcpv6()},
      {"Log_Request_Msg", "asks"},
      {"Log_Success_Msg", "got it"},
      {"Log_Failure_Msg", "did not", answered(503)},
      {"Log_Resync_Request_Msg", "asks", of_spa()},
      {"Log_Resync_Success_Msg", "got it", of_spa()},
      {"Log_Resync_Failure_Msg", "did not", of_spa(answered(503))},
      {"Log_Upgrade_Request_Msg", "loads"},
      {"Log_Upgrade_Success_Msg", "loaded"},
      {"Log_Upgrade_Failure_Msg", "no load",
       with_parameters({{"Upgrade_Rule", "(this is no condition)? http://127.0.0.1/a.loads"}})},
      {"Report_Rule", "http://127.0.0.1/elsewhere.xml"},
      {"HTTP_Report_Method", "PUT"},
      {"Report_To_Server", "On Local Change"},
      {"Periodic_Upload_To_Server", "900", with_parameters({{"Report_To_Server", "Periodically"}})},
      {"Upload_Delay_On_Local_Change", "300",
       with_parameters({{"Report_To_Server", "On Local Change"}})},
      {"Upgrade_Enable", "No"},
      {"Upgrade_Error_Retry_Delay", "99",
       with_parameters({{"Upgrade_Rule", "(this is no condition)? http://127.0.0.1/a.loads"}})},
      {"Upgrade_Rule", "http://127.0.0.1/sip88xx.12-0-3MPP0001-1.loads"},
      {"Trans_Auth_Rule", "http://127.0.0.1/a.lic", migrating({})},
      {"Trans_Auth_Type", "WxC", migrating({{"Trans_Auth_Rule", "http://127.0.0.1/a.lic"}})},
      {"Transition_Authorization_Error_Retry_Delay", "99", migrating({})},
      {"Downgrade_Rev_Limit", "sip88xx.13-0-0MPP0001-1"},
      {"HTTP_User_Agent_Name", "a teapot"},
      {"IKM_HTTP_Encrypt_Content", "0123456789abcdef"},
      {"Profile_Authentication_Type", "Disabled", answered(401)},
      {"XSI_Authentication_Type", "SIP Credentials",
       with_xsi_login({{"User_ID_1_", "bob"}, {"Password_1_", "pears"}})},
      {"Login_User_ID", "ella", with_xsi_login({})},
      {"Login_Password", "figs", with_xsi_login({})},
      {"Password_1_", "figs", with_sip_login({})},
      {"Auth_ID_1_", "ella", with_sip_login({{"Use_Auth_ID_1_", "Yes"}})},
      {"Use_Auth_ID_1_", "Yes", with_sip_login({{"Auth_ID_1_", "ella"}})},
      {"Proxy_Mode", "Off", through_proxy()},
      {"Proxy_Host", "127.0.0.4", through_proxy()},
      {"Proxy_Port", "8080", through_proxy()},
      {"Proxy_Server_Requires_Authentication", "No", through_proxy()},
      {"Proxy_Username", "ella", through_proxy()},
      {"Proxy_Password", "figs", through_proxy()},
      {"PAC_URL", "http://127.0.0.1/a.pac",
       with_parameters({{"Proxy_Mode", "Auto"}, {"Use_Auto_Discovery__WPAD_", "No"}})},
      {"Use_Auto_Discovery__WPAD_", "No",
       with_parameters({{"Proxy_Mode", "Auto"}, {"PAC_URL", "http://127.0.0.1/a.pac"}})},
      {"Restricted_Access_Domains", "example.net"},
      {"Syslog_Server", "127.0.0.8"},
      {"Syslog_Identifier", "$MA"},
      {"DNS_Caching_Enable", "No"},
      {"IP_Mode", "IPv6 Only"},
      {"Primary_DNS", "127.0.0.53"},
      {"Secondary_DNS", "127.0.0.54"},
      {"IPv6_Primary_DNS", "::1"},
      {"IPv6_Secondary_DNS", "::2"},
      {"DNS_Server_Order", "DHCP,Manual", with_name_servers()},
      {"DNS_Query_Mode", "Sequential", with_name_servers()},
      {"Time_Zone", "GMT-08:00", daily()},
      {"Time_Offset__HH_mm_", "00/30", daily({{"Time_Zone", "GMT-08:00"}})},
      {"Daylight_Saving_Time_Rule", saving_time, daily({{"Time_Zone", "GMT-08:00"}})},
      {"Daylight_Saving_Time_Enable", "No",
       daily({{"Time_Zone", "GMT-08:00"}, {"Daylight_Saving_Time_Rule", saving_time}})},
      {"Ignore_DHCP_Time_Offset", "No", with_leased_offset()},
      {"Primary_NTP_Server", "127.0.0.7", asking_for_the_time()},
      {"Secondary_NTP_Server", "127.0.0.7", asking_for_the_time()},
      {"Network_Startup_Delay", "9", of_spa()},
      {"Debug_Server", "127.0.0.7"},
      {"Debug_Level", "DEBUG", with_parameters({{"Debug_Server", "127.0.0.7"}})},
      {"EM_User_Domain", "@example.net",
       with_parameters({{"Profile_Rule", "http://127.0.0.1/a$PDOM"}})},
      {"HTTPS_Name_Validate", "No", over_https()},
      {"TLS_Cipher_List", "AES128-SHA", over_https()},
      {"TLS_Min_Version", "TLS 1.2", over_https()},
      {"TLS_Client_Min_Version", "TLS 1.2", over_https()},
      {"Custom_CA_Rule", "http://127.0.0.1/ca.pem", over_https()},
      {"Custom_CA_URL", "http://127.0.0.1/ca.pem", of_spa(over_https())},
      {"MIC_Cert_Refresh_Enable", "Yes"},
      {"MIC_Cert_Refresh_Rule", "http://127.0.0.1/renew",
       with_parameters({{"MIC_Cert_Refresh_Enable", "Yes"}})},
      {"User_ID_1_", "bob", with_parameters({{"Profile_Rule", "http://127.0.0.1/$UID1.xml"}})},
  };
  for (char c = 'A'; c <= 'P'; ++c) {
    all.push_back({fmt::format("GPP_{}", c), "told",
                   with_parameters({{"Profile_Rule", fmt::format("http://127.0.0.1/${}", c)},
                                    {"Log_Request_Msg", fmt::format("${}", c)}})});
  }
  for (char c = 'A'; c <= 'D'; ++c) {
    all.push_back({fmt::format("GPP_S{}", c), "told",
                   challenged({{"Profile_Rule",
                                fmt::format("[--uid a --pwd $S{}] http://127.0.0.1/a", c)}})});
  }
  return all;
}

const std::map<std::string, Probe>& probe_of_name() {
  static const auto made = [] {
    std::map<std::string, Probe> by_name;
    for (auto& each : probes()) by_name.emplace(each.name, std::move(each));
    return by_name;
  }();
  return made;
}

std::vector<std::string> lines_with(const Probe& probe) {
  auto life = busy(probe.life);
  (probe.by == Probe::By::hand ? life.parameters : life.profile)
      .emplace_back(probe.name, probe.value);
  return test::lines_of(life);
}

// Another value than the factory's that the parameter takes.
std::string other_value(ParameterId id) {
  const auto& parameter = profile::parameter(id);
  const auto factory = profile::default_value(id, Generation::mpp12);
  for (const std::string text : {"Yes", "No", "7", "12", "stored"}) {
    if (text != factory && profile::accept_value(id, text)) return text;
  }
  return std::string(parameter.allowed.substr(0, parameter.allowed.find('|')));
}

std::vector<ParameterId> parameters_that(Role role) {
  std::vector<ParameterId> ids;
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<ParameterId>(i);
    if (profile::parameter(id).role == role) ids.push_back(id);
  }
  return ids;
}

// The names of a numbered family are told as one, so that its first is enough: those of another
// line may do the same, as User_ID_2_ does, or nothing, as Password_2_.
bool is_first_of_family(const std::string& name) {
  const auto digits = name.find_last_not_of("0123456789", name.size() - 2) + 1;
  const bool is_numbered = name.back() == '_' && digits + 1 < name.size();
  return !is_numbered || name.substr(digits) == "1_";
}

}  // namespace

TEST_CASE("a parameter that acts changes what the phone does", "[R-PARAM-01]") {
  for (const auto id : parameters_that(Role::acts)) {
    const auto& name = profile::parameter(id).name;
    if (!is_first_of_family(name)) continue;
    INFO(name);
    const auto found = probe_of_name().find(name);
    if (found == probe_of_name().end()) {
      // Without a probe of its own it acts by a restart.
      CHECK(profile::parameter(id).why == "R-RESYNC-45");
      const Probe by_file{name, other_value(id), {}, Probe::By::file};
      CHECK(lines_with(by_file) != test::lines_of(busy()));
      continue;
    }
    CHECK(lines_with(found->second) != test::lines_of(busy(found->second.life)));
  }
}

TEST_CASE("a probe is about a parameter that acts", "[R-PARAM-01]") {
  for (const auto& [name, probe] : probe_of_name()) {
    INFO(name);
    const auto id = profile::find_parameter(name);
    REQUIRE(id);
    CHECK(profile::parameter(*id).role == Role::acts);
  }
}

TEST_CASE("parameters that are stored change nothing that a phone does", "[R-PARAM-01]") {
  auto life = busy();
  life.personality = GENERATE("spa", "mpp11", "mpp12");
  const auto before = test::lines_of(life);
  auto with_all = life;
  for (const auto id : parameters_that(Role::stored))
    with_all.parameters.emplace_back(profile::parameter(id).name, other_value(id));
  REQUIRE(with_all.parameters.size() > 4'000);
  const auto after = test::lines_of(with_all);
  const auto [one, other] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  if (one != before.end()) INFO("was: " << *one);
  if (other != after.end()) INFO("is: " << *other);
  CHECK(before == after);
}

TEST_CASE("a file that sets stored parameters alone changes nothing that a phone does",
          "[R-PARAM-01]") {
  auto life = busy();
  for (const auto id : parameters_that(Role::stored)) {
    const auto& name = profile::parameter(id).name;
    life.profile.emplace_back(name, other_value(id));
  }
  const auto without_sizes = [](std::vector<std::string> lines) {
    // The file is another one, and so is its size.
    std::erase_if(lines, [](const std::string& line) {
      return line.find("\"event\":\"response\"") != std::string::npos;
    });
    return lines;
  };
  CHECK(without_sizes(test::lines_of(life)) == without_sizes(test::lines_of(busy())));
}

TEST_CASE("what acts has a rule, and what belongs to provisioning has a reason not to",
          "[R-PARAM-01]") {
  std::stringstream documents;
  for (const auto* file :
       {"certificates", "dhcp", "face", "http", "layers", "logging", "macros", "models", "names",
        "tftp", "profiles", "reports", "resync", "rules", "sip", "tls", "upgrades"}) {
    std::ifstream in(fmt::format("{}/docs/behaviour/{}.md", PROVPHONE_SOURCE_DIR, file));
    REQUIRE(in);
    documents << in.rdbuf();
  }
  const auto text = documents.str();
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto& parameter = profile::parameter(static_cast<ParameterId>(i));
    INFO(parameter.name);
    if (parameter.role == Role::acts) {
      CHECK(text.find(fmt::format("| {} |", parameter.why)) != std::string::npos);
    } else if (!parameter.tab.empty()) {
      CHECK_FALSE(parameter.why.empty());
    }
  }
}

}  // namespace acting_test
