#include "test/e2e/phone.hpp"
#include "test/e2e/recording.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

// `provphone explain` on traces and scenarios.
namespace provphone::e2e::explain_test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> situations() {
  std::vector<fs::path> folders;
  for (const auto& each : fs::directory_iterator(PROVPHONE_SOURCE_DIR "/fixtures/explain"))
    if (each.is_directory()) folders.push_back(each.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

constexpr auto* two_phones =
    "{\"t\":0,\"phone\":\"000e08000001\",\"event\":\"powered_on\",\"reason\":\"power_on\"}\n"
    "{\"t\":1,\"phone\":\"000e08000002\",\"event\":\"powered_on\",\"reason\":\"power_on\"}\n";

TEST_CASE("explain names the cause and the remedy in every situation",
          "[R-RESYNC-03][R-RESYNC-04][R-RESYNC-13][R-RESYNC-15][R-RESYNC-24][R-RESYNC-31]") {
  const auto folders = situations();
  REQUIRE(folders.size() >= 20);
  Workspace workspace;
  for (const auto& folder : folders) {
    INFO(folder.filename());
    const auto command = provphone(workspace, {"explain", (folder / "scenario.yaml").string()});
    CHECK(command.exit_code == 0);
    CHECK(command.err.empty());
    CHECK(command.out.find("very-secret") == std::string::npos);
    check_as_recorded(workspace, folder / "expected.txt", command.out);
  }
}

// A trace ends with its last line, a scenario's explanation with the scenario.
std::string end_of(const std::string& explanation) {
  const auto line = explanation.substr(0, explanation.find('\n'));
  return line.substr(line.rfind(' ') + 1);
}

TEST_CASE("explain says the same of a scenario and of its trace") {
  Workspace workspace;
  for (const auto& folder : situations()) {
    INFO(folder.filename());
    const auto scenario = (folder / "scenario.yaml").string();
    const auto trace = workspace.path("trace.jsonl").string();
    provphone(workspace, {"forecast", scenario, "--trace", trace, "--quiet"});
    const auto expected = content(folder / "expected.txt");
    const auto of_trace = provphone(workspace, {"explain", trace, "--to", end_of(expected)});
    CHECK(of_trace.exit_code == 0);
    CHECK(of_trace.out == expected);
  }
}

TEST_CASE("explain says the same of one phone among many and of its trace") {
  Workspace workspace;
  const auto scenario = PROVPHONE_SOURCE_DIR "/fixtures/scenarios/field-trigger.yaml";
  const Flags phone{"--phone", "000e08300007"};
  const auto trace = workspace.path("trace.jsonl").string();
  provphone(workspace, with({"forecast", scenario, "--trace", trace, "--quiet"}, phone));
  const auto of_scenario = provphone(workspace, with({"explain", scenario}, phone));
  REQUIRE(of_scenario.exit_code == 0);
  CHECK(provphone(workspace, {"explain", trace, "--to", end_of(of_scenario.out)}).out ==
        of_scenario.out);
}

TEST_CASE("explain shows octets that are no UTF-8 as their replacement, whichever way they come") {
  Workspace workspace;
  const auto config = workspace.write("odd.xml",
                                      "<flat-profile><Resync_Trigger_1>\"\xfc\xe2\x82\" eq "
                                      "\"b\"</Resync_Trigger_1></flat-profile>");
  const auto scenario = workspace
                            .write("odd.yaml", "phones: [{config: " + config.string() +
                                                   "}]\nevents: [{at: 0s, power_on: all}]\n")
                            .string();
  const auto trace = workspace.path("trace.jsonl").string();
  provphone(workspace, {"forecast", scenario, "--trace", trace, "--quiet"});
  const auto of_scenario = provphone(workspace, {"explain", scenario, "--to", "1h"});
  CHECK(of_scenario.out.find("`\"\xef\xbf\xbd\xef\xbf\xbd\" eq \"b\"`") != std::string::npos);
  CHECK(provphone(workspace, {"explain", trace, "--to", "1h"}).out == of_scenario.out);
}

TEST_CASE("explain takes a moment or a span, and prints JSON") {
  Workspace workspace;
  const auto scenario = PROVPHONE_SOURCE_DIR "/fixtures/explain/03-trigger-false/scenario.yaml";
  for (const auto* at : {"3600s", "1h", "01:00:00", "1:00:00.500"}) {
    INFO(at);
    const auto command = provphone(workspace, {"explain", scenario, "--at", at, "--json", "-"});
    REQUIRE(command.exit_code == 0);
    const auto json = Json::parse(command.out);
    REQUIRE(json.at("chapters").size() == 1);
    const auto& chapter = json.at("chapters").at(0);
    CHECK(chapter.at("t") == 3600);
    CHECK(chapter.at("outcome") == "held");
    CHECK_FALSE(chapter.at("remedies").empty());
  }
  const auto span =
      provphone(workspace, {"explain", scenario, "--from", "90m", "--to", "100m", "--json", "-"});
  CHECK(Json::parse(span.out).at("chapters").empty());
}

TEST_CASE("explain refuses what is no trace, with the line") {
  Workspace workspace;
  const auto trace = workspace.write("bad.jsonl", std::string(two_phones) + "{\"t\":\n").string();
  const auto command = provphone(workspace, {"explain", trace, "--phone", "000e08000001"});
  require_usage_error(command);
  CHECK(command.err.find("bad.jsonl:3: expected a JSON object") != std::string::npos);
  require_usage_error(provphone(workspace, {"explain", workspace.write("empty", "").string()}));
  require_usage_error(provphone(workspace, {"explain", workspace.path("none.jsonl").string()}));
}

TEST_CASE("explain lists the phones where it cannot tell which is meant") {
  Workspace workspace;
  const auto trace = workspace.write("two.jsonl", two_phones).string();
  for (const auto& flags :
       std::vector<Flags>{{"explain", trace}, {"explain", trace, "--phone", "000e08000003"}}) {
    const auto command = provphone(workspace, flags);
    require_usage_error(command);
    CHECK(command.err.find("000e08000001, 000e08000002") != std::string::npos);
  }
  const auto scenario = workspace.write("many.yaml", "phones: [{count: 12}]\n").string();
  const auto many = provphone(workspace, {"explain", scenario});
  require_usage_error(many);
  CHECK(many.err.find("there are 12 phones") != std::string::npos);
  CHECK(many.err.find("000e08000009 and 2 more") != std::string::npos);
  CHECK(provphone(workspace, {"explain", trace, "--phone", "000e08000002"}).exit_code == 0);
}

TEST_CASE("explain refuses times that are none") {
  Workspace workspace;
  const auto trace = workspace.write("two.jsonl", two_phones).string();
  for (const auto& flags : std::vector<Flags>{{"--at", "noon"},
                                              {"--at", "1:60:00"},
                                              {"--at", "1h", "--to", "2h"},
                                              {"--from", "2h", "--to", "1h"}}) {
    INFO(flags.back());
    require_usage_error(
        provphone(workspace, with({"explain", trace, "--phone", "000e08000001"}, flags)));
  }
}

}  // namespace
}  // namespace provphone::e2e::explain_test
