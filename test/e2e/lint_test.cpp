#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

// `provphone lint` as people and their CI use it.
namespace provphone::e2e::lint_test {
namespace {

const std::string bad =
    "<flat-profile>\n"
    "  <resync_on_reset>Yes</resync_on_reset>\n"
    "  <Resync_Periodic>5</Resync_Periodic>\n"
    "  <Password_1_>hunter2</Password_1_><Resync_On_Reset>hm</Resync_On_Reset>\n"
    "</flat-profile>\n";
const std::string good =
    "<flat-profile>\n<Resync_Periodic>7200</Resync_Periodic>\n</flat-profile>\n";

Json lint_json(const CommandResult& command) {
  INFO("standard output: " << command.out << "\nstandard error: " << command.err);
  auto json = Json::parse(command.out, nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

TEST_CASE("lint names file, line and column, shows the place and says how to mend it") {
  Workspace workspace;
  const auto file = workspace.write("bad.xml", bad).string();
  const auto command = provphone(workspace, {"lint", file});
  CHECK(command.exit_code == 1);
  CHECK(command.err.empty());
  const auto head = [&](const char* place) { return file + place; };
  const auto expected =
      head(
          ":2:3: medium: resync_on_reset: is spelt Resync_On_Reset; the phone does not set it "
          "[LINT-NAME-SPELLING]\n") +
      "2 |   <resync_on_reset>Yes</resync_on_reset>\n  |   ^\n" +
      head(
          ":3:3: medium: Resync_Periodic: the phone asks for its profile every 5 s "
          "[LINT-PERIOD-SHORT]\n") +
      "3 |   <Resync_Periodic>5</Resync_Periodic>\n  |   ^\n" +
      // The line of a secret is not shown.
      head(":4:3: low: Password_1_: stands in the file for whoever reads it [LINT-SECRET]\n") +
      head(
          ":4:37: medium: Resync_On_Reset: neither Yes nor No; the phone keeps the value that it "
          "has [LINT-VALUE]\n") +
      "\nto mend\n  LINT-NAME-SPELLING: ";
  CHECK(command.out.substr(0, expected.size()) == expected);
  CHECK(command.out.ends_with("\n4 findings in 1 file: 3 medium, 1 low\n"));
}

TEST_CASE("lint exits 0 where nothing is as bad as --fail-on") {
  Workspace workspace;
  const auto file = workspace.write("good.xml", good).string();
  const auto bad_file = workspace.write("bad.xml", bad).string();
  CHECK(provphone(workspace, {"lint", file}).exit_code == 0);
  CHECK(provphone(workspace, {"lint", bad_file, "--fail-on", "high"}).exit_code == 0);
  CHECK(provphone(workspace, {"lint", bad_file, "--fail-on", "medium"}).exit_code == 1);
  CHECK(provphone(workspace, {"lint", bad_file, "--fail-on", "worst"}).exit_code == 2);
}

TEST_CASE("lint judges what there is, and says what is missing") {
  Workspace workspace;
  const auto file = workspace.write("bad.xml", bad).string();
  const auto command = provphone(workspace, {"lint", "missing.xml", file, "--json", "-"});
  CHECK(command.exit_code == 2);
  CHECK(command.err ==
        "provphone: unreadable_file: cannot read missing.xml: No such file or "
        "directory\n");
  const auto json = lint_json(command);
  REQUIRE(json.at("files").size() == 1);
  CHECK(json["files"][0].at("findings").size() >= 4);
}

TEST_CASE("lint writes what editors and CI read, with places and without secrets") {
  Workspace workspace;
  const auto file = workspace.write("bad, 100%.xml", bad).string();
  const auto sarif_file = workspace.path("a.sarif").string();
  const auto junit_file = workspace.path("a.xml").string();
  const auto json_file = workspace.path("a.json").string();
  const auto command = provphone(workspace, {"lint", file, "--github", "--sarif", sarif_file,
                                             "--junit", junit_file, "--json", json_file});
  CHECK(command.exit_code == 1);
  CHECK(command.out.find("::warning file=") == 0);
  CHECK(command.out.find("bad%2C 100%25.xml,line=2,col=3,title=LINT-NAME-SPELLING::") !=
        std::string::npos);
  const auto sarif = Json::parse(read_file(sarif_file));
  const auto& result = sarif.at("runs")[0].at("results")[0];
  CHECK(result.at("ruleId") == "LINT-NAME-SPELLING");
  CHECK(result.at("level") == "warning");
  const auto& place = result.at("locations")[0].at("physicalLocation");
  CHECK(place.at("region") == Json({{"startLine", 2}, {"startColumn", 3}}));
  CHECK(place.at("artifactLocation").at("uri").get<std::string>().ends_with("bad%2C%20100%25.xml"));
  const auto& rules = sarif["runs"][0]["tool"]["driver"]["rules"];
  CHECK(rules[result.at("ruleIndex").get<std::size_t>()].at("id") == "LINT-NAME-SPELLING");
  CHECK(read_file(junit_file).find("<failure") != std::string::npos);
  const auto json = Json::parse(read_file(json_file));
  CHECK(json.at("counts").at("medium") == 3);
  for (const auto& text :
       {command.out, read_file(sarif_file), read_file(junit_file), read_file(json_file)})
    CHECK(text.find("hunter2") == std::string::npos);
}

TEST_CASE("lint --compare says what the newer file changes, with secrets hidden") {
  Workspace workspace;
  const auto older = workspace.write("old.xml", bad).string();
  const auto newer =
      workspace
          .write("new.xml",
                 "<flat-profile><Password_1_>hunter3</Password_1_><Web_Server_Port>8080"
                 "</Web_Server_Port><Profile_Rule>http://127.0.0.1/a</Profile_Rule></flat-profile>")
          .string();
  const auto command = provphone(workspace, {"lint", "--compare", older, newer});
  CHECK(command.exit_code == 0);
  CHECK(command.out ==
        "Password_1_: ******** -> ********\n"
        "Web_Server_Port: 443 -> 8080  [restarts]\n"
        "Profile_Rule: /$PSN.xml -> http://127.0.0.1/a  [rule]\n"
        "kept, since the newer file does not set them: Resync_Periodic\n"
        "3 changed, 1 kept; the phone restarts\n");
  CHECK(provphone(workspace, {"lint", "--compare", older}).exit_code == 2);
}

TEST_CASE("lint asks a server for a file as the phone does") {
  Workspace workspace;
  workspace.write("www/000e08abcdef.xml", bad);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto rule = server.origin("http") + "/$MA.xml";
  const auto found = provphone(workspace, {"lint", rule, "--mac", "000e08abcdef", "--json", "-"});
  CHECK(found.exit_code == 1);
  CHECK(
      lint_json(found).at("files")[0].at("file").get<std::string>().ends_with("/000e08abcdef.xml"));
  const auto missing = provphone(workspace, {"lint", rule, "--mac", "000e08000001"});
  CHECK(missing.exit_code == 2);
  CHECK(missing.err.find("file_not_found") != std::string::npos);
  // Nothing is sent where nobody has said that it may be.
  const auto elsewhere = provphone(workspace, {"lint", "http://192.0.2.1/a.xml"});
  CHECK(elsewhere.exit_code == 2);
  CHECK(elsewhere.err.find("target_refused") != std::string::npos);
}

TEST_CASE("run --lint judges the profiles that come, and leaves the verdict alone") {
  Workspace workspace;
  workspace.write("www/000e08abcdef.xml", bad);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const Flags flags{"run",   "--rule",       server.origin("http") + "/$MA.xml",
                    "--mac", "000e08abcdef", "--lint"};
  const auto shown = provphone(workspace, flags);
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("[LINT-PERIOD-SHORT]") != std::string::npos);
  CHECK(shown.out.find("hunter2") == std::string::npos);
  const auto result = lint_json(provphone(workspace, with(flags, {"--json", "-"})));
  CHECK(result.at("verdict") == "pass");
  const auto& files = result.at("lint").at("files");
  REQUIRE(files.size() == 1);
  CHECK(files[0].at("file").get<std::string>().ends_with("/000e08abcdef.xml"));
}

TEST_CASE("lint takes any octets") {
  Workspace workspace;
  const auto file =
      GENERATE(values<std::string>({"", "\xFF\xFE<\0f\0l\0a\0t\0", "Salted__", "\x1F\x8B",
                                    "<flat-profile><a b=\"</flat-profile>", "hello"}));
  const auto command = provphone(workspace, {"lint", workspace.write("odd", file).string()});
  CHECK(command.exit_code == 1);
  CHECK(command.out.find("[LINT-UNREADABLE]") != std::string::npos);
}

}  // namespace
}  // namespace provphone::e2e::lint_test
