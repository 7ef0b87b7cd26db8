#include "profile/catalogue.hpp"

#include "profile/parameter_id.hpp"
#include "profile/value.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <set>
#include <string>

namespace catalogue_test {

using namespace provphone::profile;

namespace {

std::string_view factory(std::string_view name, Generation generation) {
  const auto id = find_parameter(name);
  REQUIRE(id);
  return default_value(*id, generation);
}

std::string accepted(std::string_view name, std::string text) {
  const auto id = find_parameter(name);
  REQUIRE(id);
  return accept_value(*id, std::move(text)).value_or("refused");
}

}  // namespace

TEST_CASE("no two parameters of the catalogue have one name", "[R-XML-23]") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto& name = parameter(ParameterId(i)).name;
    const auto& type = parameter(ParameterId(i)).type;
    INFO(name);
    CHECK(names.insert(name).second);
    CHECK(name.find_first_of("# =\t") == std::string::npos);
    CHECK_FALSE(type.empty());
    CHECK(find_parameter(name) == ParameterId(i));
  }
  CHECK(parameter_count() > 4000);
}

TEST_CASE("a name that code has leads where the same name in a file does", "[R-XML-23]") {
  for (const auto& [name, place] : detail::placed_names) {
    INFO(name);
    CHECK(find_parameter(name) == ParameterId{place});
  }
  STATIC_REQUIRE(parameter_ids({"GPP_A", "Resync_Periodic"})[1] == parameter_id("Resync_Periodic"));
}

TEST_CASE("every factory value is one that its own parameter accepts", "[R-XML-24]") {
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    for (std::size_t i = 0; i < parameter_count(); ++i) {
      const auto id = ParameterId(i);
      const std::string value(default_value(id, generation));
      if (value.empty()) continue;
      INFO(parameter(id).name << " of " << name(generation));
      CHECK(accept_value(id, value).value_or("refused") == value);
    }
  }
}

TEST_CASE("a numbered family has each of its members and no others", "[R-XML-23]") {
  CHECK(find_parameter("Proxy_1_"));
  CHECK(find_parameter("Proxy_16_"));
  CHECK_FALSE(find_parameter("Proxy_17_"));
  CHECK_FALSE(find_parameter("Proxy_0_"));
  CHECK_FALSE(find_parameter("Proxy_#_"));
  CHECK(find_parameter("Quick_Number_0_Name"));
  CHECK(find_parameter("Speed_Dial_9_2_"));
  CHECK(find_parameter("Unit_3_Key_40_"));
}

TEST_CASE("the lines of a model with more of them are known, and are only printed once set",
          "[R-XML-23][R-XML-30]") {
  for (const auto& [printed, known, beyond] :
       {std::array{"SIP_CoS_Value_4_", "SIP_CoS_Value_12_", "SIP_CoS_Value_13_"},
        std::array{"Use_Outbound_Proxy_4_", "Use_Outbound_Proxy_16_", "Use_Outbound_Proxy_17_"},
        std::array{"FAX_Enable_T38_2_", "FAX_Enable_T38_8_", "FAX_Enable_T38_9_"},
        std::array{"Resident_Online_Number_2_", "Resident_Online_Number_12_",
                   "Resident_Online_Number_13_"},
        std::array{"Speed_Dial_2_2_", "Speed_Dial_2_8_", "Speed_Dial_2_9_"}}) {
    INFO(known);
    REQUIRE(find_parameter(printed));
    CHECK_FALSE(parameter(*find_parameter(printed)).elsewhere);
    REQUIRE(find_parameter(known));
    CHECK(parameter(*find_parameter(known)).elsewhere);
    CHECK(factory(known, Generation::mpp12) == factory(printed, Generation::mpp12));
    CHECK_FALSE(find_parameter(beyond));
  }
}

