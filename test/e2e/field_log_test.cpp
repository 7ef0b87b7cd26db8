#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// `provphone scenario from-log` with logs that real servers have written, and the way back.
namespace provphone::e2e::field_log_test {
namespace {

const std::string mac = "000e08300001";

struct Made {
  CommandResult command;
  std::string scenario;  // the text
  std::filesystem::path file;
  std::vector<Json> timeline;
};

Made from_log(Workspace& workspace, const std::filesystem::path& log, const Flags& flags = {}) {
  Made made;
  made.file = workspace.path("field.yaml");
  const auto timeline = workspace.path("timeline.jsonl");
  made.command = provphone(workspace, with({"scenario", "from-log", log.string(), "--output",
                                            made.file.string(), "--timeline", timeline.string()},
                                           flags));
  INFO(made.command.err);
  REQUIRE(made.command.exit_code == 0);
  made.scenario = read_file(made.file);
  for (const auto& line : lines_of(read_file(timeline))) made.timeline.push_back(Json::parse(line));
  return made;
}

// What a forecast says of a scenario that was made.
Json forecast_of(Workspace& workspace, const Made& made) {
  INFO(made.scenario);
  const auto command =
      provphone(workspace, {"forecast", made.file.string(), "--json", "-", "--quiet"});
  INFO(command.err);
  REQUIRE(command.exit_code < 2);
  return Json::parse(command.out);
}

std::string path_in(const std::string& url) {
  const auto host = url.find("://") + 3;
  return url.substr(url.find('/', host));
}

TEST_CASE("nginx's log of a phone is a scenario with its rule and what failed") {
  Workspace workspace;
  workspace.write("root/" + mac + ".xml", "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  Nginx::Options options;
  options.locations = "access_log " + workspace.path("combined.log").string() + " combined;";
  Nginx nginx(workspace, workspace.path("root"), options);
  const Flags phone{"--mac", mac, "--model", "CP-7841-3PCC", "--rule"};
  run_phone(workspace, with(phone, {nginx.url("/$MA.xml")}));
  run_phone(workspace, with(phone, {nginx.url("/none/$PSN.xml")}));
  // nginx writes a line after it has answered.
  const auto log = workspace.path("combined.log");
  eventually(patience, [&] { return lines_of(read_file(log)).size() >= 2; });
  const auto made = from_log(workspace, log);
  REQUIRE(made.timeline.size() == 2);
  CHECK(made.timeline[0]["phone"] == mac);
  CHECK(made.timeline[0]["status"] == 200);
  CHECK(made.timeline[1]["path"] == "/none/7841-3PCC.xml");
  CHECK(made.timeline[1]["status"] == 404);
  CHECK(contains(made.scenario, "mac: \"" + mac + "\""));
  CHECK(contains(made.scenario, "model: \"CP-7841-3PCC\""));
  CHECK(contains(made.scenario, "\"http://prov.example.net/$MA.xml\""));
  CHECK(contains(made.scenario, "\"http://prov.example.net/none/$PSN.xml\""));
  CHECK(contains(made.scenario, "as: 404"));
  CHECK(forecast_of(workspace, made)["errors"]["file_not_found"] > 0);
}

TEMPLATE_TEST_CASE("logs of TFTP servers tell who asked for which file", "", Atftpd, DnsmasqTftp) {
  Workspace workspace;
  workspace.write("tftp/" + mac + ".xml", "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  TestType server(workspace, workspace.path("tftp"));
  run_phone(workspace, {"--mac", mac, "--rule", server.url("/$MA.xml")});
  run_phone(workspace, {"--mac", mac, "--rule", server.url("/none.xml")});
  eventually(patience, [&] { return contains(server.log(), "none.xml"); });
  const auto made = from_log(workspace, workspace.write("tftp.log", server.log()));
  std::vector<std::string> asked;
  for (const auto& line : made.timeline)
    if (line["phone"] == mac) asked.push_back(line["path"]);
  CHECK(std::find(asked.begin(), asked.end(), "/" + mac + ".xml") != asked.end());
  CHECK(std::find(asked.begin(), asked.end(), "/none.xml") != asked.end());
  CHECK(contains(made.scenario, "\"tftp://prov.example.net/$MA.xml\""));
  forecast_of(workspace, made);
}

TEST_CASE("the access log of a forecast is read back as what its phones asked for") {
  Workspace workspace;
  const auto scenario = workspace.write("own.yaml", R"(
clock: 2026-11-27T10:00:00
phones:
  - {count: 20, set: {Profile_Rule: "http://10.0.0.1/$MA.xml?a=b", Resync_Periodic: 600}}
  - {count: 5, model: SPA504G, source: 10.9.0.0/24, set: {Profile_Rule: "https://10.0.0.1/spa$PSN.cfg"}}
  - {count: 2, set: {Profile_Rule: "tftp://10.0.0.1/$MA.xml"}}
server: {outages: [{from: 1h, to: 80m, as: 503}, {from: 2h, to: 130m, as: timeout}]}
limits: {duration: 4h}
)");
  const auto log = workspace.path("access.log"), trace = workspace.path("trace.jsonl");
  REQUIRE(provphone(workspace, {"forecast", scenario.string(), "--quiet", "--access-log",
                                log.string(), "--trace", trace.string()})
              .exit_code < 2);
  // Phone, path and status of each answer over HTTP, as the trace has them.
  using Request = std::tuple<std::string, std::string, int>;
  std::vector<Request> decided, seen;
  std::map<std::string, std::string> asked;
  for (const auto& text : lines_of(read_file(trace))) {
    const auto event = Json::parse(text);
    if (event["event"] == "request") asked[event["phone"]] = event["url"];
    if (event["event"] == "response" && event.contains("status"))
      decided.emplace_back(event["phone"], path_in(asked[event["phone"]]), event["status"]);
  }
  const auto made = from_log(workspace, log);
  for (const auto& line : made.timeline)
    seen.emplace_back(line["phone"], line["path"], line["status"]);
  std::sort(decided.begin(), decided.end());
  std::sort(seen.begin(), seen.end());
  REQUIRE(seen.size() > 100);
  CHECK(seen == decided);
  CHECK(contains(made.command.err, "25 by MAC address or serial number\n"));
  CHECK_FALSE(contains(made.command.err, "not read"));
  CHECK(contains(made.scenario, "from: 3600s"));
  CHECK(contains(made.scenario, "as: 503"));
  CHECK(contains(made.scenario, "/spa$PSN.cfg"));
  CHECK(forecast_of(workspace, made)["errors"]["service_unavailable"] > 0);
}

TEST_CASE("a packed log of a format of its own and a lease file tell whose the requests are") {
  Workspace workspace;
  const auto log = workspace.write("own.log",
                                   "1764234001.250 10.1.0.7 /all.xml 200\n"
                                   "1764234002.250 10.1.0.8 /all.xml 200\n"
                                   "1764234003.250 10.1.0");
  workspace.run({"gzip", log.string()});
  const auto leases = workspace.write("leases", "1764237601 00:0e:08:30:00:01 10.1.0.7 * *\n");
  const auto made = from_log(
      workspace, log.string() + ".gz",
      {"--format", "$msec $remote_addr $request_uri $status", "--leases", leases.string()});
  REQUIRE(made.timeline.size() == 2);
  CHECK(made.timeline[0]["t"] == "2025-11-27T09:00:01.250Z");
  CHECK(made.timeline[0]["phone"] == mac);
  CHECK(made.timeline[0]["sure"] == "leased");
  CHECK(made.timeline[1]["phone"] == "10.1.0.8");
  CHECK(made.timeline[1]["sure"] == "address");
  CHECK(contains(made.command.err, "odd       1 cut off at the end of its file\n"));
  CHECK(contains(made.scenario, "mac: \"020000000000\"  # made up"));
  forecast_of(workspace, made);
}

TEST_CASE("a phone's own pages say what a log cannot") {
  Workspace workspace;
  const auto log = workspace.write(
      "access.log", "10.1.0.7 - - [27/Nov/2026:10:00:01 +0000] \"GET /" + mac +
                        ".xml HTTP/1.1\" 200 4000 \"-\" \"Cisco-CP-8841-3PCC/12.0.1 (" + mac +
                        ")\"\n");
  const auto page = workspace.write("phone.xml",
                                    "<flat-profile><Product_Name>CP-8841-3PCC</Product_Name>"
                                    "<MAC_Address>000E08300001</MAC_Address>"
                                    "<Software_Version>sip88xx.12-0-1MPP0001-7</Software_Version>"
                                    "<Profile_Rule>http://10.0.0.1/own.xml</Profile_Rule>"
                                    "<Resync_Periodic>77</Resync_Periodic></flat-profile>");
  const auto made = from_log(workspace, log, {"--config", page.string()});
  CHECK(contains(made.scenario, "config: \"" + page.string() + "\""));
  CHECK(contains(made.scenario, "firmware: \"sip88xx.12-0-1MPP0001-7\""));
  CHECK(contains(made.scenario, "# Profile_Rule: \"http://prov.example.net/$MA.xml\""));
  CHECK_FALSE(forecast_of(workspace, made)["requests"]["made"] == 0);
}

}  // namespace
}  // namespace provphone::e2e::field_log_test
