#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>

// Colours that can be trusted: each case is a run that says what is so, and not more.
namespace provphone::e2e::verdict_test {
namespace {

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Phones that fetch `rule` when they are switched on, and never again.
std::string phones(const std::string& name, int count, const std::string& rule,
                   const std::string& more = {}) {
  return "  - {group: " + name + ", count: " + std::to_string(count) + ", set: {Profile_Rule: \"" +
         rule + "\", Resync_Random_Delay: 0, Resync_Periodic: 0, Resync_Error_Retry_Delay: 0" +
         more + "}}\n";
}

struct Judged {
  CommandResult command;
  Json result;

  std::string verdict() const { return result.at("verdict"); }
  // By their places.
  std::vector<std::string> statuses() const {
    std::vector<std::string> all;
    for (const auto& each : result.at("expectations")) all.push_back(each.at("status"));
    return all;
  }
};

// The command with its result; the generator is never too late where `flags` do not say so.
Judged judged(Workspace& workspace, const std::string& command, const std::string& yaml,
              const Flags& flags = {}) {
  const auto file = workspace.write("phones.yaml", yaml).string();
  const auto json = workspace.path("result.json").string();
  auto all = with({command, file, "--json", json}, flags);
  const bool has_limit = std::find(flags.begin(), flags.end(), "--lag-limit") != flags.end();
  if (command == "fleet" && !has_limit) all = with(all, {"--lag-limit", "1h"});
  Judged judged{provphone(workspace, all), {}};
  INFO(judged.command.err);
  judged.result = Json::parse(read_file(json));
  return judged;
}

const std::string some_profile = "<flat-profile><GPP_A>x</GPP_A></flat-profile>";

}  // namespace

TEST_CASE("a run in which nothing happened is no success") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto rule = server.origin("http") + "/all.xml";
  // Its boot pass is due in some seconds.
  const auto early = provphone(workspace, {"run", "--boot", "--for", "1s", "--rule", rule});
  CHECK(early.exit_code == 1);
  CHECK(early.err == "FAIL  no phone was provisioned: no pass came to its end\n");
  for (const auto* command : {"run", "fleet", "forecast"}) {
    INFO(command);
    const auto yaml = "phones:\n" + phones("lab", 3, rule);
    const auto none = judged(workspace, command, yaml + "events: []\nlimits: {duration: 1s}\n");
    CHECK(none.command.exit_code == 1);
    CHECK(none.verdict() == "fail");
    CHECK(
        contains(none.command.err + none.command.out, "no phone was provisioned: none had power"));
    CHECK(none.result.at("extent") ==
          Json({{"phones", 3}, {"powered_on", 0}, {"provisioned", 0}, {"under_way", 0}}));
  }
  // Switched on, and its boot pass is due in some seconds.
  auto waiting = "phones:\n" + phones("lab", 3, rule);
  waiting.replace(waiting.find("Random_Delay: 0"), 15, "Random_Delay: 600");
  const auto short_run = judged(workspace, "fleet", waiting, {"--for", "300ms"});
  CHECK(short_run.command.exit_code == 1);
  CHECK(short_run.result.at("extent").at("powered_on") == 3);
  CHECK(contains(short_run.command.out, "no phone was provisioned: no pass came to its end"));
}

TEST_CASE("a pass that is under way when the run ends is no success") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "stall=body path=/all.xml"});
  const auto run =
      provphone(workspace, {"run", "--for", "1s", "--rule", server.origin("http") + "/all.xml"});
  CHECK(run.exit_code == 3);
  CHECK(contains(run.err, "VOID  the run was cut short (1 of 1 phones were in their first pass"));
}