TEST_CASE("a number beyond those of a family is told with those it has", "[R-XML-03]") {
  CHECK(numbers_known_for("Proxy_17_") == "1 to 16");
  CHECK(numbers_known_for("Proxy_0_") == "1 to 16");
  CHECK(numbers_known_for("SIP_CoS_Value_13_") == "1 to 12");
  CHECK(numbers_known_for("Cfwd_Sel1_Caller_9_") == "1 to 8");
  CHECK(numbers_known_for("Unit_4_Key_1_") == "1 to 3 and 1 to 40");
  for (const auto* name : {"Proxy_1_", "Proxy_17", "Proxy_", "Nonsense_1_", "1_2_3_4_5_6_7", ""}) {
    INFO(name);
    CHECK(numbers_known_for(name).empty());
  }
}

TEST_CASE("what guides alone print leads to what phones print, and sets nothing", "[R-XML-03]") {
  CHECK_FALSE(find_parameter("Cfwd_No_Answer_Dest"));
  CHECK(meant_by_misprint("Cfwd_No_Answer_Dest") == "Cfwd_No_Ans_Dest");
  CHECK(meant_by_misprint("Cfwd_No_Ans_Dest").empty());
}

TEST_CASE("names of other products are known, and of secrets it is known that they are",
          "[R-XML-23][R-XML-29]") {
  for (const auto* name : {"WAN_VALN_ID", "VoIP_Caller_8_DP_5_", "GW4_Auth_ID_1_", "Option_159"}) {
    INFO(name);
    REQUIRE(find_parameter(name));
    CHECK(parameter(*find_parameter(name)).elsewhere);
    CHECK_FALSE(parameter(*find_parameter(name)).secret);
  }
  for (const auto* name : {"TR_069_ACS_Password", "VoIP_Caller_1_PIN_1_", "Set_Community"})
    CHECK(parameter(find_parameter(name).value()).secret);
  CHECK_FALSE(parameter(find_parameter("Survivability_Proxy_16_").value()).elsewhere);
}

TEST_CASE("registers, rules and secrets of every phone are in the catalogue", "[R-XML-23]") {
  for (char c = 'A'; c <= 'P'; ++c) {
    const auto id = find_parameter(std::string("GPP_") + c);
    REQUIRE(id);
    CHECK_FALSE(parameter(*id).secret);
  }
  for (const auto* secret : {"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD", "IKM_HTTP_Encrypt_Content",
                             "Admin_Password", "Password_1_", "Password_16_", "XML_Password"}) {
    const auto id = find_parameter(secret);
    REQUIRE(id);
    CHECK(parameter(*id).secret);
  }
  CHECK_FALSE(find_parameter("gpp_a"));
}

TEST_CASE("the other spellings of a parameter lead to the one it has in dumps", "[R-XML-23]") {
  for (const auto* alias : {"Resync_At", "Resync_At_HHmm", "Resync_At_HHmm_"}) {
    CHECK(find_parameter(alias) == find_parameter("Resync_At__HHmm_"));
  }
  CHECK(find_parameter("ice_stun_enable") == find_parameter("ICE_STUN_Enable"));
  CHECK(find_parameter("Accessability") == find_parameter("Accessibility"));
  CHECK(find_parameter("Report_to_Server") == find_parameter("Report_To_Server"));
  CHECK(parameter(*find_parameter("Report_to_Server")).name == "Report_To_Server");
  CHECK(find_parameter("Log_Request_Msg") != find_parameter("Log_Resync_Request_Msg"));
}

