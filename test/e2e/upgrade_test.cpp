#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

// Phones that load new firmware, and phones that report.
namespace provphone::e2e::upgrade_test {
namespace {

TEST_CASE("a phone upgrades behind its pass, follows a 303 to the load, and logs both ends",
          "[R-UPGRADE-05][R-UPGRADE-08][R-UPGRADE-11]") {
  Workspace workspace;
  workspace.write("www/sip88xx.12-0-2MPP0001-116.loads", "\1kern88xx.sbn\2rootfs88xx.sbn");
  workspace.write("www/kern88xx.sbn", std::string(300'000, '\1'));
  workspace.write("www/rootfs88xx.sbn", std::string(70'000'000, '\1'));
  workspace.write("www/a.xml", profile("first"));
  Nginx nginx(workspace, workspace.path("www"),
              {{},
               "location = /next/sip88xx.12-0-2MPP0001-116.loads { return 303 "
               "/sip88xx.12-0-2MPP0001-116.loads; }"});
  Rsyslog rsyslog(workspace);
  const auto run = run_phone(
      workspace, {"--rule", nginx.url("/a.xml"), "--set", "Syslog_Server=" + rsyslog.server(),
                  "--set", "Upgrade_Rule=" + nginx.url("/next/sip88xx.12-0-2MPP0001-116.loads")});
  require_success(run);
  const auto done = run.events("upgrade_done");
  REQUIRE(done.size() == 1);
  CHECK(done[0].at("text") == "sip88xx.12-0-2MPP0001-116");
  CHECK_FALSE(done[0].contains("error"));
  REQUIRE(run.events("rebooted").size() == 1);
  CHECK(run.events("rebooted")[0].at("reason") == "restart_for_upgrade");
  const auto accesses = nginx.accesses(5);
  REQUIRE(accesses.size() == 5);
  CHECK(accesses[1].status == 303);
  CHECK(accesses[2].request == "GET /sip88xx.12-0-2MPP0001-116.loads HTTP/1.1");
  CHECK(accesses[3].request == "GET /kern88xx.sbn HTTP/1.1");
  CHECK(accesses[4].request == "GET /rootfs88xx.sbn HTTP/1.1");
  CHECK(run.events("response").back().at("bytes") == 70'000'000);
  const auto messages = rsyslog.messages(4);
  REQUIRE(messages.size() == 4);
  CHECK(messages[2].find("Requesting upgrade") != std::string::npos);
  CHECK(messages[3].find("Successful upgrade") != std::string::npos);
}

TEST_CASE("what Upgrade_Rule leads to may be no load, and the phone goes on with its own",
          "[R-UPGRADE-05][R-UPGRADE-11]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("first"));
  workspace.write("www/page.loads", "<!DOCTYPE html><html><body>Sign in</body></html>");
  workspace.write("www/denied.bin", "access denied\n");
  workspace.write("www/list.loads", "\1kern88xx.sbn\2rootfs88xx.sbn");
  workspace.write("www/kern88xx.sbn", "\1");
  const Nginx nginx(workspace, workspace.path("www"), {});
  struct Case {
    std::string path, code;
  };
  for (const auto& [path, code] : {Case{"/a.xml", "not_a_load"},
                                   {"/page.loads", "not_a_load"},
                                   {"/denied.bin", "not_a_load"},
                                   {"/list.loads", "file_not_found"}}) {
    INFO(path);
    const auto run = run_phone(workspace, {"--rule", nginx.url("/a.xml"), "--for", "3s", "--set",
                                           "Upgrade_Rule=" + nginx.url(path)});
    CHECK(run.exit_code == 1);
    REQUIRE(run.events("upgrade_done").size() == 1);
    CHECK(run.events("upgrade_done")[0].at("error") == code);
    CHECK(run.events("rebooted").empty());
  }
}

TEST_CASE("serve makes loads of any size, and a phone takes them over HTTP and TFTP",
          "[R-UPGRADE-05][R-UPGRADE-11]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("first"));
  const EmbeddedServer server(
      workspace, {"--http", "0", "--tftp", "0", "--firmware", "fw/", "--load-parts", "3x2MB"});
  for (const auto* scheme : {"http", "tftp"}) {
    INFO(scheme);
    const auto origin = server.origin(scheme);
    const auto run =
        run_phone(workspace, {"--rule", origin + "/a.xml", "--set",
                              "Upgrade_Rule=" + origin + "/fw/sip88xx.12-0-2MPP0001-116.loads"});
    require_success(run);
    REQUIRE(run.events("upgrade_done").size() == 1);
    CHECK_FALSE(run.events("upgrade_done")[0].contains("error"));
    std::size_t parts = 0;
    for (const auto& answer : run.events("response")) parts += answer.at("bytes") == 2'000'000;
    CHECK(parts == 3);
    // What is not called so is not there.
    const auto other = run_phone(workspace, {"--rule", origin + "/fw/a.xml"});
    require_failure(other, "file_not_found");
  }
  for (const auto& flags : {Flags{"--firmware", "/fw", "--load-parts", "0x1MB"},
                            Flags{"--firmware", "/fw", "--load-parts", "6x"},
                            Flags{"--firmware", "/fw", "--load-parts", "65x1"},
                            Flags{"--firmware", "/fw", "--load-parts", "6x4097MiB"},
                            Flags{"--firmware", "/"}, Flags{"--firmware", "../fw"}}) {
    INFO(flags.back());
    const auto refused =
        provphone(workspace, with({"serve", workspace.path("www").string(), "--http", "0"}, flags));
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find(flags.size() == 2 ? "--firmware: " : "--load-parts: ") !=
          std::string::npos);
  }
}

// Below 7.5.2b a phone has to take that first.
TEST_CASE("an SPA phone upgrades in two stages by the versions in its loads' names",
          "[R-UPGRADE-12]") {
  Workspace workspace;
  workspace.write("www/fw/spa50x-30x-7-5-2b.bin", std::string(100'000, '\1'));
  workspace.write("www/fw/spa50x-30x-7-5-5.bin", std::string(100'000, '\1'));
  const Nginx nginx(workspace, workspace.path("www"), {});
  const auto firmware = nginx.url("/fw/spa50x-30x-7-5-");
  workspace.write("www/spa504g.cfg", "<flat-profile><Upgrade_Rule>($SWVER lt 7.5.2b)? " + firmware +
                                         "2b.bin | " + firmware +
                                         "5.bin</Upgrade_Rule></flat-profile>");
  const auto scenario =
      workspace.write("two.yaml",
                      "phones:\n  - {model: SPA504G, firmware: \"7.4.9c\", mac: 000e08012345, set: "
                      "{Profile_Rule: \"" +
                          nginx.url("/spa504g.cfg") +
                          "\", Resync_Random_Delay: 0}, knobs: {restart_duration: 2s}}\n"
                          "limits: {duration: 10s}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  const auto done = run.events("upgrade_done");
  REQUIRE(done.size() == 2);
  CHECK(done[0].at("text") == "7.5.2b");
  CHECK(done[1].at("text") == "7.5.5");
  bool came_back = false;
  for (const auto& access : nginx.accesses(4)) {
    came_back = came_back || (access.request.find(".cfg") != std::string::npos &&
                              access.user_agent.starts_with("Cisco/SPA504G-7.5.2b "));
  }
  CHECK(came_back);
}

TEST_CASE("a NOTIFY makes a phone report to a server that has nothing to say",
          "[R-REPORT-04][R-REPORT-08]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("first"));
  Nginx nginx(workspace, workspace.path("www"), {{}, "location /report { return 204; }"});
  const auto scenario = workspace.write(
      "report.yaml",
      "limits: {duration: 90s}\nphones:\n  - set: {Profile_Rule: \"" + nginx.url("/a.xml") +
          "\", Report_Rule: \"[--status] " + nginx.url("/report/$MA") +
          "\", Report_To_Server: On Local Change, Resync_Random_Delay: 0, Resync_Periodic: 0}\n"
          "events:\n  - {at: 0s, power_on: all}\n  - {at: 3s, notify: report}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  CHECK(run.exit_code == 0);
  const auto reported = run.events("reported");
  REQUIRE(reported.size() == 1);
  CHECK(reported[0].at("text") == "status");
  CHECK_FALSE(reported[0].contains("error"));
  const auto accesses = nginx.accesses(2);
  REQUIRE(accesses.size() == 2);
  CHECK(accesses[1].request == "POST /report/000e08000000 HTTP/1.1");
  CHECK(accesses[1].user_agent == accesses[0].user_agent);
}

}  // namespace
}  // namespace provphone::e2e::upgrade_test
