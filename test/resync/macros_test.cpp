#include "resync/macros.hpp"

#include "macro/condition.hpp"

#include <catch2/catch.hpp>

namespace macros_test {
namespace {

using namespace provphone;
using profile::Generation;

// The phone of every documented example.
struct ReferencePhone {
  resync::Identity identity;
  resync::Personality personality = resync::personality_of(Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(Generation::mpp12)};
  resync::MacroState state;

  ReferencePhone() {
    identity.certificate_installed = true;
    set("GPP_A", "ABC");
    set("GPP_B", "123");
    set("GPP_C", "$MA");
    set("GPP_SA", "MyUserID");
    set("GPP_SB", "MySecretPassword");
    set("User_ID_1_", "1001");
  }
  void set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
  }
  std::string expand(std::string_view text) const {
    return resync::expand_rule(text, {identity, personality, parameters, state});
  }
};

}  // namespace

TEST_CASE("every provisioning macro stands for the phone's own value", "[R-MACRO-20]") {
  ReferencePhone phone;
  for (const auto& [name, value] : {std::pair{"PRVST", "1"},
                                    {"PRVTMR", "600"},
                                    {"UPGST", "2"},
                                    {"UPGTMR", "301"},
                                    {"REGTMR1", "7"},
                                    {"REGTMR2", "8"},
                                    {"UPGERR", "http_get failed"},
                                    {"SCHEME", "http"},
                                    {"SERV", "prov.example.net"},
                                    {"SERVIP", "10.0.0.5"},
                                    {"PORT", "80"},
                                    {"PATH", "/p.cfg"},
                                    {"ERR", "oops"}}) {
    REQUIRE(resync::set_macro(phone.state, name, value));
  }
  struct Case {
    const char* text;
    const char* expanded;
  };
  for (const auto& [text, expanded] : {Case{"$MA", "000e08012345"},
                                       {"$MAU", "000E08012345"},
                                       {"$MAC", "00:0e:08:01:23:45"},
                                       {"$PN", "CP-8841-3PCC"},
                                       {"$PSN", "8841-3PCC"},
                                       {"$SN", "88012BA01234"},
                                       {"$SWVER", "sip88xx.11-3-2MPP0001-609"},
                                       {"$HWVER", "2.0.1"},
                                       {"$IP", "192.168.1.100"},
                                       {"$EXTIP", ""},
                                       {"$CCERT", "Installed"},
                                       {"$A$B", "ABC123"},
                                       {"$C", "$MA"},
                                       {"$D", ""},
                                       {"$PRVST", "1"},
                                       {"$PRVTMR", "600"},
                                       {"$UPGST", "2"},
                                       {"$UPGTMR", "301"},
                                       {"$UPGERR", "http_get failed"},
                                       {"$UPGCOND", "1"},
                                       {"$REGTMR1 $REGTMR2", "7 8"},
                                       {"$SCHEME://$SERVIP:$PORT$PATH", "http://10.0.0.5:80/p.cfg"},
                                       {"$SERV", "prov.example.net"},
                                       {"$METH", "http"},
                                       {"$ERR", "oops"},
                                       {"$UID1", "1001"},
                                       {"$UID2", ""},
                                       {"$ISCUST", "0"},
                                       {"$GPP_A", "$GPP_A"},
                                       {"$UID0 $UID01 $UIDx $UID", "$UID0 $UID01 $UIDx $UID"},
                                       {"$Q $SE $TOKEN", "$Q $SE $TOKEN"}}) {
    INFO(text);
    CHECK(phone.expand(text) == expanded);
  }
}

TEST_CASE("secret registers reach option arguments and nothing else", "[R-MACRO-21]") {
  const ReferencePhone phone;
  CHECK(phone.expand("[--uid $SA --pwd $SB] https://h/c.xml") ==
        "[--uid MyUserID --pwd MySecretPassword] https://h/c.xml");
  CHECK(phone.expand("http://h/$SA.cfg") == "http://h/$SA.cfg");
}

TEST_CASE("PSN is the series of every family", "[R-MACRO-22]") {
  struct Case {
    const char* model;
    const char* series;
  };
  for (const auto& [model, series] : {Case{"CP-8841-3PCC", "8841-3PCC"},
                                      {"CP-6841-3PCC", "6841-3PCC"},
                                      {"SPA504G", "504G"},
                                      {"SPA2102", "2102"},
                                      {"SPA-942", "942"},
                                      {"ATA191-MPP", "191"},
                                      {"ATA192", "192"},
                                      {"PAP2T", "PAP2T"}}) {
    INFO(model);
    resync::Identity identity;
    identity.model = model;
    auto personality = resync::personality_of(Generation::mpp12);
    CHECK(resync::product_series_name(identity, personality) == series);
  }
  auto prefixed = resync::personality_of(Generation::mpp12);
  REQUIRE(resync::set_knob(prefixed, "psn_prefix=cp"));
  CHECK(resync::product_series_name(resync::Identity{}, prefixed) == "CP-8841-3PCC");
  auto printed = resync::personality_of(Generation::mpp12);
  REQUIRE(resync::set_knob(printed, "psn_prefix=v03"));
  CHECK(resync::product_series_name(resync::Identity{}, printed) == "V03");
}

