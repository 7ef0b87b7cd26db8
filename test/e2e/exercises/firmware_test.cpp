#include "test/e2e/embedded_server.hpp"
#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about loads, onboarding, migration and the phone's certificate.
namespace provphone::e2e::exercises {
namespace {

struct Lab {
  Workspace workspace;
  Nginx nginx{workspace, [this] {
                workspace.write("www/first.xml", "<flat-profile/>");
                return workspace.path("www");
              }()};
};

TEST_CASE_METHOD(Lab, "exercise: set up a phone for onboarding by activation code",
                 "[R-UPGRADE-01][R-UPGRADE-06][R-BOOT-01][R-BOOT-03][R-FACE-06]") {
  workspace.write("www/sip78xx.11-2-3MSR1-1.loads", "\1kern78xx.sbn\2rootfs78xx.sbn");
  workspace.write("www/kern78xx.sbn", std::string(200'000, '\1'));
  workspace.write("www/rootfs78xx.sbn", std::string(400'000, '\2'));
  workspace.write("www/onboarded.xml", "<flat-profile><Profile_Rule>" + nginx.url("/first.xml") +
                                           "</Profile_Rule></flat-profile>");
  const auto codes = workspace.write(
      "codes.yaml", "codes: [{code: \"1234567890123456\", profile: onboarded.xml}]");
  const EmbeddedServer service(workspace, {"--http", "0", "--onboarding", codes.string()});
  Desk desk(workspace, {"--firmware", "sip78xx.11-2-1MPP-1", "--onboarding-service",
                        service.origin("http"), "--activation-code", "1234 5678 9012 3456"});
  CHECK(desk.says("/", "sip78xx.11-2-1MPP-1"));
  desk.submit(provisioning_tab, {{"Profile_Rule", "gds://"},
                                 {"Upgrade_Rule", nginx.url("/sip78xx.11-2-3MSR1-1.loads")}});
  CHECK(desk.says("/", "<td>sip78xx.11-2-3MSR1-1</td>"));
  CHECK(desk.says("/", "<th scope=\"row\">Firmware Upgrade Status 1</th><td>Succeeded on "));
  CHECK(desk.shows(provisioning_tab, "Profile_Rule", nginx.url("/first.xml")));
  const auto run = desk.unplug();
  REQUIRE(run.events("upgrade_done").size() == 1);
  CHECK(run.events("upgrade_done")[0].at("text") == "sip78xx.11-2-3MSR1-1");
  REQUIRE(run.events("code_judged").size() == 1);
  CHECK_FALSE(run.events("code_judged")[0].contains("error"));
}

TEST_CASE_METHOD(Lab, "exercise: an activation code that has expired",
                 "[R-BOOT-01][R-BOOT-03][R-FACE-06]") {
  const auto codes = workspace.write("codes.yaml",
                                     "codes: [{code: \"1234567890123456\", profile: first.xml,"
                                     " expires: 2020-01-01}]");
  const EmbeddedServer service(workspace, {"--http", "0", "--onboarding", codes.string()});
  Desk desk(workspace, {"--onboarding-service", service.origin("http"), "--activation-code",
                        "1234567890123456"});
  desk.submit(provisioning_tab, {{"Profile_Rule", "gds://"}});
  CHECK(desk.says("/", "Asks for an activation code"));
  const auto run = desk.unplug();
  REQUIRE(run.events("code_judged").size() == 1);
  CHECK(run.events("code_judged")[0].at("detail") == "Invalid activation code: status 403");
  CHECK(run.events("pass_failed").empty());
}

TEST_CASE_METHOD(Lab, "exercise: migrate a phone to enterprise firmware in one step",
                 "[R-FACE-05][R-UPGRADE-13][R-UPGRADE-14]") {
  workspace.write("www/image/sip78xx.14-1-1MN-366.loads", "\1kern78xx.sbn");
  workspace.write("www/image/kern78xx.sbn", std::string(200'000, '\1'));
  const auto licence = nginx.url("/prov/migration/E2312.lic");
  Desk desk(workspace, {"--set", "Transition_Authorization_Error_Retry_Delay=2"});
  CHECK(desk.field(provisioning_tab, "Trans_Auth_Type") == "Classic");
  desk.submit(provisioning_tab, {{"Profile_Rule", nginx.url("/first.xml")},
                                 {"Upgrade_Rule", nginx.url("/image/sip78xx.14-1-1MN-366.loads")},
                                 {"Trans_Auth_Rule", licence},
                                 {"Trans_Auth_Type", "Classic"}});
  // Without the licence the phone keeps its load, and asks again.
  CHECK(desk.says("/", "not_licensed"));
  workspace.write("www/prov/migration/E2312.lic", "a licence");
  CHECK(eventually(patience, [&] {
    const auto accesses = nginx.accesses(1);
    return accesses.back().request == "GET /image/kern78xx.sbn HTTP/1.1";
  }));
  const auto run = desk.unplug();
  CHECK(run.events("upgrade_done").front().at("error") == "not_licensed");
  CHECK(run.events("upgrade_done").back().at("text") == "sip78xx.14-1-1MN-366");
  REQUIRE(run.events("migrated").size() == 1);
  // Nothing follows.
  CHECK(run.trace.back().at("event") == "migrated");
}

TEST_CASE_METHOD(Lab, "exercise: the fields of a renewal of the phone's certificate",
                 "[R-FACE-05]") {
  Desk desk(workspace);
  CHECK(desk.field(provisioning_tab, "MIC_Cert_Refresh_Enable") == "No");
  CHECK(desk.field(provisioning_tab, "MIC_Cert_Refresh_Rule") == "http://sudirenewal.cisco.com/");
  desk.submit(provisioning_tab, {{"Profile_Rule", nginx.url("/first.xml")},
                                 {"MIC_Cert_Refresh_Rule", nginx.url("/renewal")}});
  CHECK(desk.shows(provisioning_tab, "MIC_Cert_Refresh_Rule", nginx.url("/renewal")));
}

}  // namespace
}  // namespace provphone::e2e::exercises
