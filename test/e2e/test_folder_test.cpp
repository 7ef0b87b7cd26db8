#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// `provphone test`: a folder of scenarios.
namespace provphone::e2e::test_folder_test {
namespace {

// In the workspace itself, so that names are as short as a person has them.
CommandResult provphone_in(Workspace& workspace, Flags flags) {
  flags.insert(flags.begin(), PROVPHONE_BINARY);
  Process process(workspace.path(), "provphone", std::move(flags));
  const auto status = process.wait(patience);
  REQUIRE(status);
  return {*status, process.out(), process.err()};
}

// Five scenarios, of which `wrong.yaml` fails.
struct Suite {
  Workspace workspace;
  Nginx nginx = start();

  Nginx start() {
    workspace.write("www/a.xml", profile("right"));
    return Nginx(workspace, workspace.path("www"));
  }

  std::string scenario(const std::string& expected) {
    return "phones:\n  - {set: {Profile_Rule: \"" + nginx.url("/a.xml") +
           "\", Resync_Random_Delay: 0, Resync_Periodic: 0}}\nexpect:\n  - {parameter: GPP_A, "
           "equals: " +
           expected + "}\n";
  }

  Suite() {
    for (const auto* name : {"first", "second", "sub/third"})
      workspace.write(std::string("suite/") + name + ".yaml", scenario("right"));
    workspace.write("suite/wrong.yaml", scenario("left"));
    workspace.write("suite/model.yml",
                    "phones: [{count: 20, set: {Profile_Rule: \"http://10.0.0.2/a\"}}]\n"
                    "server: {latency: 5ms}\nlimits: {duration: 1h}\n"
                    "expect: [{converged: 100%, within: 5m}]\n");
    workspace.write("suite/_part.yaml", "no scenario\n");
  }