TEST_CASE("a phone leaves the factory with its family's resync settings", "[R-XML-24]") {
  struct Row {
    std::string_view name, spa, mpp11, mpp12;
  };
  const auto row = GENERATE(values<Row>({
      {"Provision_Enable", "Yes", "Yes", "Yes"},
      {"Resync_On_Reset", "Yes", "Yes", "Yes"},
      {"Resync_Random_Delay", "2", "2", "2"},
      {"Resync_At__HHmm_", "", "", ""},
      {"Resync_At_Random_Delay", "600", "600", "600"},
      {"Resync_Periodic", "3600", "3600", "3600"},
      {"Resync_Error_Retry_Delay", "3600", "3600",
       "60,120,240,480,960,1920,3840,7680,15360,30720,61440,86400"},
      {"Forced_Resync_Delay", "14400", "14400", "14400"},
      {"Resync_From_SIP", "Yes", "Yes", "Yes"},
      {"Resync_After_Upgrade_Attempt", "Yes", "Yes", "Yes"},
      {"Resync_Fails_On_FNF", "Yes", "Yes", "Yes"},
      {"Profile_Authentication_Type", "", "Basic Http Authentication", "Basic Http Authentication"},
      {"Profile_Rule", "/spa$PSN.cfg", "/$PSN.xml", "/$PSN.xml"},
      {"Profile_Rule_B", "", "", ""},
      {"Upgrade_Enable", "Yes", "Yes", "Yes"},
      {"Upgrade_Error_Retry_Delay", "3600", "3600", "3600"},
      {"DHCP_Option_To_Use", "66,160,159,150", "66,160,159,150,60,43,125",
       "66,160,159,150,60,43,125"},
      {"Syslog_Server", "", "", ""},
      {"Report_Rule", "", "", ""},
      {"HTTP_Report_Method", "", "POST", "POST"},
      {"Log_Request_Msg", "", "$PN $MAC -- Requesting resync $SCHEME://$SERVIP:$PORT$PATH",
       "$PN $MAC -- Requesting resync $SCHEME://$SERVIP:$PORT$PATH"},
      {"Log_Resync_Failure_Msg", "$PN $MAC -- Resync failed: $ERR", "", ""},
      {"Log_Upgrade_Success_Msg",
       "$PN $MAC -- Successful upgrade $SCHEME://$SERVIP:$PORT$PATH -- $ERR",
       "$PN $MAC -- Successful upgrade $SCHEME://$SERVIP:$PORT$PATH -- $ERR",
       "$PN $MAC -- Successful upgrade $SCHEME://$SERVIP:$PORT$PATH -- $ERR"},
  }));
  INFO(row.name);
  CHECK(factory(row.name, Generation::spa) == row.spa);
  CHECK(factory(row.name, Generation::mpp11) == row.mpp11);
  CHECK(factory(row.name, Generation::mpp12) == row.mpp12);
}

TEST_CASE("a family's name is read back as the family", "[R-XML-24]") {
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    CHECK(parse_generation(name(generation)) == generation);
  }
  CHECK_FALSE(parse_generation("MPP12"));
}

TEST_CASE("a misspelt parameter leads to the nearest name, and nonsense to none", "[R-XML-23]") {
  CHECK(nearest_parameter("gpp_a") == "GPP_A");
  CHECK(nearest_parameter("Resync_Periodc") == "Resync_Periodic");
  CHECK(nearest_parameter("Profile_rule") == "Profile_Rule");
  CHECK(nearest_parameter("Proxy_1") == "Proxy_1_");
  CHECK(nearest_parameter("qqqqqqqqqqqqqqqqqqqqqqqq").empty());
  CHECK(nearest_parameter("").empty());
}

TEST_CASE("a phone stores Yes or No, however a profile spells it", "[R-XML-17]") {
  for (const auto* yes : {"Yes", "yes", "YES", "Enable", "enable", "1"}) {
    CHECK(accepted("Provision_Enable", yes) == "Yes");
    CHECK(accepted("Line_Enable_3_", yes) == "Yes");
  }
  for (const auto* no : {"No", "no", "NO", "Disable", "disable", "0"}) {
    CHECK(accepted("Provision_Enable", no) == "No");
  }
}

