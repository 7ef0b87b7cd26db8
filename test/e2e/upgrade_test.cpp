#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

// Phones that load new firmware, and phones that report.
namespace provphone::e2e {
namespace {

TEST_CASE("a phone upgrades behind its pass, follows a 303 to the load, and logs both ends",
          "[R-UPGRADE-05][R-UPGRADE-08]") {
  Workspace workspace;
  workspace.write("www/sip88xx.12-0-2MPP0001-116.loads", std::string(300'000, 'x'));
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
  const auto accesses = nginx.accesses(3);
  REQUIRE(accesses.size() == 3);
  CHECK(accesses[1].status == 303);
  CHECK(accesses[2].request == "GET /sip88xx.12-0-2MPP0001-116.loads HTTP/1.1");
  const auto messages = rsyslog.messages(4);
  REQUIRE(messages.size() == 4);
  CHECK(messages[2].find("Requesting upgrade") != std::string::npos);
  CHECK(messages[3].find("Successful upgrade") != std::string::npos);
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
}  // namespace provphone::e2e
