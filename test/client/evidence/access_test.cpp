#include "client/evidence/access_lines.hpp"
#include "client/evidence/capture_lines.hpp"
#include "client/evidence/json_lines.hpp"
#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>

namespace access_test {
namespace {

using namespace provphone;
using namespace provphone::client::evidence;

LogClock utc_clock() {
  return {{}, std::nullopt, {}};
}

std::string read_as(const std::string& format, const std::string& line) {
  const auto parsed = parse_access_format(format);
  INFO((parsed ? "" : parsed.error().detail));
  REQUIRE(parsed);
  AccessLines reader(*parsed, utc_clock());
  return read_lines(reader, {line});
}

std::string refused(const std::string& format) {
  const auto parsed = parse_access_format(format);
  REQUIRE_FALSE(parsed);
  return parsed.error().detail;
}

const std::string combined_line =
    R"x(10.1.0.7 - - [27/Nov/2026:10:00:01 +0100] "GET /000e08012345.xml HTTP/1.1" 200 4000 "-" "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)")x";

}  // namespace

TEST_CASE("access logs are read in the formats of nginx and Apache") {
  struct Row {
    std::string format, line, seen;
  };
  const Row rows[] = {
      {"combined", combined_line,
       "2026-11-27T09:00:01.000|10.1.0.7|GET /000e08012345.xml|200|4000|"
       "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)"},
      {"common", R"(10.1.0.7 - bob [27/Nov/2026:10:00:01 +0000] "GET /x?y=1 HTTP/1.0" 404 -)",
       "2026-11-27T10:00:01.000|10.1.0.7|GET /x?y=1|404|-1"},
      {"main",
       R"(10.9.9.9 - - [27/Nov/2026:10:00:01 +0000] "GET /x HTTP/1.1" 200 1 "-" "a" "10.1.0.7, 10.2.2.2")",
       "2026-11-27T10:00:01.000|10.1.0.7|GET /x|200|1|a"},
      {"vhost_combined",
       R"(p.example.net:443 10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] "GET /x HTTP/1.1" 200 1 "-" "a")",
       "2026-11-27T10:00:01.000|10.1.0.7|GET /x|200|1|p.example.net|a"},
      // nginx has the end of a request, Apache its beginning.
      {R"($msec $remote_addr "$request_method $request_uri" $status $request_time $ssl_client_s_dn)",
       R"(1764234001.250 10.1.0.7 "GET /x" 200 0.250 CN=000e08012345, O=x)",
       "2025-11-27T09:00:01.000|10.1.0.7|GET /x|200|-1|250 ms|https|CN=000e08012345, O=x"},
      {R"(%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D %v %{SSL_CLIENT_S_DN}x)",
       R"(10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] "GET /x HTTP/1.1" 200 12 "-" "a" 250400 h CN=1)",
       "2026-11-27T10:00:01.000|10.1.0.7|GET /x|200|12|250 ms|https|h|a|CN=1"},
      // Quotes and octets that logs escape.
      {"combined",
       R"(10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] "GET /a\x22b\"c HTTP/1.1" 200 1 "\"" "a \"b\"")",
       R"(2026-11-27T10:00:01.000|10.1.0.7|GET /a"b"c|200|1|a "b")"},
      // A proxy's request line, and octets of a TLS handshake.
      {"common", R"(10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] "GET http://h:80/x HTTP/1.1" 200 1)",
       "2026-11-27T10:00:01.000|10.1.0.7|GET /x|200|1|http|h:80"},
      {"common", R"(10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] "\x16\x03" 400 150)",
       "2026-11-27T10:00:01.000|10.1.0.7| \x16\x03|400|150"},
  };
  for (const auto& row : rows) {
    INFO(row.line);
    CHECK(read_as(row.format, row.line) == row.seen);
  }
}

TEST_CASE("lines that do not fit say what is not where it belongs") {
  CHECK(read_as("common", "10.1.0.7 - - [now]").find("$time_local is not where it belongs") !=
        std::string::npos);
  CHECK(read_as("common", combined_line).find("$body_bytes_sent is not") != std::string::npos);
  CHECK(read_as("common", R"(a - - [now] "GET /x HTTP/1.1" 200 1)") ==
        "expected a time as the format has it");
  CHECK(read_as("common", R"(a - - [27/Nov/2026:10:00:01 +0000] "GET /x HTTP/1.1" up 1)") ==
        "expected three digits as the status");
  CHECK(read_as("combined", "").starts_with("expected a line of the format combined"));
}

TEST_CASE("formats that cannot be read by are refused") {
  CHECK(refused("nonsense").starts_with("'nonsense': expected common, combined, "));
  CHECK(refused("$request $status").starts_with("expected a time in it"));
  CHECK(refused("[$time_local] $status").starts_with("expected a request in it"));
  CHECK(refused("$time_local$request").starts_with("expected something between $time_local and"));
  CHECK(refused("%t %{x \"%r\"") == "expected a field at character 4, behind the %");
}

