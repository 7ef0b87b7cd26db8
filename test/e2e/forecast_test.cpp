#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

// `provphone forecast` as a person uses it.
namespace provphone::e2e::forecast_test {
namespace {

// Two thousand phones within 40 s, against 20 requests a second.
constexpr auto* crowd = R"(
seed: 3
phones:
  - count: 2000
    set: {Profile_Rule: "http://prov.example.net/$MA.xml"}
server:
  latency: 20ms
  capacity: {requests_per_second: 20, queue: 50}
  overload: 503
limits: {duration: 2h}
)";

std::string in(Workspace& workspace, const char* text) {
  return workspace.write("scenario.yaml", text).string();
}

Json json_of(Workspace& workspace, const Flags& flags) {
  const auto command = provphone(workspace, with({"forecast", "--json", "-"}, flags));
  INFO(command.err);
  REQUIRE(command.exit_code == 0);
  return Json::parse(command.out);
}

TEST_CASE(
    "a forecast says that the factory settings overwhelm a small server, and when all is well") {
  Workspace workspace;
  const auto figures = json_of(workspace, {in(workspace, crowd)});
  CHECK(figures["phones"] == 2000);
  CHECK(figures["overwhelmed"] == true);
  CHECK(figures["requests"]["failed"] > 500);
  CHECK(figures["errors"]["service_unavailable"] == figures["requests"]["failed"]);
  CHECK(figures["peak"]["requests_per_second"] > 20);
  CHECK(figures["backlog_max"] == 51);
  CHECK(figures["attempts_per_success"] > 1);
  CHECK(figures["convergence_us"]["phones"] == 2000);
  CHECK(figures["convergence_us"]["50%"] < figures["convergence_us"]["100%"]);
  CHECK(figures["passes"]["started"] ==
        figures["passes"]["succeeded"].get<int>() + figures["passes"]["failed"].get<int>());
  const auto calm =
      json_of(workspace, {in(workspace, crowd), "--with", "phones.0.set.Resync_Random_Delay=30"});
  CHECK(calm["overwhelmed"] == false);
  CHECK(calm["requests"]["failed"] == 0);
}

TEST_CASE("a forecast is the same whenever and on however many threads it is made") {
  Workspace workspace;
  const auto scenario = in(workspace, crowd);
  const auto alone = json_of(workspace, {scenario, "--workers", "1"});
  CHECK(json_of(workspace, {scenario, "--workers", "8"}) == alone);
  const Flags unlimited{scenario, "--with",
                        "server.capacity={requests_per_second: 100000, queue: 9}"};
  CHECK(json_of(workspace, with(unlimited, {"--workers", "2"})) ==
        json_of(workspace, with(unlimited, {"--workers", "8"})));
  CHECK(json_of(workspace, {scenario, "--seed", "4"})["trace_hash"] != alone["trace_hash"]);
}

TEST_CASE("a forecast draws what comes in, and ends with a sentence") {
  Workspace workspace;
  const auto command = provphone(workspace, {"forecast", in(workspace, crowd)});
  CHECK(command.exit_code == 0);
  CHECK(command.err.empty());
  CHECK(command.out.find("█") != std::string::npos);
  CHECK(command.out.find("the server is overwhelmed: ") != std::string::npos);
  CHECK(command.out.find("\033") == std::string::npos);  // no terminal, no control characters
  std::istringstream lines(command.out);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    if (line.find("│") != std::string::npos) CHECK(columns <= 80);
  }
}

