#include "client/evidence/access_lines.hpp"
#include "client/evidence/device_page.hpp"
#include "client/evidence/server_log.hpp"
#include "client/evidence/summary.hpp"
#include "client/evidence/timeline.hpp"
#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>

namespace texts_test {
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::evidence;
using namespace std::chrono_literals;

trace::TraceEvent event(trace::EventKind kind, resync::Duration at) {
  trace::TraceEvent made{.at = resync::Time{at}, .phone = MacAddress{1}, .event = kind};
  made.rule = "Profile_Rule";
  return made;
}

trace::TraceEvent request(const std::string& url, resync::Duration at = 1s) {
  auto made = event(trace::EventKind::request, at);
  made.method = "GET";
  made.url = url;
  made.user_agent = "an \"agent\"";
  return made;
}

trace::TraceEvent answer(std::optional<int> status, resync::Duration at = 2s) {
  auto made = event(trace::EventKind::response, at);
  made.status = status;
  made.bytes = 4000;
  return made;
}

}  // namespace

TEST_CASE("a run's access log is read back as what was asked") {
  ServerLog log(resync::sys_seconds{std::chrono::seconds(1'764'234'000)});
  CHECK(log.line_of(request("http://h:80/x?a=\"b\""), "10.0.0.1").empty());
  const auto line = log.line_of(answer(200), "10.0.0.1");
  AccessLines reader(*parse_access_format("combined"), {{}, std::nullopt, {}});
  CHECK(read_lines(reader, {line}) ==
        "2025-11-27T09:00:02.000|10.0.0.1|GET /x?a=\"b\"|200|4000|an \"agent\"");
}

TEST_CASE("a run's access log has no line for what no web server has answered") {
  ServerLog log(resync::sys_seconds{});
  CHECK(log.line_of(answer(200), "a").empty());  // nobody has asked
  CHECK(log.line_of(request("http://h/x"), "a").empty());
  CHECK(log.line_of(answer(std::nullopt), "a").empty());
  CHECK(log.line_of(request("tftp://h/x"), "a").empty());
  CHECK(log.line_of(answer(200), "a").empty());
  CHECK(log.line_of(event(trace::EventKind::pass_started, 1s), "a").empty());
  CHECK(made_up_address(0) == "10.0.0.1");
  CHECK(made_up_address(0x01'02'02) == "10.1.2.3");
}

TEST_CASE("a timeline has all phones' requests and messages in the order of time") {
  Seen seen;
  seen.requested = {{"GET", "/x?password=abc", "h"}};
  seen.agents = {""};
  SeenPhone one, two;
  one.mac = MacAddress{0x000e08000001};
  one.sureness = Sureness::named;
  one.requests = {{Instant{2s}, -1, 0, 0, 404, 150}};
  two.address = "10.0.0.7";
  two.messages = {{Instant{1s}, "hello"}};
  seen.phones = {one, two};
  std::vector<std::string> lines;
  tell_timeline(seen, [&](std::string_view line) { lines.emplace_back(line); });
  CHECK(
      lines ==
      std::vector<std::string>{
          R"({"t":"1970-01-01T00:00:01.000Z","phone":"10.0.0.7","text":"hello","sure":"address"})",
          R"({"t":"1970-01-01T00:00:02.000Z","phone":"000e08000001","method":"GET",)"
          R"("path":"/x?password=********","host":"h","status":404,"bytes":150,"sure":"named"})"});
}

TEST_CASE("a summary says what was read and what was not") {
  LogReport report;
  report.files = 1;
  report.lines = 9;
  report.kinds[LogKind::access] = 1;
  report.misfit_count = 6;
  report.misfits = {"a:1: expected b"};
  report.clock_jumps = 2;
  report.from = Instant{1s};
  report.to = Instant{2s};
  Gathered gathered;
  gathered.of_others = 3;
  SeenPhone phone;
  phone.sureness = Sureness::leased;
  phone.requests.resize(2);
  gathered.seen.phones = {phone};
  CHECK(summary_text(report, gathered) ==
        "read      9 lines of 1 file: access log\n"
        "found     2 requests and 0 messages of 1 phone, from 1970-01-01T00:00:01.000Z to "
        "1970-01-01T00:00:02.000Z\n"
        "phones    1 by a lease\n"
        "left out  3 of browsers, tools and others that are no phone\n"
        "odd       2 earlier than the line before by more than a minute\n"
        "not read  6 lines\n"
        "  a:1: expected b\n"
        "  and 5 more\n");
}

TEST_CASE("a phone's own pages say who it is and whether it has rules") {
  const auto page = read_device_page(
      "<flat-profile><Product_Name ua=\"na\">CP-8841-3PCC</Product_Name>"
      "<MAC_Address>000E08000001</MAC_Address><Serial_Number>FCH1</Serial_Number>"
      "<Software_Version>sip88xx.12-0-1MPP0001-7</Software_Version></flat-profile>",
      "p");
  REQUIRE(page);
  CHECK(page->mac == MacAddress{0x000e08000001});
  CHECK(page->model == "CP-8841-3PCC");
  CHECK(page->serial == "FCH1");
  CHECK(page->has == DevicePage::Has::state_alone);
  const auto has = [](const std::string& inside) {
    return read_device_page("<flat-profile>" + inside + "</flat-profile>", "p")->has;
  };
  CHECK(has("<Resync_Periodic>1</Resync_Periodic>") == DevicePage::Has::parameters);
  CHECK(has("<GPP_A/><Profile_Rule>x</Profile_Rule><GPP_B>y</GPP_B>") == DevicePage::Has::rules);
  CHECK(read_device_page("<a/>", "p").error().detail.starts_with("p: expected parameters, or"));
  CHECK(read_device_page("<a>", "p").error().detail.starts_with("p: expected what a phone's"));
}

}  // namespace texts_test