TEST_CASE("access logs in JSON are read by the usual names") {
  const auto read = [](const std::string& line) {
    JsonAccessLines reader(utc_clock());
    return read_lines(reader, {line});
  };
  CHECK(
      read(
          R"({"time_iso8601":"2026-11-27T10:00:01+01:00","remote_addr":"10.1.0.7","request":)"
          R"("GET /x HTTP/1.1","status":"200","body_bytes_sent":"4000","request_time":"0.020"})") ==
      "2026-11-27T09:00:00.980|10.1.0.7|GET /x|200|4000|20 ms");
  CHECK(read(R"({"ts":1764234001.5,"request":{"remote_ip":"10.1.0.7","method":"GET","uri":"/x",)"
             R"("host":"h","headers":{"User-Agent":["a"]}},"status":404,"size":0})") ==
        "2025-11-27T09:00:01.500|10.1.0.7|GET /x|404|0|h|a");
  CHECK(read(R"({"time":"2026-11-27T10:00:01Z")") == "expected one JSON object a line");
  CHECK(read("{}").starts_with("expected a member with the time"));
  CHECK(read(R"({"msec":1})").starts_with("expected a member with the request"));
}

TEST_CASE("records of serve and traces are read back") {
  RecordLines record(Instant{std::chrono::seconds(100)});
  CHECK(read_lines(record, {R"({"t":1.5,"protocol":"http","method":"GET","path":"/x","phone":)"
                            R"("127.0.0.1","user_agent":"a","status":200,"bytes":9})"}) ==
        "1970-01-01T00:01:41.500|127.0.0.1|GET /x|200|9|http|a");
  CHECK(read_lines(record, {"{}"}).starts_with("expected a JSON object with t, protocol"));

  TraceLines trace(Instant{});
  const std::string asked =
      R"({"t":1.0,"phone":"000e08000001","event":"request","rule":"Profile_Rule","method":"GET",)"
      R"("url":"http://10.0.0.1:80/x"})";
  CHECK(read_lines(trace, {asked}) == "nothing");
  CHECK(read_lines(trace, {R"({"t":1.02,"phone":"000e08000001","event":"response","rule":)"
                           R"("Profile_Rule","status":200,"bytes":7})"}) ==
        "1970-01-01T00:00:01.000||000e08000001|GET /x|200|7|20 ms|http|10.0.0.1:80");
  CHECK(read_lines(trace, {R"({"t":2,"phone":"000e08000001","event":"syslog","text":"hello"})"}) ==
        "1970-01-01T00:00:02.000||000e08000001|hello");
  CHECK(read_lines(trace, {"x"}).starts_with("expected "));
  // A request that nobody answered is told at the end.
  read_lines(trace, {asked});
  std::string left;
  trace.end([&](const Sighting& seen) { left = shown(seen); });
  CHECK(left == "1970-01-01T00:00:01.000||000e08000001|GET /x|0|-1|http|10.0.0.1:80");
}

TEST_CASE("captures in tshark's JSON are read packet by packet") {
  const auto packet = [](const std::string& layers) {
    return std::vector<std::string>{"  {", R"("_source": {"layers": {)" + layers + "}}", "  },"};
  };
  CaptureLines reader;
  CHECK(read_lines(reader, {"["}) == "nothing");
  CHECK(
      read_lines(reader,
                 packet(R"("frame":{"frame.number":"4","frame.time_epoch":"1764234001.250000000"},)"
                        R"("ip":{"ip.src":"10.1.0.7"},"http":{"GET /x HTTP/1.1\\r\\n":)"
                        R"({"http.request.method":"GET","http.request.uri":"/x"},"http.host":"h",)"
                        R"("http.user_agent":"a"})")) == "nothing");
  CHECK(
      read_lines(reader,
                 packet(R"("frame":{"frame.number":"6","frame.time_epoch":"1764234001.270000000"},)"
                        R"("http":{"HTTP/1.1 200 OK":{"http.response.code":"200"},)"
                        R"("http.content_length_header":"9","http.request_in":"4"})")) ==
      "2025-11-27T09:00:01.250|10.1.0.7|GET /x|200|9|20 ms|h|a");
  CHECK(read_lines(reader,
                   packet(R"("frame":{"frame.time_epoch":"1764234001.0"},"ip":{"ip.src":)"
                          R"("10.1.0.8"},"tftp":{"tftp.opcode":"1","tftp.source_file":"y"})")) ==
        "2025-11-27T09:00:01.000|10.1.0.8|RRQ /y|0|-1|tftp");
  CHECK(read_lines(reader, packet("")).starts_with("expected a packet as"));
  CHECK(read_lines(reader, {"what"}).starts_with("expected a packet as"));
}

}  // namespace access_test
