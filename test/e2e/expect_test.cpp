#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

// What a scenario expects, judged against servers that are well and not well.
namespace provphone::e2e::expect_test {
namespace {

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string own_file(const std::string& mac, const std::string& more = {}) {
  return "<flat-profile><!-- " + mac + " --><GPP_A>" + mac + "</GPP_A>" + more + "</flat-profile>";
}

// Three phones with names and passwords of their own, at an nginx that has a file for each.
struct Office {
  Workspace workspace;
  Nginx nginx = start();

  Nginx start() {
    for (const auto* mac : {"000e08001000", "000e08001001", "000e08001002"})
      workspace.write(std::string("www/") + mac + ".xml", own_file(mac));
    return Nginx(workspace, workspace.path("www"));
  }

  std::string scenario(const std::string& expectations, const std::string& path = "/$MA.xml") {
    return workspace
        .write("office.yaml",
               "seed: 7\nlimits: {duration: 90s}\nphones:\n  - count: 3\n    mac: 000e08001000\n"
               "    set:\n      Profile_Rule: \"" +
                   nginx.url(path) +
                   "\"\n      Resync_Random_Delay: 0\n      Resync_Periodic: 0\n"
                   "      Resync_Error_Retry_Delay: 0\n      User_ID_1_: \"{index+1000}\"\n"
                   "      Password_1_: \"s3cret-of-{index}\"\nexpect:\n" +
                   expectations)
        .string();
  }
};

std::vector<std::string> statuses(const PhoneRun& run) {
  std::vector<std::string> all;
  for (const auto& one : run.result.at("expectations")) all.push_back(one.at("status"));
  return all;
}

std::ptrdiff_t lines(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

TEST_CASE("phones that end up as expected pass, and nothing is said about it") {
  Office office;
  const auto run = run_phone(
      office.workspace, {office.scenario("  - {converged: 100%, within: 60s}\n"
                                         "  - {parameter: GPP_A, equals: \"{mac}\"}\n"
                                         "  - {requests: \"/{mac}.xml\", each: true, count: 1}\n"
                                         "  - {requests: \"*\", user_agent: 8841-3PCC, count: 3}\n"
                                         "  - {requests: \"*\", certificate: \"^$\", count: 3}\n"
                                         "  - {latency: fetch, p99: 60s}\n"
                                         "  - no_foreign_identity: true\n")});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(run.result.at("verdict") == "pass");
  CHECK(statuses(run) == std::vector<std::string>(7, "passed"));
}

TEST_CASE("a phone that does not end up as expected is told of in seven lines, and fails the run") {
  Office office;
  office.workspace.write("www/000e08001001.xml", "<flat-profile><GPP_B>1</GPP_B></flat-profile>");
  const auto run =
      run_phone(office.workspace, {office.scenario("  - {parameter: GPP_A, equals: \"{mac}\"}\n")});
  INFO(run.err);
  CHECK(run.exit_code == 1);
  CHECK(run.result.at("verdict") == "fail");
  CHECK(lines(run.err) == 7);
  CHECK(
      run.err.starts_with("FAIL  an expectation failed: parameter: GPP_A, equals: {mac} (1 of 3 "
                          "phones, 000e08001001: got an empty value)\n"
                          "failed: parameter: GPP_A, equals: {mac} (1 of 3 phones, line 14)\n"
                          "  000e08001001  expected 000e08001001\n"
                          "                got      an empty value\n"));
  const auto& result = run.result.at("expectations").at(0);
  CHECK(result.at("phones") == 3);
  CHECK(result.at("failed") == 1);
  CHECK(result.at("failures").at(0).at("mac") == "000e08001001");
  CHECK(result.at("failures").at(0).at("got") == "an empty value");
  CHECK(result.at("failures").at(0).at("reasons").size() == 3);
}

TEST_CASE("a server that sends a phone what belongs to another one is found out") {
  Office office;
  const std::string expectation = "  - no_foreign_identity: true\n";
  const auto incident = [&](const PhoneRun& run) {
    INFO(run.err);
    CHECK(run.exit_code == 1);
    CHECK(run.err.find("s3cret") == std::string::npos);
    return run.result.at("expectations").at(0).at("failures");
  };
  SECTION("another phone's file") {
    const auto failures =
        incident(run_phone(office.workspace, {office.scenario(expectation, "/000e08001001.xml")}));
    REQUIRE(failures.size() == 2);
    CHECK(failures[0].at("mac") == "000e08001000");
    CHECK(failures[0].at("got") == "the address of 000e08001001");
    CHECK(failures[1].at("mac") == "000e08001002");
  }
  SECTION("a file for all with one phone's password in it") {
    office.workspace.write("www/all.xml",
                           "<flat-profile><Password_1_>s3cret-of-2</Password_1_></flat-profile>");
    const auto failures =
        incident(run_phone(office.workspace, {office.scenario(expectation, "/all.xml")}));
    REQUIRE(failures.size() == 2);
    CHECK(failures[0].at("got") == "the secret of 000e08001002");
  }
  SECTION("a file for all with one phone's user name in it") {
    office.workspace.write("www/all.xml",
                           "<flat-profile><User_ID_1_>1000</User_ID_1_></flat-profile>");
    const auto failures =
        incident(run_phone(office.workspace, {office.scenario(expectation, "/all.xml")}));
    REQUIRE(failures.size() == 2);
    CHECK(failures[0].at("mac") == "000e08001001");
    CHECK(failures[0].at("got") == "the user name of 000e08001000");
  }
}

TEST_CASE("a pass that fails as expected does not fail the run, any other does") {
  Office office;
  std::filesystem::remove(office.workspace.path("www/000e08001002.xml"));
  const auto expected = run_phone(
      office.workspace, {office.scenario("  - {error: file_not_found, phones: 000e08001002}\n"
                                         "  - {error: file_not_found, max: 1}\n")});
  INFO(expected.err);
  CHECK(expected.exit_code == 0);
  CHECK(expected.err.empty());
  CHECK(expected.result.at("errors").at("file_not_found") == 1);
  const auto unexpected = run_phone(
      office.workspace, {office.scenario("  - {requests: /000e08001000.xml, count: 1}\n")});
  CHECK(unexpected.exit_code == 1);
  CHECK(statuses(unexpected) == std::vector<std::string>{"passed"});
  CHECK(unexpected.err.starts_with(
      "FAIL  1 of 3 phones was not provisioned: file_not_found by http://127.0.0.1:"));
  CHECK(unexpected.err.find("\nfailed: file_not_found by ") != std::string::npos);
  CHECK(unexpected.err.find("/000e08001002.xml: status 404\n") != std::string::npos);
}

TEST_CASE("a run leaves its outcome in every form that CI reads, and none of them half-written") {
  Office office;
  const auto& workspace = office.workspace;
  const auto scenario =
      office.scenario("  - {parameter: GPP_B, equals: \"a\"}\n  - {log: never}\n");
  const auto in = [&](const char* name) { return workspace.path(name).string(); };
  const auto command =
      provphone(office.workspace, {"run", scenario, "--quiet", "--junit", in("junit.xml"), "--tap",
                                   in("run.tap"), "--summary", in("run.md"), "--github"});
  CHECK(command.exit_code == 1);
  CHECK(read(in("junit.xml")).find("tests=\"6\" failures=\"2\"") != std::string::npos);
  CHECK(read(in("run.tap")).starts_with("TAP version 14\n1..6\n"));
  CHECK(read(in("run.tap")).find("\nnot ok 3 - parameter: GPP_B") != std::string::npos);
  CHECK(read(in("run.md")).find("| **failed** | parameter: GPP") != std::string::npos);
  CHECK(command.out.starts_with("::error file="));
  CHECK(command.out.find(",line=14,title=parameter%3A GPP_B") != std::string::npos);
  CHECK(lines(command.out) == 2);
  CHECK_FALSE(std::filesystem::exists(in("junit.xml") + ".partial"));

  const auto tap = provphone(office.workspace, {"run", scenario, "--tap", "-"});
  CHECK(tap.out.starts_with("TAP version 14\n"));
  const auto refused = provphone(office.workspace, {"run", scenario, "--junit", "/none/a.xml"});
  CHECK(refused.exit_code == 2);
}

TEST_CASE("a forecast goes by what its model can tell, and says what it cannot") {
  Workspace workspace;
  const auto scenario =
      workspace
          .write("model.yaml",
                 "limits: {duration: 1h}\nphones:\n  - count: 2000\n    set: {Profile_Rule: "
                 "\"http://h/$MA.xml\"}\n"
                 "server: {latency: 20ms, profiles: [{set: {GPP_A: a}}], "
                 "outages: [{from: 0s, to: 10s, as: 503}]}\n"
                 "expect:\n  - {converged: 100%, within: 5s}\n  - {converged: 100%, within: 55m}\n"
                 "  - {parameter: GPP_A, equals: a}\n  - {requests: \"/{mac}.xml\", each: true}\n"
                 "  - {latency: fetch, p99: 25ms}\n  - {error: service_unavailable}\n  - {log: a}\n"
                 "  - no_foreign_identity: true\n")
          .string();
  for (const auto* workers : {"1", "2"}) {
    const auto command =
        provphone(workspace, {"forecast", scenario, "--json", "-", "--workers", workers});
    INFO(command.err);
    CHECK(command.exit_code == 1);
    const auto result = Json::parse(command.out);
    CHECK(result.at("verdict") == "fail");
    std::vector<std::string> all;
    for (const auto& one : result.at("expectations")) all.push_back(one.at("status"));
    CHECK(all == std::vector<std::string>{"failed", "passed", "passed", "passed", "passed",
                                          "passed", "failed", "not_judged"});
    CHECK(result.at("expectations").at(0).at("failures").size() == 10);
    CHECK(command.err.find("and ") != std::string::npos);
    CHECK(command.err.find("a modelled server sends each phone its own file") != std::string::npos);
  }
  const auto calm =
      provphone(workspace, {"forecast", scenario, "--quiet", "--with", "server.outages=[]",
                            "--with", "expect.5.none=true", "--with", "expect.6.none=true",
                            "--with", "phones.0.set.Resync_Random_Delay=0"});
  INFO(calm.err);
  CHECK(calm.exit_code == 0);
}

}  // namespace
}  // namespace provphone::e2e::expect_test
