#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// Phones that stay on for some seconds.
namespace provphone::e2e {
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

// Never early; how late is the machine's affair, within reason.
void check_on_time(double happened, double due) {
  CHECK(happened >= due - 0.0011);
  CHECK(happened <= due + 1.0);
}

TEST_CASE("a phone passes at power-on and then each time its period is over",
          "[R-RESYNC-06][R-RESYNC-07]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("periodic"));
  Nginx nginx(workspace, workspace.path("www"));
  const auto run =
      run_phone(workspace, {"--rule", nginx.url("/a.xml"), "--boot", "--for", "5s", "--set",
                            "Resync_Random_Delay=0", "--set", "Resync_Periodic=2"});
  require_success(run);
  CHECK(run.events("powered_on").size() == 1);
  const auto started = run.events("pass_started");
  REQUIRE(kinds(started) == std::vector<int>{0, 1, 1});
  const auto succeeded = run.events("pass_succeeded");
  REQUIRE(succeeded.size() == 3);
  const auto due = dues(run, "periodic");
  REQUIRE(due.size() == 3);
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 3);
  check_on_time(time_of(started[0]), 0.0);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(due[i] == exactly(time_of(succeeded[i]) + 2.0));
    check_on_time(time_of(requests[i + 1]), due[i]);
  }
  CHECK(nginx.accesses(3).size() == 3);
}

TEST_CASE("a phone whose server goes away walks its retry list and repeats the last delay",
          "[R-RESYNC-08][R-RESYNC-13]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("once"));
  Nginx nginx(workspace, workspace.path("www"));
  RunningPhone phone(workspace, {"--rule", nginx.url("/a.xml"), "--boot", "--for", "8s", "--set",
                                 "Resync_Random_Delay=0", "--set", "Resync_Periodic=2", "--set",
                                 "Resync_Error_Retry_Delay=1,2"});
  REQUIRE(nginx.accesses(1).size() == 1);
  nginx.stop();
  const auto run = phone.finish();

  CHECK(run.exit_code == 1);
  CHECK(run.result.at("verdict") == "fail");
  CHECK(run.parameter("GPP_A") == "once");
  // 0 boot, 2 periodic, then 3, 5 and 7: three retries, with a second to spare on either side of
  // the end.
  REQUIRE(kinds(run.events("pass_started")) == std::vector<int>{0, 1, 2, 2, 2});
  const auto failed = run.events("pass_failed");
  REQUIRE(failed.size() == 4);
  CHECK(run.error_count("connection_refused") == failed.size());
  const auto due = dues(run, "error_retry");
  REQUIRE(due.size() == failed.size());
  const std::vector<double> delays{1.0, 2.0, 2.0, 2.0};
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 5);
  for (std::size_t i = 0; i < failed.size(); ++i) {
    CHECK(due[i] == exactly(time_of(failed[i]) + delays[i]));
    if (i + 2 < requests.size()) check_on_time(time_of(requests[i + 2]), due[i]);
  }
}

TEST_CASE("a phone with a retry delay of 0 does not retry", "[R-RESYNC-09]") {
  Workspace workspace;
  const auto run = run_phone(
      workspace,
      {"--rule", "http://127.0.0.1:" + std::to_string(free_tcp_port()) + "/a.xml", "--boot",
       "--for", "1s", "--set", "Resync_Random_Delay=0", "--set", "Resync_Error_Retry_Delay=0"});
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
}  // namespace provphone::e2e