TEST_CASE("a value outside what Cisco documents is refused", "[R-XML-18]") {
  struct Row {
    std::string_view name;
    std::string value;
    bool accepted;
  };
  const auto row = GENERATE(values<Row>({
      {"Provision_Enable", "maybe", false},
      {"Provision_Enable", "", false},
      {"Profile_Account_Enable", "", true},  // empty from the factory
      {"Resync_Random_Delay", "0", true},
      {"Resync_Random_Delay", "65535", true},
      {"Resync_Random_Delay", "65536", false},
      {"Resync_Random_Delay", "0xff", true},
      {"Resync_Random_Delay", "0x", false},
      {"Resync_Random_Delay", "-1", false},
      {"Resync_Random_Delay", "+1", false},
      {"Resync_Random_Delay", "1.5", false},
      {"Resync_Random_Delay", "99999999999999999999", false},
      {"Periodic_Upload_To_Server", "599", false},
      {"Periodic_Upload_To_Server", "600", true},
      {"Periodic_Upload_To_Server", "2592000", true},
      {"Periodic_Upload_To_Server", "2592001", false},
      {"PRT_Max_Timer", "", true},
      {"PRT_Max_Timer", "14", false},
      {"Web_Server_Port", "65536", false},
      {"HTTP_Report_Method", "PUT", true},
      {"HTTP_Report_Method", "GET", false},
      {"Report_To_Server", "On Local Change", true},
      {"Report_To_Server", "On Local", false},
      {"Report_To_Server", "On Request|On Local Change", false},
      {"Resync_At__HHmm_", "0000", true},
      {"Resync_At__HHmm_", "2359", true},
      {"Resync_At__HHmm_", "2400", true},
      {"Resync_At__HHmm_", "", true},
      {"Resync_At__HHmm_", "2401", false},
      {"Resync_At__HHmm_", "1260", false},
      {"Resync_At__HHmm_", "300", false},
      {"Resync_At__HHmm_", "03:00", false},
  }));
  INFO(row.name << " = " << row.value);
  CHECK((accepted(row.name, row.value) == row.value) == row.accepted);
}

TEST_CASE("where only dumps tell the values of a parameter, any value goes", "[R-XML-18]") {
  CHECK(accepted("Codec_Negotiation_1_", "Carrier Pigeon") == "Carrier Pigeon");
  CHECK(accepted("Jitter_Buffer_Adjustment_1_", "up and down") == "up and down");
  CHECK(accepted("Resync_Periodic", "soon") == "soon");
}

TEST_CASE("every Bool is Yes or No, and what newer phones alone have is theirs",
          "[R-XML-18][R-XML-24]") {
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto& described = parameter(ParameterId(i));
    if (described.type != "Bool") continue;
    INFO(described.name);
    CHECK(described.allowed.ends_with("Yes|No"));
    CHECK(accepted(described.name, "maybe") == "refused");
  }
  for (const auto* name : {"Feature_Toggle_Webex_Cloud", "Action_Button_Function", "Font_Size"}) {
    CHECK(factory(name, Generation::mpp11).empty());
    CHECK_FALSE(factory(name, Generation::mpp12).empty());
  }
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto& described = parameter(ParameterId(i));
    const bool is_key_list = described.name.ends_with("_Key_List");
    if (!is_key_list || described.name == "Connected_Meeting_Key_List") continue;
    INFO(described.name);
    for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12})
      CHECK(default_value(ParameterId(i), generation).find("home;") == std::string_view::npos);
  }
}

