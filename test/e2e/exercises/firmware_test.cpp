#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about loads, onboarding, migration and the phone's certificate, as far as
// there is something behind them.
namespace provphone::e2e::exercises {
namespace {

struct Lab {
  Workspace workspace;
  Nginx nginx{workspace, [this] {
                workspace.write("www/first.xml", "<flat-profile/>");
                return workspace.path("www");
              }()};
};

TEST_CASE_METHOD(Lab, "exercise: the load that an Upgrade_Rule asks for before onboarding",
                 "[R-UPGRADE-01][R-UPGRADE-06][R-FACE-06]") {
  workspace.write("www/sip78xx.11-2-3MSR1-1.loads", "\1kern78xx.sbn\2rootfs78xx.sbn");
  workspace.write("www/kern78xx.sbn", std::string(200'000, '\1'));
  workspace.write("www/rootfs78xx.sbn", std::string(400'000, '\2'));
  Desk desk(workspace, {"--firmware", "sip78xx.11-2-1MPP-1"});
  CHECK(desk.says("/", "sip78xx.11-2-1MPP-1"));
  desk.submit(provisioning_tab, {{"Profile_Rule", nginx.url("/first.xml")},
                                 {"Upgrade_Rule", nginx.url("/sip78xx.11-2-3MSR1-1.loads")}});
  CHECK(desk.says("/", "<td>sip78xx.11-2-3MSR1-1</td>"));
  CHECK(desk.says("/", "<th scope=\"row\">Firmware Upgrade Status 1</th><td>Succeeded on "));
  const auto run = desk.unplug();
  REQUIRE(run.events("upgrade_done").size() == 1);
  CHECK(run.events("upgrade_done")[0].at("text") == "sip78xx.11-2-3MSR1-1");
}

TEST_CASE_METHOD(Lab, "exercise: the fields of a migration to enterprise firmware", "[R-FACE-05]") {
  const auto licence = nginx.url("/prov/migration/E2312.lic");
  Desk desk(workspace);
  CHECK(desk.field(provisioning_tab, "Trans_Auth_Type") == "Classic");
  desk.submit(provisioning_tab, {{"Profile_Rule", nginx.url("/first.xml")},
                                 {"Trans_Auth_Rule", licence},
                                 {"Trans_Auth_Type", "Classic"}});
  CHECK(desk.shows(provisioning_tab, "Trans_Auth_Rule", licence));
  CHECK(desk.field(provisioning_tab, "Trans_Auth_Type") == "Classic");
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
