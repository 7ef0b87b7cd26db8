#include "client/report/request_table.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace request_table_test {

using namespace provphone;
using namespace provphone::client;
using namespace std::chrono_literals;
using trace::EventKind;
using trace::TraceEvent;

namespace {

TraceEvent event(EventKind kind, resync::Duration at, std::string_view rule = "Profile_Rule",
                 std::uint32_t number = 0) {
  TraceEvent made{resync::Time{at}, MacAddress{}, kind};
  made.rule = rule;
  made.number = number;
  return made;
}

TraceEvent request(resync::Duration at, std::string url, std::string_view rule = "Profile_Rule",
                   std::uint32_t number = 0) {
  auto made = event(EventKind::request, at, rule, number);
  made.method = "GET";
  made.url = std::move(url);
  made.server_address = "192.0.2.1";
  return made;
}

std::vector<std::string> rows_of(const std::vector<TraceEvent>& events) {
  std::vector<std::string> lines;
  report::RequestTable table([](std::uint32_t phone) { return "group-" + std::to_string(phone); },
                             [&](std::string_view line) { lines.emplace_back(line); });
  for (const auto& each : events) table.add(each);
  table.finish();
  REQUIRE(lines.size() > 0);
  const auto commas = [](const std::string& line) {
    return std::count(line.begin(), line.end(), ',');
  };
  CHECK(commas(lines.front()) == 17);
  lines.erase(lines.begin());
  return lines;
}

}  // namespace

TEST_CASE("a request and its answer are one line") {
  auto answer = event(EventKind::response, 1'250ms);
  answer.status = 200;
  answer.bytes = 46;
  answer.times.connect = 12;
  answer.times.first_byte = 34;
  answer.times.response = 50;
  CHECK(rows_of({request(1s, "http://a.example.net/x"), answer}) ==
        std::vector<std::string>{"1.000,1.250,000000000000,group-0,Profile_Rule,GET,"
                                 "http://a.example.net/x,192.0.2.1,200,,46,,12,,34,,50,"});
}

TEST_CASE("what a phone took an answer for is its error, and so is why there was none") {
  auto refused = event(EventKind::response, 1s);
  refused.status = 404;
  refused.refused = Errc::file_not_found;
  auto failed = event(EventKind::response, 2s);
  failed.error = Errc::connection_refused;
  const auto rows = rows_of({request(1s, "a"), refused, request(2s, "b"), failed});
  REQUIRE(rows.size() == 2);
  CHECK_THAT(rows[0], Catch::Contains(",404,file_not_found,"));
  CHECK_THAT(rows[1], Catch::Contains(",b,192.0.2.1,,connection_refused,"));
}

TEST_CASE("rules and phones are told apart, and what nothing comes of is not lost") {
  const auto rows = rows_of({request(1s, "profile"), request(1s, "load", "Upgrade_Rule"),
                             request(1s, "other", "Profile_Rule", 1),
                             event(EventKind::response, 2s, "Upgrade_Rule"),
                             // Power came back, and the phone asks once more.
                             request(3s, "again"), event(EventKind::pass_succeeded, 3s),
                             event(EventKind::response, 4s, "Profile_Rule_B")});
  REQUIRE(rows.size() == 4);
  CHECK_THAT(rows[0], Catch::StartsWith("1.000,2.000,000000000000,group-0,Upgrade_Rule,GET,load,"));
  CHECK_THAT(rows[1], Catch::StartsWith("1.000,,000000000000,group-0,Profile_Rule,GET,profile,"));
  CHECK_THAT(rows[2], Catch::StartsWith("3.000,,000000000000,group-0,Profile_Rule,GET,again,"));
  CHECK_THAT(rows[3], Catch::StartsWith("1.000,,000000000000,group-1,Profile_Rule,GET,other,"));
}

TEST_CASE("a field with a comma, a quote or a line end is quoted") {
  const auto rows = rows_of({request(1s, "http://a/x,y\"z\"\nw")});
  REQUIRE(rows.size() == 1);
  CHECK_THAT(rows[0], Catch::Contains(",\"http://a/x,y\"\"z\"\"\nw\",192.0.2.1,"));
}

}  // namespace request_table_test