TEST_CASE("some macros are known to one firmware family only", "[R-MACRO-23]") {
  struct Case {
    Generation generation;
    const char* text;
    const char* expanded;
  };
  for (const auto& [generation, text, expanded] :
       {Case{Generation::mpp11, "$EMS $MUID", "login 1001"},
        Case{Generation::mpp12, "$EMS $MUID", "login 1001"},
        Case{Generation::spa, "$EMS $MUID", "$EMS $MUID"},
        Case{Generation::mpp12, "$ORIGTYPE $AUTHSTATUS", "orig_ent classic"},
        Case{Generation::mpp11, "$ORIGTYPE $AUTHSTATUS", "$ORIGTYPE $AUTHSTATUS"},
        Case{Generation::spa, "$ORIGTYPE $AUTHSTATUS", "$ORIGTYPE $AUTHSTATUS"},
        Case{Generation::spa, "$ISCUST", "1"}, Case{Generation::mpp12, "$ISCUST", "1"}}) {
    ReferencePhone phone;
    phone.personality = resync::personality_of(generation);
    for (const auto& [name, value] : {std::pair{"EMS", "login"},
                                      {"MUID", "1001"},
                                      {"ORIGTYPE", "orig_ent"},
                                      {"AUTHSTATUS", "classic"},
                                      {"ISCUST", "1"}}) {
      REQUIRE(resync::set_macro(phone.state, name, value));
    }
    INFO(text);
    CHECK(phone.expand(text) == expanded);
  }
  ReferencePhone untouched;
  CHECK(untouched.expand("$ORIGTYPE $AUTHSTATUS") == "none none");
  untouched.personality = resync::personality_of(Generation::mpp11);
  CHECK(untouched.expand("<$EMS$MUID>") == "<>");
}

TEST_CASE("$PDOM is the domain of extension mobility's users", "[R-MACRO-27]") {
  for (const auto generation : {Generation::mpp11, Generation::mpp12}) {
    ReferencePhone phone;
    phone.personality = resync::personality_of(generation);
    REQUIRE(resync::set_macro(phone.state, "MUID", "bob"));
    CHECK(phone.expand("$MUID$PDOM") == "bob");
    phone.parameters.set(*profile::find_parameter("EM_User_Domain"), "@example.net");
    CHECK(phone.expand("$MUID$PDOM") == "bob@example.net");
  }
  ReferencePhone legacy;
  legacy.personality = resync::personality_of(Generation::spa);
  CHECK(legacy.expand("$MUID$PDOM") == "$MUID$PDOM");
}

TEST_CASE("$VERSION is known to the User-Agent alone", "[R-MACRO-23]") {
  const ReferencePhone phone;
  CHECK(phone.expand("/$VERSION") == "/$VERSION");
  const resync::MacroSource source{phone.identity, phone.personality, phone.parameters,
                                   phone.state};
  CHECK(resync::expand_user_agent("$VERSION ($MA)", source) ==
        "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)");
  CHECK(resync::expand_text("$VERSION", source) == "$VERSION");
}

TEST_CASE("the extension mobility password is told where secrets are, and nowhere else",
          "[R-MACRO-24]") {
  ReferencePhone phone;
  phone.personality = resync::personality_of(Generation::mpp11);
  REQUIRE(resync::set_macro(phone.state, "MPWD", "hush"));
  CHECK(phone.expand("[--uid $MUID --pwd $MPWD] https://h/x") == "[--uid  --pwd hush] https://h/x");
  CHECK(phone.expand("https://h/$MPWD") == "https://h/$MPWD");
  const resync::MacroSource source{phone.identity, phone.personality, phone.parameters,
                                   phone.state};
  CHECK(resync::expand_text("[--pwd $MPWD]", source) == "[--pwd $MPWD]");
  phone.personality = resync::personality_of(Generation::mpp12);
  CHECK(phone.expand("[--pwd $MPWD]") == "[--pwd hush]");
  phone.personality = resync::personality_of(Generation::spa);
  CHECK(phone.expand("[--key $MPWD]") == "[--key $MPWD]");
}

