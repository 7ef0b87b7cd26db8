#include "test/e2e/phone.hpp"
#include "test/e2e/scripted_server.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

// `provphone run SCENARIO`.
namespace provphone::e2e::scenario_run_test {
namespace {

// Three phones at an nginx that has a file for each.
struct Lab {
  Workspace workspace;
  Nginx nginx = start();

  Nginx start() {
    for (const auto* mac : {"000e08001000", "000e08001001", "000e08001002"})
      workspace.write(std::string("www/8841-3PCC/") + mac + ".xml", profile(mac));
    return Nginx(workspace, workspace.path("www"));
  }

  std::string scenario(const std::string& events, const std::string& limits = "{duration: 90s}") {
    const auto text = "seed: 7\nlimits: " + limits +
                      "\nphones:\n  - group: lab\n    count: 3\n    mac: 000e08001000\n    set:\n"
                      "      Profile_Rule: \"" +
                      nginx.url("/$PSN/$MA.xml") +
                      "\"\n      Resync_Random_Delay: 0\n      Resync_Periodic: 0\nevents:\n" +
                      events;
    return workspace.write("lab.yaml", text).string();
  }
};

std::vector<Json> of_phone(const std::vector<Json>& events, const std::string& mac) {
  std::vector<Json> own;
  std::copy_if(events.begin(), events.end(), std::back_inserter(own),
               [&](const Json& event) { return event.at("phone") == mac; });
  return own;
}

TEST_CASE("the phones of a scenario boot, each fetches its own file, and the run ends at rest") {
  Lab lab;
  const auto run = run_phone(lab.workspace, {lab.scenario("  - {at: 0s, power_on: all}\n")});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(run.result.at("verdict") == "pass");
  CHECK(run.result.at("phones") == 3);
  CHECK(run.result.at("seed") == 7);
  CHECK(run.events("pass_succeeded").size() == 3);
  REQUIRE(run.result.at("final").size() == 3);
  for (const auto& phone : run.result.at("final"))
    CHECK(phone.at("parameters").at("GPP_A") == phone.at("mac"));
  CHECK(lab.nginx.accesses(3).size() == 3);
}

TEST_CASE("a power cut, a call and a NOTIFY reach the phones that a scenario names") {
  Lab lab;
  const auto run = run_phone(
      lab.workspace, {lab.scenario("  - {at: 0s, power_on: all}\n"
                                   "  - {at: 3s, power_cycle: 000e08001000, off: 500ms}\n"
                                   "  - {at: 3s, call: 000e08001001, for: 1s}\n"
                                   "  - {at: 3500ms, notify: resync, phones: 000e08001001}\n"
                                   "  - {at: 3500ms, notify: resync, phones: 000e08001002}\n")});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto booted = run.events("powered_on");
  REQUIRE(booted.size() == 4);
  CHECK(booted.back().at("phone") == "000e08001000");
  CHECK(booted.back().at("t").get<double>() >= 3.5);
  const auto deferred = run.events("pass_deferred");
  REQUIRE(deferred.size() == 1);
  CHECK(deferred[0].at("phone") == "000e08001001");
  CHECK(deferred[0].at("reason") == "call_active");
  const auto started = run.events("pass_started");
  const auto waited = of_phone(started, "000e08001001");
  REQUIRE(waited.size() == 2);
  CHECK(waited[1].at("kind") == -1);
  CHECK(waited[1].at("t").get<double>() >= 4.0);
  const auto at_once = of_phone(started, "000e08001002");
  REQUIRE(at_once.size() == 2);
  CHECK(at_once[1].at("t").get<double>() < waited[1].at("t").get<double>());
  CHECK(lab.nginx.accesses(6).size() == 6);
}

TEST_CASE("a power cut drops the answer that a phone waits for") {
  Workspace workspace;
  ScriptedServer silent([](Peer& peer) { peer.wait_until_gone(); });
  const auto scenario = workspace.write(
      "cut.yaml", "limits: {duration: 90s}\nphones:\n  - set: {Profile_Rule: \"" + silent.url("") +
                      "/a.xml\", Resync_Random_Delay: 0}\nevents:\n"
                      "  - {at: 0s, power_on: all}\n  - {at: 3s, power_off: all}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  CHECK(run.events("pass_started").size() == 1);
  CHECK(run.events("request").size() == 1);
  CHECK(run.events("response").empty());
  CHECK(run.events("pass_failed").empty());
  CHECK(run.err == "FAIL  no phone was provisioned: no pass came to its end\n");
}

TEST_CASE("what a person sets at the phone counts from then on") {
  Lab lab;
  const auto run = run_phone(
      lab.workspace,
      {lab.scenario("  - {at: 0s, power_on: all}\n"
                    "  - {at: 1s, set: {GPP_B: \"desk-{index}\"}, phones: 000e08001002}\n")});
  CHECK(run.exit_code == 0);
  REQUIRE(run.result.at("final").size() == 3);
  CHECK(run.result.at("final")[2].at("parameters").at("GPP_B") == "desk-2");
  CHECK_FALSE(run.result.at("final")[1].at("parameters").contains("GPP_B"));
}

TEST_CASE("two phones with minted certificates are two subjects to the server", "[R-CERT-01]") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  workspace.write("www/a.xml", profile("shared"));
  Nginx nginx(workspace, workspace.path("www"), {pki.demanding_clients(), {}});
  const auto scenario = workspace.write(
      "two.yaml", "pki: " + pki.folder.string() + "\nphones:\n  - count: 2\n" +
                      "    mac: 000e08001000\n    certificate: minted\n    trust: [" +
                      pki.server_root().string() + "]\n    set: {Profile_Rule: \"" +
                      nginx.url("/a.xml") + "\", Resync_Random_Delay: 0, Resync_Periodic: 0}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  std::set<std::string> subjects;
  for (const auto& access : nginx.accesses(2)) {
    CHECK(access.status == 200);
    subjects.insert(access.subject);
  }
  REQUIRE(subjects.size() == 2);
  CHECK(subjects.begin()->find("ST=000e08001000") != std::string::npos);
  CHECK(subjects.rbegin()->find("ST=000e08001001") != std::string::npos);
}

TEST_CASE("a scenario that cannot be run is refused in one line") {
  Workspace workspace;
  const auto refused = [&](const std::string& text, const Flags& more = {}) {
    const auto file = workspace.write("bad.yaml", text).string();
    const auto command = provphone(workspace, with({"run", file}, more));
    require_usage_error(command);
    return command.err;
  };
  using Catch::Contains;
  CHECK_THAT(refused("phones: [{count: 1001}]\n"), Contains("run drives at most 1000 phones"));
  CHECK_THAT(refused("phones: [{coutn: 1}]\n"), Contains("bad.yaml:1:11") && Contains("coutn"));
  CHECK_THAT(refused("phones: [{certificate: minted}]\n"), Contains("pki"));
  CHECK_THAT(refused("phones: [{}]\nevents: [{at: 0s, resync: all, every: 1s}]\n"),
             Contains("limits.duration"));
  CHECK_THAT(refused("phones: [{}]\n", {"--mac", "000e08000001"}), Contains("--mac"));
  CHECK_THAT(refused("phones: [{}]\n", {"--with", "limits.duration=soon"}), Contains("duration"));
}

TEST_CASE("a scenario without anything to do is over at once") {
  Workspace workspace;
  const auto file = workspace.write("idle.yaml", "phones: [{}]\nevents: []\n").string();
  const auto run = run_phone(workspace, {file});
  CHECK(run.exit_code == 1);
  CHECK(run.err == "FAIL  no phone was provisioned: none had power\n");
}

}  // namespace
}  // namespace provphone::e2e::scenario_run_test
