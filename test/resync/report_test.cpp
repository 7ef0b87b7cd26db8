#include "resync/device.hpp"
#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace report_test {

using namespace std::chrono_literals;
using namespace provphone;
using provphone::test::Script;
using resync::Device;
using resync::Reason;

namespace {

Script reporting(std::string_view when) {
  Script script;
  script.set("Report_Rule", "http://127.0.0.1/report")
      .set("Report_To_Server", when)
      .set("Periodic_Upload_To_Server", "600")
      .set("Upload_Delay_On_Local_Change", "60")
      .set("Resync_Random_Delay", "0")
      .set("Resync_Periodic", "0")
      .set("Resync_On_Reset", "No");
  return script;
}

}  // namespace

TEST_CASE("a phone that is asked for a report sends one, whatever Report_To_Server says",
          "[R-REPORT-04]") {
  for (const auto* when : {"On Request", "On Local Change", "Periodically"}) {
    reporting(when).powered_on().at(10s).report_requested().sent_reports(Reason::report_requested);
  }
}

TEST_CASE("a phone without a Report_Rule, or without power, sends no report", "[R-REPORT-04]") {
  reporting("On Request").set("Report_Rule", "").powered_on().sent_no_reports();
  reporting("On Request").set("Report_Rule", "").powered_on().report_requested().sent_no_reports();
  reporting("On Request").report_requested().sent_no_reports();
}

TEST_CASE("a phone that reports on request does so when it has come up", "[R-REPORT-04]") {
  reporting("On Request").powered_on().sent_reports(Reason::report_after_start).quiet_forever();
  reporting("On Local Change").powered_on().sent_no_reports();
  reporting("Periodically").powered_on().sent_no_reports();
}

TEST_CASE("a restart is a start, too", "[R-REPORT-04]") {
  reporting("On Request").powered_on().at(10s).restart_requested().sent_no_reports();
  auto script = reporting("On Request");
  script.powered_on().at(10s).restart_requested().deadline_comes();
  script.sent_reports(Reason::report_after_start);
}

TEST_CASE("a phone that reports periodically does so each time its period is over",
          "[R-REPORT-05]") {
  reporting("Periodically")
      .powered_on()
      .reports_at(600s, Reason::report_period)
      .reports_at(1200s, Reason::report_period);
}

TEST_CASE("a phone reports once, a while behind the first of several changes made at it",
          "[R-REPORT-05]") {
  reporting("On Local Change")
      .powered_on()
      .at(10s)
      .parameters_changed()
      .at(50s)
      .parameters_changed()
      .reports_at(70s, Reason::local_change)
      .quiet_forever();
}

TEST_CASE("what a person changes is no reason to report unless Report_To_Server says so",
          "[R-REPORT-05]") {
  reporting("On Request").powered_on().at(10s).parameters_changed().quiet_forever();
}

TEST_CASE("a report that a timer makes due waits for the end of a pass", "[R-REPORT-05]") {
  reporting("Periodically")
      .powered_on()
      .at(590s)
      .resync_requested()
      .at(700s)
      .sent_no_reports()
      .pass_succeeds()
      .deadline_comes()
      .sent_reports(Reason::report_period);
}

TEST_CASE("power forgets the report that was due", "[R-REPORT-05]") {
  reporting("On Local Change").powered_on().parameters_changed().powered_off().quiet_forever();
}

TEST_CASE("a period of nothing does not keep a phone reporting without a pause",
          "[R-REPORT-05][R-RESYNC-11]") {
  reporting("Periodically")
      .set("Periodic_Upload_To_Server", "0")
      .powered_on()
      .reports_at(1s, Reason::report_period)
      .reports_at(2s, Reason::report_period);
}

TEST_CASE("a legacy phone reports when it is asked to, whatever Report_To_Server says",
          "[R-REPORT-05]") {
  Device spa;
  spa.personality = resync::personality_of(profile::Generation::spa);
  spa.parameters.set(*profile::find_parameter("Report_To_Server"), "Periodically");
  CHECK(resync::settings_of(spa.parameters, spa.personality).report_to_server ==
        resync::ReportToServer::on_request);
}

}  // namespace report_test