TEST_CASE("knobs decide how macro names are read", "[R-MACRO-12][R-MACRO-13]") {
  struct Case {
    const char* knob;
    const char* text;
    const char* expanded;
  };
  for (const auto& [knob, text, expanded] :
       {Case{"macro_name_extent=letters_and_digits", "$PN_$MA_x", "CP-8841-3PCC_000e08012345_x"},
        Case{"macro_name_extent=letters_and_digits", "$MAUx", "$MAUx"},
        Case{"macro_name_extent=longest_run", "$MAUx $MA_x", "$MAUx $MA_x"},
        Case{"macro_name_extent=longest_known", "$MAUx", "000E08012345x"},
        Case{"gpp_macro_form=register", "$GPP_A $A", "$GPP_A ABC"},
        Case{"gpp_macro_form=also_long", "$GPP_A $(GPP_B:1) $GPP_C", "ABC 23 $MA"},
        Case{"gpp_macro_form=also_long", "$GPP_Q [--key $GPP_SA]", "$GPP_Q [--key $GPP_SA]"}}) {
    ReferencePhone phone;
    REQUIRE(resync::set_knob(phone.personality, knob));
    INFO(knob);
    CHECK(phone.expand(text) == expanded);
  }
}

TEST_CASE("the text of $SWVER may end in .loads, which no comparison sees", "[R-MACRO-25]") {
  ReferencePhone phone;
  CHECK(phone.expand("$SWVER") == "sip88xx.11-3-2MPP0001-609");
  REQUIRE(resync::set_knob(phone.personality, "swver_suffix=loads"));
  CHECK(phone.expand("$SWVER") == "sip88xx.11-3-2MPP0001-609.loads");
  CHECK(macro::evaluate_condition(phone.expand("$SWVER eq sip88xx.11-3-2MPP0001-609"),
                                  resync::dialect_of(phone.personality), {}) == true);
  phone.identity.firmware += ".loads";
  CHECK(phone.expand("$SWVER") == "sip88xx.11-3-2MPP0001-609.loads");
}

TEST_CASE("state is set by macro name", "[R-MACRO-20]") {
  resync::MacroState state;
  REQUIRE(resync::set_macro(state, "PRVST", "-1"));
  CHECK(state.prvst == -1);
  REQUIRE(resync::set_macro(state, "SERV", "prov.example.net"));
  CHECK(state.serv == "prov.example.net");
  CHECK_FALSE(resync::set_macro(state, "MA", "000e08012345"));
  const auto wrong = resync::set_macro(state, "PRVTMR", "long");
  REQUIRE(wrong);
  CHECK_FALSE(*wrong);
}

TEST_CASE("the User-Agent has the shape that servers match", "[R-HTTP-20]") {
  struct Case {
    Generation generation;
    const char* knob;
    resync::Identity identity;
    const char* text;
  };
  const auto identity = [](const char* model, const char* serial, std::uint64_t mac,
                           const char* firmware) {
    resync::Identity made;
    made.model = model;
    made.serial = serial;
    made.mac = MacAddress{mac};
    made.firmware = firmware;
    return made;
  };
  for (const auto& [generation, knob, who, text] :
       {Case{Generation::mpp12, "user_agent=mpp",
             identity("CP-8841-3PCC", "x", 0x00562b043615, "11.0"),
             "Cisco-CP-8841-3PCC/11.0 (00562b043615)"},
        {Generation::mpp12, "user_agent=mpp",
         identity("CP-7832-3PCC", "x", 0x00562b043615, "11.0.1"),
         "Cisco-CP-7832-3PCC/11.0.1 (00562b043615)"},
        {Generation::mpp12, "user_agent=mpp",
         identity("CP-8841-3PCC", "x", 0x00562b043615, "sip88xx.11-3-2MPP0001-609"),
         "Cisco-CP-8841-3PCC/11.3.2 (00562b043615)"},
        {Generation::spa, "user_agent=cisco_spa",
         identity("SPA508G", "CBT141400UK", 0x0002fdff2103, "7.4.8a"),
         "Cisco/SPA508G-7.4.8a (0002FDFF2103)(CBT141400UK)"},
        {Generation::spa, "user_agent=linksys",
         identity("SPA942", "88019FA42805", 0x000e08012345, "6.1.5(a)"),
         "Linksys/SPA-942-6.1.5(a) (88019FA42805)"}}) {
    auto personality = resync::personality_of(generation);
    REQUIRE(resync::set_knob(personality, knob));
    CHECK(resync::built_in_user_agent(who, personality) == text);
  }
}

}  // namespace macros_test