TEST_CASE("phones whose rules lead nowhere are not provisioned, however often they succeed") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto yaml =
      "phones:\n" + phones("empty", 2, "") + phones("good", 1, server.origin("http") + "/all.xml") +
      "expect: [{converged: 100%, within: 1m}, {converged: 100%, within: 1m, phones: good}]\n";
  for (const auto* command : {"run", "fleet"}) {
    INFO(command);
    const auto run = judged(workspace, command, yaml);
    CHECK(run.command.exit_code == 1);
    CHECK(run.statuses()[0] == "failed");
    CHECK(run.statuses()[1] == "passed");
    CHECK(run.result.at("extent").at("provisioned") == 1);
    CHECK(run.result.at("passes").at("succeeded") == 3);
  }
}

TEST_CASE("a run that is shorter than what it expects is void") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto yaml = "phones:\n" + phones("lab", 200, server.origin("http") + "/all.xml") +
                    "events: [{at: 0s, power_on: all, over: 60s}]\n"
                    "expect: [{converged: 100%, within: 1m}]\n";
  for (const auto* command : {"run", "fleet", "forecast"}) {
    INFO(command);
    const auto run = judged(workspace, command, yaml, {"--for", "2s"});
    CHECK(run.command.exit_code == 3);
    CHECK(run.statuses()[0] == "undecided");
    CHECK(run.result.at("ended") == "time");
    CHECK(run.result.at("extent").at("powered_on") < 20);
    CHECK(contains(run.result.at("headline"), "the run was too short for converged"));
  }
}

TEST_CASE("a signal that comes before a command has begun leaves a result all the same") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto rule = server.origin("http") + "/all.xml";
  const auto file =
      workspace
          .write("phones.yaml",
                 "phones:\n" + phones("lab", 50, rule) +
                     "events: [{at: 0s, power_on: all, over: 60s}]\n"
                     "expect: [{converged: 100%, within: 1m}]\nlimits: {duration: 3h}\n")
          .string();
  // It is pending when the program is started, and stays so until somebody lets it come.
  const std::string pending =
      "use POSIX; my $set = POSIX::SigSet->new(SIGSIG); sigprocmask(SIG_BLOCK, $set); "
      "kill SIGSIG, $$; exec @ARGV;";
  for (const auto* signal : {"SIGINT", "SIGTERM", "SIGHUP"}) {
    for (const auto& command :
         std::vector<Flags>{{"run", file},
                            {"fleet", file},
                            {"check", rule},
                            {"forecast", file, "--sweep", "Resync_Random_Delay=1,2"}}) {
      const auto json = workspace.path(command[0] + signal + ".json");
      auto script = pending;
      for (auto at = script.find("SIGSIG"); at != std::string::npos; at = script.find("SIGSIG"))
        script.replace(at, 6, signal);
      Process process(
          workspace.make_folder("pending"), "provphone",
          with(with({"perl", "-e", script, PROVPHONE_BINARY}, command), {"--json", json.string()}));
      const auto status = process.wait(patience);
      INFO(command[0] << " " << signal << process.err());
      REQUIRE(status);
      CHECK(*status == 3);
      CHECK_FALSE(Json::parse(read_file(json)).empty());
    }
  }
}

