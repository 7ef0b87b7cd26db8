#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about log messages.
namespace provphone::e2e::exercises::syslog_test {
namespace {

// A TFTP server with basic.txt, and a log server.
struct Lab {
  Workspace workspace;
  Atftpd tftp{workspace, [this] {
                workspace.write("tftp/basic.txt", basic_profile());
                return workspace.path("tftp");
              }()};
  Rsyslog rsyslog{workspace};
  std::string basic = tftp.url("/basic.txt");
};

TEST_CASE_METHOD(Lab, "exercise: use syslog to log messages", "[R-LOG-10][R-LOG-17][R-LOG-18]") {
  Desk desk(workspace);
  // 1 to 3: a log server runs, and the tab System is told of it.
  CHECK(desk.field(system_tab, "Syslog_Server").empty());
  desk.submit(system_tab, {{"Syslog_Server", rsyslog.server()}});
  REQUIRE(desk.shows(system_tab, "Syslog_Server", rsyslog.server()));
  // 4 and 5: the resync of the TFTP exercise sends two messages.
  desk.resync_to(basic);
  CHECK(logged(rsyslog, who + "Requesting resync " + basic));
  CHECK(logged(rsyslog, who + "Successful resync " + basic));
  CHECK(times_logged(rsyslog, basic) == 2);
  // The phone's own log has them too.
  CHECK(desk.says("/admin/debug", "Successful resync " + basic));
  // A debug server in its place is told more, and the log server nothing.
  const Rsyslog debug(workspace);
  desk.submit(system_tab,
              {{"Syslog_Server", ""}, {"Debug_Server", debug.server()}, {"Debug_Level", "3"}});
  REQUIRE(desk.shows(system_tab, "Debug_Server", debug.server()));
  desk.resync_to(basic);
  CHECK(logged(debug, who + "resync -1 begins: one_time_request"));
  CHECK(logged(debug, "asking for " + basic));
  CHECK(times_logged(rsyslog, basic) == 2);
}

TEST_CASE_METHOD(Lab, "exercise: send log messages to the syslog server",
                 "[R-LOG-10][R-LOG-11][R-LOG-13]") {
  Desk desk(workspace);
  // 1 and 2: server and identifier on the tab System.
  CHECK(desk.field(system_tab, "Syslog_Identifier") == "None");
  desk.submit(system_tab, {{"Syslog_Server", rsyslog.server()}, {"Syslog_Identifier", "$MAU"}});
  REQUIRE(desk.shows(system_tab, "Syslog_Identifier", "$MAU"));
  // 3 and 4: one text of one's own, and one that is cleared.
  CHECK(desk.field(provisioning_tab, "Log_Success_Msg") ==
        "$PN $MAC -- Successful resync $SCHEME://$SERVIP:$PORT$PATH");
  desk.submit(provisioning_tab,
              {{"Log_Request_Msg", ""}, {"Log_Success_Msg", "$PN has been to $SERVIP for $PATH"}});
  REQUIRE(desk.shows(provisioning_tab, "Log_Request_Msg", ""));
  // 5: the resync shows it.
  desk.resync_to(basic);
  CHECK(logged(rsyslog, " 000E08ABCDEF CP-7841-3PCC has been to 127.0.0.1 for /basic.txt"));
  CHECK(times_logged(rsyslog, "Requesting resync " + basic) == 0);
  desk.resync_to(tftp.url("/missing.txt"));
  CHECK(logged(rsyslog, " 000E08ABCDEF " + who + "Resync failed: File not found"));
}

TEST_CASE_METHOD(Lab, "exercise: the identifiers that syslog messages may have", "[R-LOG-13]") {
  Desk desk(workspace, {"--set", "Syslog_Server=" + rsyslog.server()});
  for (const auto& [identifier, text] : Values{{"$MA", "000e08abcdef"},
                                               {"$MAU", "000E08ABCDEF"},
                                               {"$MAC", "00:0e:08:ab:cd:ef"},
                                               {"$SN", "88012BA01234"}}) {
    INFO(identifier);
    desk.submit(system_tab, {{"Syslog_Identifier", identifier}});
    REQUIRE(desk.shows(system_tab, "Syslog_Identifier", identifier));
    desk.resync_to(basic);
    CHECK(logged(rsyslog, " " + text + " " + who + "Successful resync " + basic));
  }
}

}  // namespace
}  // namespace provphone::e2e::exercises::syslog_test