  CommandResult test(const Flags& more) {
    return provphone_in(workspace, with({"test", "suite", "--json", "all.json", "--quiet"}, more));
  }
  Json result() const { return Json::parse(read_file(workspace.path("all.json"))); }
  std::vector<std::string> files() const {
    std::vector<std::string> all;
    const auto whole = result();
    for (const auto& each : whole.at("scenarios")) all.push_back(each.at("file"));
    return all;
  }
};

Json of_file(const Json& result, const std::string& file) {
  for (const auto& each : result.at("scenarios")) {
    if (each.at("file") == file) return each;
  }
  return {};
}

TEST_CASE("a folder is tested: each scenario by what it is for, and the worst counts") {
  Suite suite;
  const auto run = provphone_in(suite.workspace, {"test", "suite", "--json", "all.json", "--junit",
                                                  "all.xml", "--jobs", "3"});
  INFO(run.err);
  CHECK(run.exit_code == 1);
  const auto lines = lines_of(run.out);
  REQUIRE(lines.size() >= 9);
  CHECK(lines.front().starts_with("  scenario "));
  CHECK(lines.back().starts_with("5 scenarios: 4 pass, 1 fail; "));
  // What did not pass is told as it ends, and nothing else is.
  CHECK(run.err.starts_with("suite/wrong.yaml: fail by run\nFAIL  "));
  const auto result = suite.result();
  CHECK(result.at("verdict") == "fail");
  CHECK(of_file(result, "suite/model.yml").at("by") == "forecast");
  CHECK(of_file(result, "suite/sub/third.yaml").at("by") == "run");
  CHECK(of_file(result, "suite/first.yaml").at("result").at("verdict") == "pass");
  const auto wrong = of_file(result, "suite/wrong.yaml");
  CHECK(wrong.at("verdict") == "fail");
  CHECK(contains(wrong.at("cause"), "GPP_A"));
  suite.workspace.run({"xmllint", "--noout", "--schema",
                       PROVPHONE_SOURCE_DIR "/test/client/report/junit.xsd", "all.xml"});
  const auto junit = read_file(suite.workspace.path("all.xml"));
  CHECK(std::count(junit.begin(), junit.end(), '\n') > 10);
  for (const auto* name :
       {"first.yaml", "second.yaml", "sub/third.yaml", "wrong.yaml", "model.yml"})
    CHECK(contains(junit, std::string("<testsuite name=\"suite/") + name + "\""));
}

TEST_CASE("scenarios are chosen by name, and where none is it is no success") {
  Suite suite;
  CHECK(suite.test({"--filter", "first|third"}).exit_code == 0);
  CHECK(suite.files() == std::vector<std::string>{"suite/first.yaml", "suite/sub/third.yaml"});
  const auto none = suite.test({"--filter", "fourth"});
  require_usage_error(none);
  CHECK(contains(none.err, "no scenario below suite has 'fourth' in its name"));
  std::filesystem::create_directory(suite.workspace.path("empty"));
  require_usage_error(provphone_in(suite.workspace, {"test", "empty"}));
  require_usage_error(provphone_in(suite.workspace, {"test", "missing"}));
}

TEST_CASE("a shuffled order is had again by its seed, which is told") {
  Suite suite;
  suite.test({"--seed", "7", "--by", "forecast"});
  const auto once = suite.files();
  suite.test({"--shuffle", "--seed", "7", "--by", "forecast"});
  CHECK(suite.files() == once);
  CHECK(suite.result().at("shuffle_seed") == 7);
  suite.test({"--seed", "8", "--by", "forecast"});
  CHECK(suite.files() != once);
  const auto told = provphone_in(suite.workspace,
                                 {"test", "suite", "--shuffle", "--by", "forecast", "--jobs", "1"});
  CHECK(contains(told.out, "; shuffled by --seed "));
}

TEST_CASE("behind the first that did not pass no other begins, if so wanted") {
  Suite suite;
  // The first by its name.
  suite.workspace.write("suite/aaa.yaml", suite.scenario("left"));
  const auto run = suite.test({"--fail-fast", "--jobs", "1"});
  CHECK(run.exit_code == 1);
  const auto result = suite.result();
  CHECK(result.at("counts").at("fail") == 1);
  CHECK(result.at("counts").at("skipped") == 5);
  CHECK(of_file(result, "suite/first.yaml").at("cause") == "suite/aaa.yaml did not pass");
}

TEST_CASE("a file that is no scenario is worse than one that fails") {
  Suite suite;
  suite.workspace.write("suite/broken.yaml", "phones: [{modle: x}]\n");
  const auto run = suite.test({"--junit", "all.xml"});
  CHECK(run.exit_code == 2);
  CHECK(of_file(suite.result(), "suite/broken.yaml").at("cause") ==
        "suite/broken.yaml:1:11: unknown key 'modle'; did you mean 'model'?");
  CHECK(contains(read_file(suite.workspace.path("all.xml")), "type=\"refused\""));
}

TEST_CASE("what all scenarios are given reaches them") {
  Suite suite;
  const auto run = suite.test({"--filter", "first", "--with", "expect.0.equals=left"});
  CHECK(run.exit_code == 1);
  const auto port = std::to_string(free_tcp_port());
  const auto waiting =
      suite.test({"--filter", "first", "--wait-for-server", "1ms", "--with",
                  "phones.0.set.Profile_Rule=http://127.0.0.1:" + port + "/a.xml"});
  CHECK(waiting.exit_code == 1);
  CHECK(contains(suite.result().at("scenarios")[0].at("cause"), "the run did not begin"));
}

TEST_CASE("a signal ends all that run, and what there is is written") {
  Workspace workspace;
  for (const auto* name : {"a", "b", "c"})
    workspace.write(std::string("suite/") + name + ".yaml",
                    "limits: {wait_for_server: 1h}\nphones: [{set: {Profile_Rule: "
                    "\"http://127.0.0.1:" +
                        std::to_string(free_tcp_port()) + "/a\"}}]\n");
  Process test(workspace.path(), "test",
               {"env", "TMPDIR=" + workspace.path().string(), PROVPHONE_BINARY, "test", "suite",
                "--jobs", "2", "--json", "all.json"});
  // Where runs leave what they say until they end.
  const auto waiting = [&] {
    std::size_t count = 0;
    for (const auto& each : std::filesystem::recursive_directory_iterator(workspace.path())) {
      if (each.path().extension() == ".txt" && contains(read_file(each.path()), "waiting for"))
        ++count;
    }
    return count;
  };
  REQUIRE(eventually(patience, [&] { return waiting() == 2; }));
  test.signal(SIGTERM);
  CHECK(test.wait(patience) == 3);
  const auto result = Json::parse(read_file(workspace.path("all.json")));
  CHECK(result.at("counts").at("void") == 2);
  CHECK(result.at("counts").at("skipped") == 1);
  // Nothing is left behind.
  CHECK(waiting() == 0);
}

TEST_CASE("two outputs to standard output are refused before anything begins") {
  Workspace workspace;
  const auto refused = [&](const Flags& flags, const std::string& both) {
    const auto run = provphone(workspace, flags);
    INFO(run.err);
    require_usage_error(run);
    CHECK(run.err ==
          "provphone: " + both + " would both write to standard output; name a file for one\n");
  };
  refused({"run", "missing.yaml", "--json", "-", "--junit", "-"}, "--json - and --junit -");
  refused({"run", "missing.yaml", "--tap", "-", "--trace", "-"}, "--trace - and --tap -");
  refused({"fleet", "missing.yaml", "--json", "-", "--summary", "-"}, "--json - and --summary -");
  refused({"forecast", "missing.yaml", "--csv", "-", "--access-log", "-"},
          "--csv - and --access-log -");
  refused({"check", "localhost", "--json", "-", "--sarif", "-"}, "--json - and --sarif -");
  refused({"lint", "missing.xml", "--sarif", "-", "--junit", "-"}, "--sarif - and --junit -");
  refused({"report", "missing.json", "--html", "-", "--json", "-"}, "--html - and --json -");
  refused({"replay", "missing.capsule", "--trace", "-", "--json", "-"}, "--json - and --trace -");
  refused({"test", "missing", "--junit", "-", "--json", "-"}, "--json - and --junit -");
}

}  // namespace
TEST_CASE("a scenario that says no end is ended, where its phones fail and try again for ever") {
  Workspace workspace;
  workspace.write("suite/endless.yaml",
                  "phones: [{set: {Profile_Rule: \"http://127.0.0.1:1/a.xml\", "
                  "Resync_Random_Delay: 0, Resync_Error_Retry_Delay: 1}}]\n"
                  "expect: [{requests: \"*\", min: 1}]\n");
  const auto tested = provphone_in(workspace, {"test", "suite", "--for", "1200ms"});
  INFO(tested.out << tested.err);
  CHECK(tested.exit_code == 1);
  CHECK(tested.err.find("nothing says how long this run lasts") == std::string::npos);
  const auto run =
      provphone_in(workspace, {"run", "suite/endless.yaml", "--quiet", "--for", "1200ms"});
  CHECK(run.err.find("nothing says how long this run lasts") == std::string::npos);
}

}  // namespace provphone::e2e::test_folder_test
