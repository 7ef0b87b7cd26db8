#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

// `provphone test DIR --serve FOLDER`: each scenario with a server of its own.
namespace provphone::e2e::own_server_test {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Workspace workspace;

  Folder() { workspace.write("www/a.xml", profile("right")); }

  void scenario(const std::string& name, const std::string& rule,
                const std::string& expect = "{parameter: GPP_A, equals: right}",
                const std::string& more = "") const {
    workspace.write("suite/" + name + ".yaml",
                    "phones:\n  - {set: {Profile_Rule: \"" + rule +
                        "\", Resync_Random_Delay: 0, Resync_Periodic: 0, "
                        "Resync_Error_Retry_Delay: 0}" +
                        more + "}\nexpect:\n  - " + expect + "\n");
  }

  CommandResult run(const Flags& more) const {
    Process test(workspace.path(), "test",
                 with({PROVPHONE_BINARY, "test", "suite", "--json", "all.json"}, more));
    const auto status = test.wait(patience);
    REQUIRE(status);
    return {*status, test.out(), test.err()};
  }
  CommandResult serve(const Flags& more) const { return run(with({"--serve", "www"}, more)); }

  Json of(const std::string& name) const {
    const auto all = Json::parse(read_file(workspace.path("all.json")));
    for (const auto& each : all.at("scenarios"))
      if (each.at("file") == "suite/" + name + ".yaml") return each;
    return {};
  }
  // What its server said, without where it listens.
  std::vector<std::string> asked(const std::string& name) const {
    std::vector<std::string> lines;
    const auto one = of(name);
    for (const std::string line : one.at("server").at("said"))
      if (!line.ends_with('/')) lines.push_back(line);
    return lines;
  }
};