TEST_CASE("three shards judge what one run judges, and not each its own part") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "/bad.xml=400"});
  const auto origin = server.origin("http");
  const auto yaml = "phones:\n" + phones("good", 90, origin + "/all.xml") +
                    phones("bad", 30, origin + "/bad.xml") +
                    "expect:\n"
                    "  - {error: bad_request, max: 15}\n"
                    "  - {error: bad_request, min: 25}\n"
                    "  - {requests: \"*\", count: 120}\n"
                    "  - {converged: 75%, within: 1m}\n"
                    "  - {latency: fetch, p99: 1m}\n";
  const auto whole = judged(workspace, "fleet", yaml);
  CHECK(whole.statuses() ==
        std::vector<std::string>{"failed", "passed", "passed", "passed", "passed", "passed"});
  const auto start = std::to_string(std::time(nullptr) + 3);
  std::vector<std::unique_ptr<Process>> shards;
  Flags merge{"report"};
  for (const std::string number : {"1", "2", "3"}) {
    merge.push_back(workspace.path(number + ".json").string());
    shards.push_back(std::make_unique<Process>(
        workspace.make_folder("shard"), "shard",
        Flags{PROVPHONE_BINARY, "fleet", workspace.path("phones.yaml").string(), "--quiet",
              "--lag-limit", "1h", "--shard", number + "/3", "--start-at", start, "--json",
              merge.back()}));
  }
  for (const auto& shard : shards) REQUIRE(shard->wait(patience) == 0);
  const auto merged = workspace.path("merged.json").string();
  const auto report = provphone(
      workspace, with(merge, {"--json", merged, "--junit", workspace.path("j.xml").string()}));
  INFO(report.out << report.err);
  CHECK(report.exit_code == 1);
  const auto result = Json::parse(read_file(merged));
  CHECK(result.at("starts").size() == 3);
  CHECK(result.at("extent") == whole.result.at("extent"));
  CHECK(Judged{report, result}.statuses() == whole.statuses());
  CHECK(contains(read_file(workspace.path("j.xml")), "got 30 altogether"));

  const auto two = provphone(workspace, {"report", merge[1], merge[2]});
  // Too many failures are too many, whatever the third one says; the rest is open.
  CHECK(two.exit_code == 1);
  CHECK(contains(two.out, "2 of 3 are here, without 3"));
  CHECK(contains(two.out, "undecided   requests: *, count: 120"));

  // One more, ten seconds late and without a word about it.
  auto late = Json::parse(read_file(merge[3]));
  late["starts"][0]["began_ms"] = late["starts"][0]["began_ms"].get<std::int64_t>() + 10'000;
  workspace.write("3.json", late.dump());
  const auto apart = provphone(workspace, merge);
  CHECK(contains(apart.out, "shard 3 began 10.0 s after shard"));
  CHECK(contains(apart.out, "undecided   converged: 75%"));
}

TEST_CASE("a file is not there only where no place says otherwise") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer busy(workspace, {"--http", "0", "--fault", "status=503"});
  const EmbeddedServer empty(workspace, {"--http", "0"});
  for (const std::string fails_on_fnf : {"Yes", "No"}) {
    const auto run =
        run_phone(workspace, {"--rule", "/missing.xml", "--dhcp", "66=" + busy.origin("http") + "/",
                              "--dhcp", "160=" + empty.origin("http") + "/", "--set",
                              "Resync_Fails_On_FNF=" + fails_on_fnf});
    INFO(run.err);
    const auto answers = run.events("response");
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].at("status") == 503);
    CHECK(answers[1].at("status") == 404);
    CHECK(run.exit_code == 1);
    CHECK(run.error_count("service_unavailable") == 1);
  }
}

TEST_CASE("an upgrade that fails, fails the run") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto origin = server.origin("http");
  const auto yaml = "phones:\n" +
                    phones("lab", 1, origin + "/all.xml",
                           ", Upgrade_Rule: \"" + origin + "/sip88xx.12-0-2MPP0001-116.loads\"") +
                    "limits: {duration: 5s}\n";
  const auto tap = workspace.path("run.tap").string();
  const auto plain = judged(workspace, "run", yaml, {"--tap", tap});
  CHECK(plain.command.exit_code == 1);
  CHECK(
      contains(plain.command.err, "FAIL  1 upgrade failed: upgrade: file_not_found by " + origin));
  CHECK(contains(read_file(tap), "not ok"));
  for (const auto* command : {"run", "fleet"}) {
    INFO(command);
    const auto run = judged(workspace, command,
                            yaml +
                                "expect:\n  - {error: file_not_found, none: true}\n"
                                "  - {upgrade: failed, code: file_not_found, count: 1}\n"
                                "  - {upgrade: done, none: true}\n"
                                "  - {report: sent, none: true}\n"
                                "  - {log: x, none: true}\n");
    CHECK(run.command.exit_code == 1);
    auto statuses = run.statuses();
    statuses.resize(5);  // a fleet looks for other phones' data besides
    CHECK(statuses ==
          std::vector<std::string>{"failed", "passed", "passed", "not_judged", "not_judged"});
    const auto expected = judged(workspace, command, yaml + "expect: [{upgrade: failed}]\n");
    CHECK(expected.command.exit_code == 0);
  }
}