TEST_CASE("a value of 64 KiB is stored whole, and a longer one not at all", "[R-LAYER-18]") {
  const std::string value(65'536, 'x');
  CHECK(accepted("GPP_A", value) == value);
  CHECK(accepted("GPP_A", value + "x") == "refused");
}

TEST_CASE("the second spelling that a guide has leads to the parameter", "[R-XML-23]") {
  CHECK(find_parameter("Resync_AtHHmm_") == find_parameter("Resync_At__HHmm_"));
}

TEST_CASE("a name of the same letters is found, but not where two parameters share them",
          "[R-XML-03]") {
  CHECK(parameter_of_same_letters("gpp_a") == find_parameter("GPP_A"));
  CHECK(parameter_of_same_letters("g.p-p_A") == find_parameter("GPP_A"));
  CHECK_FALSE(parameter_of_same_letters("GPP_A"));
  CHECK_FALSE(parameter_of_same_letters("GPP_AA"));
  CHECK_FALSE(parameter_of_same_letters(""));
}

TEST_CASE("choices and ranges of Cisco's reference are held to, unless a knob stores everything",
          "[R-XML-18]") {
  struct Row {
    std::string_view name, value;
    bool taken;
  };
  ValueRules stores_all;
  stores_all.invalid = InvalidValue::stored;
  for (const auto& [name, value, taken] : {Row{"Privacy_Header_2_", "id", true},
                                           Row{"Privacy_Header_2_", "full", false},
                                           Row{"Time_Format", "24hr", true},
                                           Row{"Time_Format", "24", false},
                                           Row{"Display_Off_Idle_Timeout__mins_", "60", true},
                                           Row{"Display_Off_Idle_Timeout__mins_", "61", false},
                                           Row{"Max_Display_Records", "49", false},
                                           Row{"Call_Appearances_Per_Line", "10", true},
                                           Row{"Call_Appearances_Per_Line", "11", false},
                                           Row{"Cfwd_Setting", "maybe", false},
                                           Row{"Enable_Protocol", "Https", true},
                                           Row{"RTCP_Tx_Interval", "256", false},
                                           Row{"Work_Days", "Monday", true},
                                           Row{"Work_Days", "Sunday|Monday", true},
                                           Row{"Work_Days", "Monday|", false},
                                           Row{"Work_Days", "Monday;Sunday", false},
                                           Row{"Working_Hours_Start", "24:00", true},
                                           Row{"Working_Hours_Start", "7:00", false},
                                           Row{"Working_Hours_Start", "0700", false},
                                           Row{"Working_Hours_Start", "07:60", false},
                                           Row{"SIP_Transport_1_", "DNS SRV", true},
                                           Row{"SIP_Transport_1_", "", true},
                                           Row{"SIP_Transport_1_", "SCTP", false},
                                           Row{"EXT_SIP_Port_1_", "", true},
                                           Row{"EXT_SIP_Port_1_", "65536", false},
                                           Row{"Register_Expires_1_", "2000001", false},
                                           Row{"Secure_Call_Option_1_", "", false},
                                           Row{"Enable_Web_Server", "", true},
                                           Row{"Enable_CDP", "", false},
                                           Row{"Handset_LED_Alert", "Voicemail, Missed Call", true},
                                           Row{"Extension_1_", "16", true},
                                           Row{"Extension_1_", "17", false}}) {
    INFO(name << " " << value);
    const auto id = find_parameter(name).value();
    CHECK(accept_value(id, std::string(value)).has_value() == taken);
    CHECK(accept_value(id, std::string(value), stores_all) == std::string(value));
  }
}

TEST_CASE("factory values are those that the guides print for the family", "[R-XML-24]") {
  struct Row {
    std::string_view name, spa, mpp;
  };
  for (const auto& [name, spa, mpp] :
       {Row{"RTCP_Tx_Interval", "5", "0"}, Row{"Subscription_Expires_1_", "600", "3600"},
        Row{"Second_Preferred_Codec_1_", "G722", "Unspecified"}, Row{"Disable_DF", "", "Yes"},
        Row{"Office_Hours_Enabled", "", "False"}, Row{"Call_Pickup_Code", "#97", "*97"},
        Row{"Number_of_Units", "", "0"}, Row{"Display_Brightness", "", "15"},
        Row{"Share_Ext_1_", "private", "No"}, Row{"Group_10_Paging_Script", "", ""},
        Row{"VLAN_ID", "1", "1"}, Row{"STUN_Enable", "No", "No"},
        Row{"Releasing_Key_List", "", "endcall|2;"},
        Row{"Ring10", "n=Office;w=4;c=1", "n=Ascent;w=file://Ascent.rwb;c=1"},
        // What guides say otherwise, and phones print.
        Row{"EXT_SIP_Port_1_", "0", "0"}, Row{"Auto_Register_When_Failover_1_", "No", "No"},
        Row{"Enable_VLAN", "", "No"}}) {
    INFO(name);
    const auto id = find_parameter(name).value();
    CHECK(default_value(id, Generation::spa) == spa);
    CHECK(default_value(id, Generation::mpp11) == mpp);
    CHECK(default_value(id, Generation::mpp12) == mpp);
  }
}

}  // namespace catalogue_test