TEST_CASE("a forecast says which certificates end while it lasts, and on which day") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--device", "000e08abcdef"});
  const auto certificate = pki.certificate_of("000e08abcdef").string();
  const auto scenario = [&](const std::string& start) {
    return workspace
        .write("ends.yaml",
               "clock: " + start +
                   "\nphones:\n  - group: desks\n    "
                   "count: 3\n    set: {Profile_Rule: \"http://10.0.0.1/a.xml\"}\n    certificate: "
                   "{cert: " +
                   certificate + ", key: " + pki.key_of("000e08abcdef").string() +
                   "}\n  - {group: gone, set: {Profile_Rule: \"http://10.0.0.1/a.xml\"}, "
                   "certificate: {cert: nowhere.pem}}\n"
                   "limits: {duration: 24h}\n")
        .string();
  };
  // Ten years from now, near enough.
  const auto end = workspace.run({"openssl", "x509", "-noout", "-enddate", "-in", certificate});
  const auto day = workspace.run({"date", "-u", "-d", end.substr(end.find('=') + 1), "+%F"});
  const auto figures = json_of(workspace, {scenario(day.substr(0, 10) + "T00:00:00")});
  REQUIRE(figures.at("certificates_end").size() == 1);
  const auto& ending = figures.at("certificates_end").at(0);
  CHECK(ending.at("group") == "desks");
  CHECK(ending.at("phones") == 3);
  CHECK(ending.at("subject").get<std::string>().starts_with("ST=000e08abcdef"));
  CHECK(ending.at("day") == day.substr(0, 10));
  const auto told = provphone(workspace, {"forecast", scenario(day.substr(0, 10) + "T00:00:00")});
  CHECK(told.out.find("of group desks ends on " + day.substr(0, 10) +
                      ": 3 phones cannot authenticate any more then.") != std::string::npos);
  CHECK_FALSE(json_of(workspace, {scenario("2026-12-01T00:00:00")}).contains("certificates_end"));
}

TEST_CASE("a sweep puts settings side by side and names the first that a server bears") {
  Workspace workspace;
  const auto command = provphone(
      workspace, {"forecast", in(workspace, crowd), "--sweep", "Resync_Random_Delay=2,30,60"});
  CHECK(command.exit_code == 0);
  CHECK(command.out.find("Resync_Random_Delay=30 is the first of these that keeps the server") !=
        std::string::npos);
  const auto sweep =
      json_of(workspace, {in(workspace, crowd), "--sweep", "Resync_Random_Delay=2,3", "--quiet"});
  REQUIRE(sweep["sweep"].size() == 2);
  CHECK(sweep["sweep"][0]["setting"] == "Resync_Random_Delay=2");
}

TEST_CASE("a forecast writes its curve as CSV and a phone's events as JSON Lines") {
  Workspace workspace;
  const auto csv = workspace.path("curve.csv").string();
  const auto trace = workspace.path("trace.jsonl").string();
  const auto command =
      provphone(workspace, {"forecast", in(workspace, crowd), "--csv", csv, "--trace", trace,
                            "--phone", "000e08000007", "--quiet"});
  REQUIRE(command.exit_code == 0);
  CHECK(command.out.empty());
  std::ifstream curve(csv);
  std::string line;
  std::getline(curve, line);
  CHECK(line == "second,requests,backlog");
  int requests = 0;
  while (std::getline(curve, line)) requests += std::stoi(line.substr(line.find(',') + 1));
  CHECK(requests == json_of(workspace, {in(workspace, crowd)})["requests"]["made"]);
  std::ifstream events(trace);
  int count = 0;
  while (std::getline(events, line)) {
    CHECK(Json::parse(line)["phone"] == "000e08000007");
    ++count;
  }
  CHECK(count > 5);
}

TEST_CASE("the power cut of the fixtures melts its server, and a larger random delay does not") {
  Workspace workspace;
  const std::string blackout = PROVPHONE_SOURCE_DIR "/fixtures/scenarios/blackout.yaml";
  const auto sweep =
      json_of(workspace, {blackout, "--sweep", "Resync_Random_Delay=2,15", "--quiet"})["sweep"];
  CHECK(sweep[0]["phones"] == 100'000);
  CHECK(sweep[0]["overwhelmed"] == true);
  CHECK(sweep[1]["overwhelmed"] == false);
  CHECK(sweep[1]["requests"]["failed"] == 0);
}

TEST_CASE("a forecast of what is no scenario, or of no such phone, is one line and exit status 2") {
  Workspace workspace;
  const auto scenario = in(workspace, crowd);
  for (const auto& flags :
       {Flags{"/nowhere.yaml"}, Flags{scenario, "--with", "phones.0.count=-1"},
        Flags{scenario, "--with", "serverr.latency=1s"}, Flags{scenario, "--for", "soon"},
        Flags{scenario, "--phone", "000e080fffff", "--trace", "-"},
        Flags{scenario, "--sweep", "Resync_Random_Delay"},
        Flags{scenario, "--sweep", "Resync_Randon_Delay=1"},
        Flags{scenario, "--with", "clock=2026-01-01T00:00:00", "--with", "time_zone=Mars/Base"}}) {
    require_usage_error(provphone(workspace, with({"forecast"}, flags)));
  }
}

}  // namespace
}  // namespace provphone::e2e::forecast_test