TEST_CASE("an expectation that could not have failed fails a strict run") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto yaml = "phones:\n" + phones("lab", 1, server.origin("http") + "/all.xml") +
                    "expect: [{log: x, none: true}]\n";
  for (const auto* command : {"run", "fleet", "forecast"}) {
    INFO(command);
    const auto usual = judged(workspace, command, yaml);
    CHECK(usual.command.exit_code == 0);
    CHECK(contains(usual.command.err,
                   "not judged: log: x, none: true: these phones wrote no log line"));
    const auto strict = judged(workspace, command, yaml, {"--strict"});
    CHECK(strict.command.exit_code == 1);
    CHECK(contains(strict.command.out + strict.command.err,
                   "FAIL  not judged, and --strict: log: x"));
  }
}

TEST_CASE("void takes away times and leaves facts") {
  Workspace workspace;
  workspace.write("www/all.xml", some_profile);
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "/shut.xml=403"});
  const auto origin = server.origin("http");
  const auto good = "phones:\n" + phones("good", 50, origin + "/all.xml");
  const auto expect =
      "expect: [{converged: 10%, within: 1m}, {parameter: GPP_A, equals: x, phones: good}]\n";
  const auto alone = judged(workspace, "fleet", good + expect, {"--lag-limit", "0ms"});
  INFO(alone.command.err);
  CHECK(alone.command.exit_code == 3);
  CHECK(alone.statuses()[0] == "undecided");
  CHECK(alone.statuses()[1] == "passed");
  const auto refused = judged(workspace, "fleet", good + phones("shut", 5, origin + "/shut.xml"),
                              {"--lag-limit", "0ms"});
  CHECK(refused.command.exit_code == 1);
  CHECK(contains(refused.result.at("headline"),
                 "5 of 55 phones were not provisioned: forbidden by " + origin));
  CHECK_FALSE(refused.result.at("void_reasons").empty());
}

TEST_CASE("one cause is told once, with what follows from it") {
  Workspace workspace;
  const auto port = std::to_string(free_tcp_port());
  const auto rule = "http://127.0.0.1:" + port + "/$MA.xml";
  const auto yaml = "phones:\n" + phones("sales", 40, rule) + phones("support", 65, rule) +
                    "expect:\n"
                    "  - {converged: 100%, within: 1m}\n"
                    "  - {parameter: GPP_A, equals: a}\n"
                    "  - {parameter: GPP_B, equals: b}\n"
                    "  - {parameter: GPP_C, equals: c, phones: sales}\n"
                    "  - {requests: \"/x.xml\", min: 1}\n";
  const auto junit = workspace.path("run.xml").string();
  for (const auto* command : {"run", "fleet"}) {
    const auto run = judged(workspace, command, yaml, {"--quiet", "--junit", junit, "--github"});
    // The text of a fleet begins with the verdict, the rest stands on standard error.
    const auto told = judged(workspace, command, yaml).command;
    const auto all = told.out + told.err;
    INFO(all);
    CHECK(run.command.exit_code == 1);
    const auto cause = "connection_refused by http://127.0.0.1:" + port;
    CHECK(contains(all, "FAIL  105 of 105 phones were not provisioned: " + cause + "\n"));
    CHECK(contains(all, "  groups: support 65, sales 40\n"));
    CHECK(occurrences(told.err, "  so that this failed: ") == 5);
    CHECK(lines_of(told.err).size() < 14);
    CHECK(occurrences(run.command.out, "::error ") == 1);
    const auto xml = read_file(junit);
    CHECK(contains(xml, "it never was (" + cause + ")\""));
    CHECK(contains(xml, "phones.yaml:7\n"));
    CHECK_FALSE(contains(xml, "time=\"0\""));
  }
}

}  // namespace provphone::e2e::verdict_test
