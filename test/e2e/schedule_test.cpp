#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// Phones that stay on for some seconds.
namespace provphone::e2e::schedule_test {
namespace {

double time_of(const Json& event) {
  return event.at("t").get<double>();
}

// The due time of each arming of one timer; a timer that stays off has none.
std::vector<double> dues(const PhoneRun& run, const std::string& timer) {
  std::vector<double> result;
  for (const auto& event : run.events("timer_armed")) {
    if (event.at("timer") == timer && event.at("due").is_number()) {
      result.push_back(event.at("due").get<double>());
    }
  }
  return result;
}

std::vector<int> kinds(const std::vector<Json>& passes) {
  std::vector<int> result;
  for (const auto& pass : passes) result.push_back(pass.at("kind").get<int>());
  return result;
}

// Both times are whole milliseconds, so the only difference is that of binary fractions.
auto exactly(double seconds) {
  return Approx(seconds).margin(0.0001).epsilon(0);
}

// How late is the machine's affair. Drivers under a clock that stands still are on time exactly.
void check_not_early(double happened, double due) {
  CHECK(happened >= due - 0.0011);
}

TEST_CASE("a phone passes at power-on and then each time its period is over",
          "[R-RESYNC-06][R-RESYNC-07]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("periodic"));
  Nginx nginx(workspace, workspace.path("www"));
  RunningPhone phone(workspace, {"--rule", nginx.url("/a.xml"), "--boot", "--for", "1h", "--set",
                                 "Resync_Random_Delay=0", "--set", "Resync_Periodic=1"});
  REQUIRE(nginx.accesses(4).size() >= 4);  // so that three passes are over
  phone.interrupt();
  const auto run = phone.finish();
  CHECK(run.events("powered_on").size() == 1);
  const auto started = kinds(run.events("pass_started"));
  CHECK(started[0] == 0);
  CHECK(std::all_of(started.begin() + 1, started.end(), [](int kind) { return kind == 1; }));
  CHECK(run.events("pass_failed").empty());
  const auto succeeded = run.events("pass_succeeded");
  REQUIRE(succeeded.size() >= 3);
  const auto due = dues(run, "periodic");
  REQUIRE(due.size() == succeeded.size());
  const auto requests = run.events("request");
  REQUIRE(requests.size() >= 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(due[i] == exactly(time_of(succeeded[i]) + 1.0));
    check_not_early(time_of(requests[i + 1]), due[i]);
  }
}

TEST_CASE("a phone whose server goes away walks its retry list and repeats the last delay",
          "[R-RESYNC-08][R-RESYNC-13]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("once"));
  Nginx nginx(workspace, workspace.path("www"));
  Rsyslog rsyslog(workspace);
  RunningPhone phone(
      workspace, {"--rule", nginx.url("/a.xml"), "--boot", "--for", "1h", "--set",
                  "Syslog_Server=" + rsyslog.server(), "--set", "Resync_Random_Delay=0", "--set",
                  "Resync_Periodic=3", "--set", "Resync_Error_Retry_Delay=1,2"});
  REQUIRE_FALSE(nginx.accesses(1).empty());
  nginx.stop();
  const auto failures = [&] {
    const auto messages = rsyslog.messages(0);
    return std::count_if(messages.begin(), messages.end(), [](const std::string& message) {
      return message.find("Resync failed") != std::string::npos;
    });
  };
  REQUIRE(eventually(patience, [&] { return failures() >= 4; }));
  phone.interrupt();
  const auto run = phone.finish();

  CHECK(run.parameter("GPP_A") == "once");
  const auto failed = run.events("pass_failed");
  REQUIRE(failed.size() >= 4);
  CHECK(run.error_count("connection_refused") == failed.size());
  const auto passes = kinds(run.events("pass_started"));
  const auto well = run.events("pass_succeeded").size();
  REQUIRE(passes.size() >= well + failed.size());
  CHECK(passes[0] == 0);
  for (std::size_t i = 1; i < passes.size(); ++i) CHECK(passes[i] == (i <= well ? 1 : 2));
  const auto due = dues(run, "error_retry");
  REQUIRE(due.size() == failed.size());
  const auto requests = run.events("request");
  for (std::size_t i = 0; i < failed.size(); ++i) {
    CHECK(due[i] == exactly(time_of(failed[i]) + (i == 0 ? 1.0 : 2.0)));
    if (well + i + 1 < requests.size()) check_not_early(time_of(requests[well + i + 1]), due[i]);
  }
}

TEST_CASE("a phone with a retry delay of 0 does not retry", "[R-RESYNC-09]") {
  Workspace workspace;
  const auto run = run_phone(
      workspace,
      {"--rule", "http://127.0.0.1:" + std::to_string(free_tcp_port()) + "/a.xml", "--boot",
       "--set", "Resync_Random_Delay=0", "--set", "Resync_Error_Retry_Delay=0"});
  CHECK(run.exit_code == 1);
  CHECK(kinds(run.events("pass_started")) == std::vector<int>{0});
  CHECK(dues(run, "error_retry").empty());
  const auto armed = run.events("timer_armed");
  REQUIRE_FALSE(armed.empty());
  CHECK(armed.back().at("timer") == "error_retry");
  CHECK(armed.back().at("due").is_null());
  CHECK(armed.back().at("reason") == "error_retry_disabled");
}

}  // namespace
}  // namespace provphone::e2e::schedule_test
