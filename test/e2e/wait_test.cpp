#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// --wait-for-server: phones whose server is not there yet.
namespace provphone::e2e::wait_test {
namespace {

std::string lab(const std::string& rule, const std::string& limits) {
  return "limits: " + limits +
         "\nphones:\n  - {count: 2, mac: 000e08001000, set: {Profile_Rule: \"" + rule +
         "\", Resync_Random_Delay: 0, Resync_Periodic: 0, "
         "Resync_Error_Retry_Delay: 0}}\nexpect:\n" +
         "  - {converged: 100%, within: 60s}\n";
}

std::string local(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port) + "/$MA.xml";
}

// A provphone in the background, and its server that comes when it is waited for.
struct LateServer {
  Workspace workspace;
  std::uint16_t port = free_tcp_port();

  LateServer() {
    for (const auto* mac : {"000e08001000", "000e08001001"})
      workspace.write(std::string("www/") + mac + ".xml", profile(mac));
  }

  std::unique_ptr<Process> provphone(Flags flags) {
    flags.insert(flags.begin(), PROVPHONE_BINARY);
    return std::make_unique<Process>(workspace.path(), "phones", std::move(flags));
  }

  // Once the phones have said that they wait.
  std::unique_ptr<EmbeddedServer> come(const Process& phones) {
    REQUIRE(eventually(patience, [&] { return contains(phones.err(), "waiting for"); }));
    return std::make_unique<EmbeddedServer>(workspace, Flags{"--http", std::to_string(port)});
  }
};

TEST_CASE("phones wait for a server that is started late, and say for which") {
  for (const auto* command : {"run", "fleet"}) {
    INFO(command);
    LateServer late;
    const auto file =
        late.workspace.write("late.yaml", lab(local(late.port), "{wait_for_server: 90s}")).string();
    auto phones = late.provphone({command, file, "--quiet", "--json", "result.json"});
    const auto server = late.come(*phones);
    const auto status = phones->wait(patience);
    INFO(phones->err());
    CHECK(status == 0);
    CHECK(phones->err() == "provphone: waiting for http://127.0.0.1:" + std::to_string(late.port) +
                               " (connection_refused), 90 s at most\n");
    const auto result = Json::parse(read_file(late.workspace.path("result.json")));
    CHECK(result.at("verdict") == "pass");
  }
}

TEST_CASE("a phone that flags describe waits too, and the flag counts more than the scenario") {
  LateServer late;
  auto phone = late.provphone({"run", "--rule", local(late.port), "--mac", "000e08001000",
                               "--wait-for-server", "90s", "--quiet"});
  auto server = late.come(*phone);
  CHECK(phone->wait(patience) == 0);
  const auto file =
      late.workspace.write("now.yaml", lab(local(free_tcp_port()), "{wait_for_server: 1h}"))
          .string();
  const auto short_wait =
      provphone(late.workspace, {"run", file, "--wait-for-server", "1ms", "--quiet"});
  CHECK(short_wait.exit_code == 1);
}

TEST_CASE("without waiting a server that is not there fails the passes, as ever") {
  Workspace workspace;
  const auto file =
      workspace.write("a.yaml", lab(local(free_tcp_port()), "{duration: 90s}")).string();
  const auto run = provphone(workspace, {"run", file, "--quiet"});
  CHECK(run.exit_code == 1);
  CHECK(contains(run.err, "FAIL  2 of 2 phones were not provisioned: connection_refused by"));
}

TEST_CASE("a server that never comes is a failed run in which no phone was started") {
  for (const auto* command : {"run", "fleet"}) {
    INFO(command);
    Workspace workspace;
    const auto port = std::to_string(free_tcp_port());
    const auto file =
        workspace
            .write("never.yaml", lab("http://127.0.0.1:" + port + "/a", "{wait_for_server: 300ms}"))
            .string();
    const auto run = provphone(
        workspace,
        {command, file, "--quiet", "--json", workspace.path("never.json").string(), "--junit",
         workspace.path("never.xml").string(), "--trace", workspace.path("never.jsonl").string()});
    CHECK(run.exit_code == 1);
    const auto why =
        "http://127.0.0.1:" + port + " did not answer within 300 ms (connection_refused)";
    CHECK(lines_of(run.err).front() == "FAIL  the run did not begin: " + why);
    const auto result = Json::parse(read_file(workspace.path("never.json")));
    CHECK(result.at("verdict") == "fail");
    CHECK(result.at("never_began") == why);
    CHECK(result.at("extent").at("powered_on") == 0);
    REQUIRE(result.at("expectations").size() >= 1);
    CHECK(result.at("expectations")[0].at("status") == "not_judged");
    CHECK(contains(read_file(workspace.path("never.xml")),
                   "type=\"never_began\" message=\"" + why + "\""));
    CHECK(read_file(workspace.path("never.jsonl")).empty());
  }
}

TEST_CASE("waiting for a server that is no target is refused at once") {
  Workspace workspace;
  const auto run = provphone(
      workspace, {"run", "--rule", "http://192.0.2.1/a", "--quiet", "--wait-for-server", "1h"});
  CHECK(run.exit_code == 1);
  CHECK(contains(run.err, "the run did not begin: \"192.0.2.1\" is not among the allowed targets"));
}

TEST_CASE("Ctrl-C ends the wait, and the run is void") {
  LateServer late;
  const auto file =
      late.workspace.write("a.yaml", lab(local(late.port), "{wait_for_server: 1h}")).string();
  auto phones = late.provphone({"run", file, "--quiet", "--json", "result.json"});
  REQUIRE(eventually(patience, [&] { return contains(phones->err(), "waiting for"); }));
  phones->signal(SIGINT);
  CHECK(phones->wait(patience) == 3);
  CHECK(contains(phones->err(), "ended by SIGINT while it waited for its servers"));
  CHECK(Json::parse(read_file(late.workspace.path("result.json"))).at("verdict") == "void");
}

TEST_CASE("a TFTP server is waited for by what it answers") {
  Workspace workspace;
  workspace.write("www/a.cfg", profile("here"));
  EmbeddedServer server(workspace, {"--tftp", "0"});
  const auto run = provphone(workspace, {"run", "--rule", server.origin("tftp") + "/a.cfg",
                                         "--wait-for-server", "90s", "--quiet"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
}

TEST_CASE("an audit waits for its server, and checks nothing where there is none") {
  LateServer late;
  const auto target = "http://127.0.0.1:" + std::to_string(late.port) + "/$MA.xml";
  auto audit = late.provphone({"check", target, "--mac", "000e08001000", "--wait-for-server", "90s",
                               "--requests", "5", "--fail-on", "high"});
  const auto server = late.come(*audit);
  const auto status = audit->wait(patience);
  INFO(audit->err());
  REQUIRE(status);
  CHECK(contains(audit->out(), "CHK-"));
  const auto none =
      provphone(late.workspace, {"check", local(free_tcp_port()), "--wait-for-server", "1ms",
                                 "--json", late.workspace.path("none.json").string()});
  CHECK(none.exit_code == 1);
  CHECK(lines_of(none.err).size() == 1);
  CHECK(none.err.starts_with("provphone: nothing was checked: http://127.0.0.1:"));
  CHECK(none.out.empty());
}

TEST_CASE("a run whose expectation is lost ends there, with a fail") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("x"));
  Nginx nginx(workspace, workspace.path("www"));
  // Nothing else would end it.
  const auto text =
      "limits: {abort_when: lost, duration: 1h}\nphones:\n  - {count: 2, set: "
      "{Profile_Rule: \"" +
      nginx.url("/a.xml") +
      "\", Resync_Random_Delay: 0, Resync_Periodic: 1}}\nexpect:\n"
      "  - {requests: /a.xml, max: 3}\n  - {converged: 100%, within: 1m}\n";
  const auto file = workspace.write("lost.yaml", text).string();
  for (const auto* command : {"run", "fleet"}) {
    INFO(command);
    const auto run = provphone(
        workspace, {command, file, "--quiet", "--json", workspace.path("lost.json").string()});
    CHECK(run.exit_code == 1);
    CHECK(lines_of(run.err).front().starts_with(
        "FAIL  an expectation failed: requests: /a.xml, max: 3 ("));
    CHECK(lines_of(run.err).front().ends_with("; that ended the run"));
    const auto result = Json::parse(read_file(workspace.path("lost.json")));
    CHECK(result.at("ended") == "lost");
    CHECK(result.at("expectations")[0].at("status") == "failed");
    CHECK(result.at("expectations")[1].at("status") == "undecided");
  }
}

TEST_CASE("workers of a fleet lose an expectation together") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("x"));
  Nginx nginx(workspace, workspace.path("www"));
  // Of four requests each worker has two.
  const auto text =
      "limits: {abort_when: lost, duration: 1h}\nphones:\n  - {count: 4, set: "
      "{Profile_Rule: \"" +
      nginx.url("/a.xml") +
      "\", Resync_Random_Delay: 0, Resync_Periodic: 3600}}\nexpect:\n"
      "  - {requests: /a.xml, max: 3}\n";
  const auto run = provphone(workspace, {"fleet", workspace.write("lost.yaml", text).string(),
                                         "--workers", "2", "--quiet", "--json", "-"});
  CHECK(run.exit_code == 1);
  CHECK(Json::parse(run.out).at("ended") == "lost");
}

TEST_CASE("a forecast ends at the event that loses an expectation, on any number of threads") {
  Workspace workspace;
  const auto text =
      "limits: {abort_when: lost}\nphones:\n  - {count: 50, set: {Profile_Rule: "
      "\"http://10.0.0.2/a.xml\", Resync_Periodic: 60}}\nserver: {latency: 5ms}\nexpect:\n"
      "  - {requests: /a.xml, max: 120}\n";
  const auto file = workspace.write("lost.yaml", text).string();
  std::string first;
  for (const auto* workers : {"1", "4"}) {
    const auto run =
        provphone(workspace, {"forecast", file, "--for", "24h", "--workers", workers, "--quiet",
                              "--json", workspace.path("lost.json").string()});
    CHECK(run.exit_code == 1);
    const auto result = Json::parse(read_file(workspace.path("lost.json")));
    CHECK(result.at("ended") == "lost");
    CHECK(result.at("length_ms").get<std::int64_t>() < 180'000);
    CHECK(result.at("expectations")[0].at("failures")[0].at("got").get<std::string>().starts_with(
        "121 altogether"));
    if (first.empty()) first = result.dump();
    CHECK(result.dump() == first);
  }
}

}  // namespace
}  // namespace provphone::e2e::wait_test