TEST_CASE("each scenario has a server of its own, and nobody else asks that one") {
  Folder folder;
  folder.workspace.write("www/b.xml", profile("right"));
  folder.scenario("first", "http://${SERVE_HTTP}/a.xml", "{parameter: GPP_A, equals: left}");
  folder.scenario("second", "tftp://${SERVE_TFTP}/b.xml", "{parameter: GPP_A, equals: left}");
  folder.scenario("third", "http://127.0.0.1:${SERVE_HTTP_PORT}/a.xml",
                  "{requests: /a.xml, count: 1}");
  const auto run = folder.serve({"--jobs", "2", "--junit", "all.xml"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 1);
  for (const auto* name : {"first", "second"}) {
    INFO(folder.of(name).dump(1));
    CHECK(folder.of(name).at("verdict") == "fail");
    REQUIRE(folder.asked(name).size() == 1);
    // Two that listen, and one request.
    CHECK(folder.of(name).at("server").at("lines") == 3);
  }
  CHECK(contains(folder.asked("first").front(), " http GET /a.xml 200 "));
  CHECK(contains(folder.asked("second").front(), " tftp RRQ /b.xml 200 "));
  CHECK(folder.of("first").at("server").at("said")[0] !=
        folder.of("second").at("server").at("said")[0]);
  // One that passed has nothing to say of its server.
  CHECK(folder.of("third").at("verdict") == "pass");
  CHECK_FALSE(folder.of("third").contains("server"));
  CHECK(contains(run.err, "\nits server:\n  http://127.0.0.1:"));
  CHECK_FALSE(contains(run.err, "third"));
  CHECK(contains(read_file(folder.workspace.path("all.xml")), " tftp RRQ /b.xml 200 "));
}

TEST_CASE("a scenario is read before its server is there as it is then") {
  Folder folder;
  // Its number of phones has to be known for a fleet to drive it. Whether this machine keeps up is
  // no matter here.
  folder.scenario("many", "http://${SERVE_HTTP}/a.xml", "{converged: 100%, within: 1m}",
                  ", count: 1001");
  folder.scenario("known", "http://${SERVE_HTTP:-127.0.0.1:1}/a.xml");
  folder.scenario("unknown", "https://${SERVE_HTTPS}/a.xml");
  const auto run = folder.serve({"--jobs", "1", "--quiet"});
  INFO(run.err << folder.of("many").dump(1));
  CHECK(run.exit_code == 2);
  CHECK(folder.of("many").at("by") == "fleet");
  CHECK(folder.of("many").at("result").at("tested").at("transports") == Json{"http"});
  CHECK(folder.of("known").at("verdict") == "pass");
  CHECK(contains(folder.of("unknown").at("cause"), "the environment has no SERVE_HTTPS"));
  // Who asks nobody has no server, and can be read all the same.
  const auto modelled =
      folder.serve({"--by", "forecast", "--filter", "many", "--with", "clock=2026-03-01T06:00:00"});
  INFO(modelled.err);
  CHECK(modelled.exit_code == 0);
}

TEST_CASE("a scenario without a server of its own has no such variables") {
  Folder folder;
  folder.scenario("one", "http://${SERVE_HTTP}/a.xml");
  CHECK(folder.run({"--quiet"}).exit_code == 2);
  CHECK(contains(folder.of("one").at("cause"), "the environment has no SERVE_HTTP,"));
}

TEST_CASE("what goes wrong with a scenario's server stands beside it") {
  Folder folder;
  folder.scenario("smooth", "http://${SERVE_HTTP}/a.xml", "{requests: /a.xml, count: 1}");
  folder.scenario("rough", "http://${SERVE_HTTP}/a.xml",
                  "{requests: /a.xml, count: 3}\n  - {error: service_unavailable, count: 2}");
  folder.workspace.write("suite/rough.faults", "faults: [{status: 503, requests: 1-2}]\n");
  const auto run = folder.serve({"--with", "phones.0.set.Resync_Error_Retry_Delay=1"});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
}

TEST_CASE("scenarios are served over HTTPS with a PKI, and reports are taken") {
  Folder folder;
  folder.workspace.run({PROVPHONE_BINARY, "pki", "pki"});
  const std::string trusting = ", trust: [../pki/server-root.pem]";
  folder.workspace.write("suite/secure.yaml",
                         "pki: ../pki\nphones:\n  - {certificate: minted" + trusting +
                             ", set: {Profile_Rule: \"https://${SERVE_HTTPS}/a.xml\", Report_Rule: "
                             "\"http://${SERVE_HTTP}/$MA.xml\", Report_To_Server: On Request, "
                             "Resync_Random_Delay: 0, Resync_Periodic: 0}}\n"
                             "events: [{at: 0s, power_on: all}, {at: 1s, notify: report}]\n"
                             "expect:\n  - {requests: /a.xml, certificate: ST=000e08, count: 1}\n"
                             "  - {report: sent, status: 201, min: 1}\n");
  folder.scenario("stranger", "https://localhost:${SERVE_HTTPS_PORT}/a.xml",
                  "{error: tls_refused_by_server}\n  - {nothing_provisioned: true}", trusting);
  const auto run = folder.serve({"--pki", "pki", "--client-certificates", "required"});
  INFO(run.out << run.err);
  CHECK(folder.of("secure").at("verdict") == "pass");
  CHECK(folder.of("stranger").at("verdict") == "pass");
  CHECK_FALSE(fs::exists(folder.workspace.path("www/000e08000000.xml")));
}

TEST_CASE("a server that does not start is told once, before any scenario runs") {
  Folder folder;
  folder.scenario("a", "http://${SERVE_HTTP}/a.xml");
  folder.scenario("b", "http://${SERVE_HTTP}/a.xml");
  const auto refused = [&](const Flags& flags, const std::string& why) {
    const auto run = folder.run(flags);
    INFO(run.err);
    require_usage_error(run);
    CHECK(contains(run.err, why));
  };
  refused({"--serve", "missing"}, "provphone: the scenarios' server does not start: ");
  refused({"--serve", "www/a.xml"}, "www/a.xml");
  refused({"--serve", "www", "--pki", "nowhere"}, "nowhere/");
  refused({"--serve", "www", "--pki", "nowhere", "--client-certificates", "some"}, "ignored");
  refused({"--pki", "nowhere"}, "--serve DIR");
  folder.workspace.write("suite/b.faults", "faults:\n  - {stutter: 503}\n");
  refused({"--serve", "www"}, "suite/b.faults:2:6: ");
  // A scenario that is not run has no server.
  CHECK(folder.serve({"--filter", "a.yaml"}).exit_code == 0);
}

// The servers of scenarios that go on until somebody ends them, and the ports that they have.
struct UnderWay {
  Folder folder;
  std::unique_ptr<Process> test;
  std::vector<std::uint16_t> ports;

  UnderWay() {
    for (const auto* name : {"a", "b", "c"})
      folder.scenario(name, "http://${SERVE_HTTP}/a.xml", "{parameter: GPP_A, equals: right}",
                      ", knobs: {}");
    test = std::make_unique<Process>(
        folder.workspace.path(), "test",
        Flags{"env", "TMPDIR=" + folder.workspace.path().string(), PROVPHONE_BINARY, "test",
              "suite", "--serve", "www", "--jobs", "2", "--json", "all.json", "--with",
              "phones.0.set.Resync_Periodic=3600", "--for", "1h"});
    REQUIRE(eventually(patience, [&] { return find_ports(); }));
  }

  // Of both, once both have been asked for the file.
  bool find_ports() {
    ports.clear();
    for (const auto& each : fs::recursive_directory_iterator(folder.workspace.path())) {
      if (each.path().extension() != ".server") continue;
      const auto said = lines_of(read_file(each.path()));
      if (said.size() == 3)
        ports.push_back(
            static_cast<std::uint16_t>(std::stoi(said[0].substr(said[0].rfind(':') + 1))));
    }
    return ports.size() == 2;
  }
  bool has_server() const { return std::any_of(ports.begin(), ports.end(), accepts_connections); }
};

TEST_CASE("a signal ends the servers with their scenarios") {
  UnderWay under_way;
  CHECK(under_way.has_server());
  under_way.test->signal(SIGINT);
  const auto status = under_way.test->wait(patience);
  REQUIRE(status);
  CHECK(*status != 128 + SIGINT);
  CHECK_FALSE(under_way.has_server());
  CHECK(under_way.folder.of("c").at("verdict") == "skipped");
}

TEST_CASE("servers do not outlive a test that is killed") {
  UnderWay under_way;
  CHECK(under_way.has_server());
  under_way.test->signal(SIGKILL);
  CHECK(under_way.test->wait(patience) == 128 + SIGKILL);
  CHECK(eventually(patience, [&] { return !under_way.has_server(); }));
}

}  // namespace
}  // namespace provphone::e2e::own_server_test
