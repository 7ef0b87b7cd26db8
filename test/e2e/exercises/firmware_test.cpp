#include "test/e2e/embedded_server.hpp"
#include "test/e2e/exercises/desk.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about loads, onboarding, migration and the phone's certificate.
namespace provphone::e2e::exercises::firmware_test {
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
  workspace.write("www/onboarded.xml", "<flat-profile><Profile_Rule>" +
                                           nginx.url("/onboarded.xml") +
                                           "</Profile_Rule></flat-profile>");
  const auto codes = workspace.write(
      "codes.yaml", "codes: [{code: \"1234567890123456\", profile: onboarded.xml}]");
  const EmbeddedServer service(workspace, {"--http", "0", "--onboarding", codes.string()});
  // From the factory it would ask for the code before anybody has set a rule (R-BOOT-04).
  Desk desk(workspace, {"--rule", nginx.url("/first.xml"), "--firmware", "sip78xx.11-2-1MPP-1",
                        "--onboarding-service", service.origin("http"), "--activation-code",
                        "1234 5678 9012 3456"});
  CHECK(desk.says("/", "sip78xx.11-2-1MPP-1"));
  desk.submit(provisioning_tab, {{"Profile_Rule", "gds://"},
                                 {"Upgrade_Rule", nginx.url("/sip78xx.11-2-3MSR1-1.loads")}});
  CHECK(desk.says("/", "<td>sip78xx.11-2-3MSR1-1</td>"));
  CHECK(desk.says("/", "<th scope=\"row\">Firmware Upgrade Status 1</th><td>Succeeded on "));
  CHECK(desk.shows(provisioning_tab, "Profile_Rule", nginx.url("/onboarded.xml")));
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
  Desk desk(workspace, {"--rule", nginx.url("/first.xml"), "--onboarding-service",
                        service.origin("http"), "--activation-code", "1234567890123456"});
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

// A server that tells each phone the serial number of the certificate that it showed, and a
// stand-in for the service that renews it.
struct Renewing {
  Workspace workspace;
  Pki pki = make_pki(workspace, {"--device", mac, "--model", "CP-7841-3PCC"});
  Nginx nginx{workspace,
              [this] {
                workspace.write("www/first.xml", "<flat-profile/>");
                return workspace.path("www");
              }(),
              {pki.demanding_clients(),
               "location = /serial.xml { default_type text/xml; return 200 "
               "'<flat-profile><GPP_A>$ssl_client_serial</GPP_A></flat-profile>'; }"}};
  EmbeddedServer service{workspace,
                         {"--http", "0", "--pki", pki.folder.string(), "--mic-renewal", "/renew"}};

  std::string rule() const { return service.origin("http") + "/renew"; }
  std::string serial_file() const { return nginx.url("/serial.xml"); }
  // As nginx writes it.
  std::string made_with() {
    const auto text = workspace.run(
        {"openssl", "x509", "-noout", "-serial", "-in", pki.certificate_of(mac).string()});
    const auto begin = text.find('=') + 1;
    return text.substr(begin, text.find('\n') - begin);
  }
};

const std::string renewal_row = "<th scope=\"row\">MIC Cert Refresh Status</th><td>";

TEST_CASE_METHOD(Renewing, "exercise: renew the phone's certificate",
                 "[R-CERT-06][R-CERT-07][R-CERT-08][R-CERT-09][R-FACE-05][R-FACE-06]") {
  const auto first = made_with();
  Desk desk(workspace, {"--ca", pki.server_root().string(), "--cert",
                        pki.certificate_of(mac).string(), "--key-file", pki.key_of(mac).string()});
  desk.resync_to(serial_file());
  CHECK(desk.shows(provisioning_tab, "GPP_A", first));
  CHECK(desk.says("/", renewal_row + "–</td>"));
  // 1 and 2: the fields.
  CHECK(desk.field(provisioning_tab, "MIC_Cert_Refresh_Enable") == "No");
  CHECK(desk.field(provisioning_tab, "MIC_Cert_Refresh_Rule") == "http://sudirenewal.cisco.com/");
  // 3: once the certificate is renewed the phone restarts.
  desk.submit(provisioning_tab, {{"MIC_Cert_Refresh_Enable", "Yes"},
                                 {"MIC_Cert_Refresh_Rule", rule()},
                                 {"GPP_A", "nothing yet"}});
  CHECK(desk.says("/", "<th scope=\"row\">Reboot Reason 2</th><td>Provisioning"));
  CHECK(service.logs("http POST /renew 200"));
  // 4: the page Info, and Download Status.
  CHECK(desk.says("/", renewal_row + "Last renewal succeeded on "));
  CHECK(desk.says("/download", renewal_row + "Last renewal succeeded on "));
  // From then on the phone shows the new one.
  desk.resync_to(serial_file());
  REQUIRE(
      eventually(patience, [&] { return desk.field(provisioning_tab, "GPP_A") != "nothing yet"; }));
  const auto second = desk.field(provisioning_tab, "GPP_A");
  CHECK(second.size() == first.size());
  CHECK(second != first);
  CHECK(desk.says("/", "<th scope=\"row\">MIC Cert Serial Number</th><td>" + second + "</td>"));
  const auto run = desk.unplug();
  REQUIRE(run.events("certificate_renewal").size() == 1);
  CHECK(run.events("certificate_renewal")[0].at("text") == second);
  REQUIRE(run.events("rebooted").size() == 2);
  CHECK(run.events("rebooted")[0].at("reason") == "restart_for_submit");
  CHECK(run.events("rebooted")[1].at("reason") == "restart_for_certificate");
  CHECK(run.result.at("final").at(0).at("certificate_renewal").at("serial_number") == second);
}

TEST_CASE_METHOD(Renewing, "a factory reset leaves a phone its renewed certificate, as nginx sees",
                 "[R-CERT-08]") {
  const auto scenario = workspace.write(
      "reset.yaml", "limits: {duration: 16s}\nphones:\n  - mac: " + mac +
                        "\n    model: CP-7841-3PCC\n    trust: [" + pki.server_root().string() +
                        "]\n    certificate: {cert: " + pki.certificate_of(mac).string() +
                        ", key: " + pki.key_of(mac).string() +
                        "}\n    knobs: {restart_duration: 1s}\n    set:\n      Resync_On_Reset: "
                        "\"No\"\n      MIC_Cert_Refresh_Enable: \"Yes\"\n      "
                        "MIC_Cert_Refresh_Rule: \"" +
                        rule() +
                        "\"\nevents:\n  - {at: 0s, power_on: all}\n"
                        "  - {at: 8s, factory_reset: all}\n"
                        "  - {at: 11s, resync: {rule: \"" +
                        serial_file() + "\"}, phones: all}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  INFO(run.err);
  REQUIRE(run.events("certificate_renewal").size() == 1);
  const auto renewed = run.events("certificate_renewal")[0].at("text");
  CHECK(renewed != made_with());
  CHECK(run.parameter("GPP_A") == renewed);
  // Not even that it shall be renewed.
  CHECK(run.parameter("MIC_Cert_Refresh_Enable").empty());
}

}  // namespace
}  // namespace provphone::e2e::exercises::firmware_test
