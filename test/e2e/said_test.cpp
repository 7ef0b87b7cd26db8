#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// What a server says that refuses, and where it is told.
namespace provphone::e2e::said_test {
namespace {

constexpr auto* refusals =
    "location = /page.xml { return 403; }\n"
    "location = /why.xml { default_type text/plain;\n"
    "  return 403 \"MAC not enrolled; token=Zq7Zq7\\r\\ncall\\tIT\\n\"; }\n"
    "location = /load.bin { default_type text/plain; return 403 \"no licence\"; }\n";

struct Refusing {
  Workspace workspace;
  Nginx nginx = start();

  Nginx start() {
    workspace.write("www/good.xml", profile("good"));
    return Nginx(workspace, workspace.path("www"), {{}, refusals});
  }
};

TEST_CASE(
    "the page of a real server's refusal reads as its text, in the trace and on the way out") {
  Refusing server;
  const auto run = run_phone(server.workspace, {"--rule", server.nginx.url("/page.xml")});
  require_failure(run, "forbidden");
  const auto responses = run.events("response");
  REQUIRE(responses.size() == 1);
  const auto said = responses[0].at("said").get<std::string>();
  CHECK(said.starts_with("403 Forbidden nginx/"));
  CHECK(run.events("pass_failed").at(0).at("said") == said);
  CHECK(contains(run.err, "\n  the server said: " + said));
}

TEST_CASE("timeline and explanation say what the server said, without its secrets") {
  Refusing server;
  const auto rule = server.nginx.url("/why.xml");
  const std::string said = "MAC not enrolled; token=******** call IT";
  const auto shown = provphone(server.workspace, {"run", "--rule", rule});
  CHECK(shown.exit_code == 1);
  CHECK(contains(shown.out, "status 403 · "));
  CHECK(contains(shown.out, " · said: " + said + "\n"));
  CHECK(contains(shown.err, "\n  the server said: " + said));
  const auto trace = server.workspace.path("said.jsonl").string();
  const auto traced = provphone(server.workspace, {"run", "--rule", rule, "--trace", trace});
  CHECK(traced.exit_code == 1);
  const auto explained = provphone(server.workspace, {"explain", trace});
  CHECK(explained.exit_code == 0);
  auto text = explained.out;
  std::replace(text.begin(), text.end(), '\n', ' ');
  CHECK(contains(text, "The answer had status 403, and said"));
  CHECK(contains(text, "token=********"));
  for (const auto* each : {&shown.out, &shown.err, &explained.out})
    CHECK_FALSE(contains(*each, "Zq7"));
}

TEST_CASE("an expectation that does not hold shows what the server said last") {
  Refusing server;
  const auto scenario = server.workspace.write(
      "said.yaml", "phones:\n  - set: {Profile_Rule: \"" + server.nginx.url("/why.xml") +
                       "\", Resync_Random_Delay: 0, Resync_Error_Retry_Delay: 0}\n"
                       "events: [{at: 0s, power_on: all}]\n"
                       "limits: {duration: 30s}\n"
                       "expect: [{parameter: GPP_A, equals: good}]\n");
  const auto run = provphone(server.workspace, {"run", scenario.string(), "--quiet"});
  CHECK(run.exit_code == 1);
  INFO(run.err);
  CHECK(contains(run.err, "\n  the server said: MAC not enrolled; token=******** call IT\n"));
  CHECK(contains(run.err, "  so that this failed: parameter: GPP_A, equals: good"));
}

TEST_CASE("a load that is refused is told with the server's words too") {
  Refusing server;
  const auto run =
      run_phone(server.workspace, {"--rule", server.nginx.url("/good.xml"), "--set",
                                   "Upgrade_Rule=" + server.nginx.url("/load.bin"), "--for", "5s"});
  const auto responses = run.events("response");
  REQUIRE(responses.size() >= 2);
  CHECK(responses[0].count("said") == 0);
  CHECK(responses[1].at("said") == "no licence");
}

}  // namespace
}  // namespace provphone::e2e::said_test
