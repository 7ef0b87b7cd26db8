#include "client/cli/gentle_pace.hpp"
#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>
#include <sstream>

// `provphone fleet`: very many phones against real servers.
namespace provphone::e2e::fleet_test {
namespace {

// A phone makes one pass, whatever comes of it, and the run ends when all have. So the length of a
// run is a limit that is not waited for.
const std::string one_pass = "Resync_Error_Retry_Delay: 0, Resync_Periodic: 0";
const std::string many_passes = "Resync_Error_Retry_Delay: 600";

struct Group {
  std::string rule;
  int count = 100;
  std::string more{};  // further keys of the group
  std::string passes = one_pass;
};

// Phones that are all switched on within a second and fetch at once.
std::string scenario(const Group& group, const std::string& rest = {}) {
  return "seed: 5\nphones:\n  - group: site\n    count: " + std::to_string(group.count) +
         "\n    mac: 000e08200000\n" + group.more + "    set: {Profile_Rule: '" + group.rule +
         "', Resync_Random_Delay: 0, " + group.passes +
         "}\n"
         "events: [{at: 0s, power_on: all, over: 1s}]\n" +
         rest;
}

struct FleetRun {
  CommandResult command;
  Json result;

  std::uint64_t converged() const { return result.at("groups").at(0).at("converged"); }
  std::string verdict() const { return result.at("verdict"); }
  std::string void_resource() const {
    return result.at("void_reasons").empty()
               ? ""
               : result.at("void_reasons").at(0).at("resource").get<std::string>();
  }
};

FleetRun read_run(Workspace& workspace, CommandResult command) {
  INFO(command.err);
  FleetRun run{std::move(command), {}};
  run.result = Json::parse(read_file(workspace.path("result.json")));
  return run;
}

// A busy machine makes no run void, unless `flags` have a limit of their own.
Flags fleet_flags(Workspace& workspace, const std::string& yaml, const Flags& flags) {
  const auto file = workspace.write("fleet.yaml", yaml).string();
  const bool has_limit = std::find(flags.begin(), flags.end(), "--lag-limit") != flags.end();
  return with(with({"fleet", file, "--json", workspace.path("result.json").string()}, flags),
              has_limit ? Flags{} : Flags{"--lag-limit", "1h"});
}

FleetRun fleet(Workspace& workspace, const std::string& yaml, const Flags& flags) {
  return read_run(workspace, provphone(workspace, fleet_flags(workspace, yaml, flags)));
}

// The command behind a shell, which prepares what it runs in.
FleetRun fleet_in(Workspace& workspace, const std::vector<std::string>& shell,
                  const std::string& yaml, const Flags& flags) {
  auto argv = shell;
  argv.push_back(PROVPHONE_BINARY);
  for (const auto& flag : fleet_flags(workspace, yaml, flags)) argv.push_back(flag);
  Process process(workspace.make_folder("fleet"), "fleet", argv);
  const auto status = process.wait(patience);
  REQUIRE(status);
  return read_run(workspace, {*status, process.out(), process.err()});
}

TEST_CASE("a fleet provisions itself from nginx, and each phone asks for its own file once") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  Nginx::Options options;
  options.locations = "location / { try_files /all.xml =404; }";
  const Nginx nginx(workspace, workspace.path("www"), options);
  const auto run = fleet(workspace,
                         scenario({nginx.url("/$MA.xml"), 2'000, ""},
                                  "expect:\n  - {converged: 100%, within: 90s}\n"
                                  "  - {parameter: GPP_A, equals: everybody}\n"
                                  "  - no_foreign_identity: true\n"),
                         {"--until-converged", "--for", "90s", "--workers", "2"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 0);
  CHECK(run.verdict() == "pass");
  CHECK(run.converged() == 2'000);
  CHECK(run.result.at("passes").at("succeeded") == 2'000);
  for (const auto& expectation : run.result.at("expectations"))
    CHECK(expectation.at("status") == "passed");
  std::set<std::string> asked;
  for (const auto& access : nginx.accesses(2'000)) asked.insert(access.request);
  CHECK(asked.size() == 2'000);
}

TEST_CASE("a run that goes on gently is slow at first and makes up for that") {
  using namespace std::chrono_literals;
  using provphone::client::cli::gentle_pace;
  struct Row {
    resync::Duration since;
    std::optional<double> pace;
  };
  const std::vector<Row> rows{{0ms, 10},  {999ms, 10},     {1s, 20},  {9s, 100}, {10s, 110},
                              {19s, 200}, {19'999ms, 200}, {20s, {}}, {1h, {}}};
  for (const auto& row : rows) {
    INFO(row.since.count());
    CHECK(gentle_pace(100, row.since) == row.pace);
  }
  CHECK(gentle_pace(0, 0s) == 1.0);
  CHECK(gentle_pace(3, 0s) == 1.0);
}

// `script` has a terminal of its own, and what comes to that on its standard output.
std::string on_terminal(Workspace& workspace, const std::string& size, const std::string& settings,
                        const std::string& yaml) {
  const auto file = workspace.write("fleet.yaml", yaml).string();
  const auto command = "stty " + size + "; env TERM=xterm " + settings +
                       " '" PROVPHONE_BINARY "' fleet '" + file +
                       "' --lag-limit 1h --until-converged";
  Process process(workspace.make_folder("terminal"), "script",
                  {"script", "-qec", command, "/dev/null"});
  REQUIRE(process.wait(patience) == 0);
  return process.out();
}

TEST_CASE("a fleet draws its screen on a terminal, and leaves the last page") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const Nginx nginx(workspace, workspace.path("www"));
  const auto yaml =
      scenario({nginx.url("/all.xml"), 3, ""}, "expect: [{converged: 100%, within: 90s}]\n");
  const auto utf8 = on_terminal(workspace, "cols 100 rows 40", "LC_ALL=C.UTF-8", yaml);
  const auto last = utf8.substr(utf8.rfind("\x1b[H"));
  INFO(last);
  CHECK(contains(last, "ENDED"));
  CHECK(contains(last, "3 of 3, 100 %"));
  CHECK(contains(last, "█"));
  CHECK_FALSE(contains(last, "expected"));
  CHECK(contains(utf8, "converged: 100%, within: 90s: "));
  CHECK(contains(last, "\x1b[?25h"));
  CHECK(contains(last, "PASS"));
  const auto ascii = on_terminal(workspace, "cols 60 rows 20", "LC_ALL=C NO_COLOR=1", yaml);
  CHECK(contains(ascii, "\x1b[H"));
  CHECK(contains(ascii, "######"));
  CHECK_FALSE(contains(ascii, "\x1b[0m"));
  const auto page = ascii.substr(0, ascii.rfind("\x1b[?25h"));
  CHECK(std::all_of(page.begin(), page.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST_CASE("each phone of a fleet shows a certificate of its own") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const auto pki = make_pki(workspace, {});
  Nginx::Options options;
  options.tls = pki.demanding_clients();
  options.locations = "location / { try_files /all.xml =404; }";
  const Nginx nginx(workspace, workspace.path("www"), options);
  const auto more = "    certificate: minted\n    trust: [" + pki.server_root().string() + "]\n";
  const auto run = fleet(
      workspace, scenario({nginx.url("/$MA.xml"), 200, more}, "pki: " + pki.folder.string() + "\n"),
      {"--until-converged", "--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.verdict() == "pass");
  std::set<std::string> subjects;
  for (const auto& access : nginx.accesses(200)) {
    const auto mac = access.request.substr(access.request.find('/') + 1, 12);
    CHECK(contains(access.subject, "ST=" + mac));
    subjects.insert(access.subject);
  }
  CHECK(subjects.size() == 200);
}

TEST_CASE("phones behind one proxy are never taken for each other", "[R-HTTP-02][R-HTTP-27]") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const auto pki = make_pki(workspace, {});
  Nginx::Options options;
  options.tls = pki.demanding_clients();
  // Each phone is told a cookie, which none may bring back.
  options.locations =
      "location / { if ($http_cookie) { return 409; } if ($ssl_session_reused = r) { return 410; "
      "}\n"
      "add_header Set-Cookie \"phone=$ssl_client_serial\"; try_files /all.xml =404; }";
  const Nginx nginx(workspace, workspace.path("www"), options);
  const Tinyproxy proxy(workspace, "desk secret");
  const auto more = "    certificate: minted\n    trust: [" + pki.server_root().string() + "]\n";
  const auto proxied = one_pass + ", Proxy_Mode: Manual, Proxy_Host: 127.0.0.1, Proxy_Port: '" +
                       std::to_string(proxy.port()) +
                       "', Proxy_Server_Requires_Authentication: 'Yes', Proxy_Username: desk, "
                       "Proxy_Password: secret";
  const auto run = fleet(
      workspace,
      scenario({nginx.url("/$MA.xml"), 1'000, more, proxied}, "pki: " + pki.folder.string() + "\n"),
      {"--until-converged", "--for", "120s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.verdict() == "pass");
  CHECK(run.converged() == 1'000);
  std::set<std::string> subjects;
  for (const auto& access : nginx.accesses(1'000)) {
    const auto mac = access.request.substr(access.request.find('/') + 1, 12);
    CHECK(access.status == 200);
    CHECK(contains(access.subject, "ST=" + mac));
    subjects.insert(access.subject);
  }
  CHECK(subjects.size() == 1'000);
}

TEST_CASE("a server that looks at certificates turns flawed ones away") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const auto pki = make_pki(workspace, {});
  Nginx::Options options;
  options.tls = pki.demanding_clients();
  options.locations = "location / { try_files /all.xml =404; }";
  const Nginx nginx(workspace, workspace.path("www"), options);
  for (const auto& [kind, accepted] : std::map<std::string, bool>{
           {"expired", false}, {"wrong_root", false}, {"wrong_subject", true}, {"none", false}}) {
    INFO(kind);
    const auto more =
        "    certificate: " + kind + "\n    trust: [" + pki.server_root().string() + "]\n";
    const auto run = fleet(
        workspace, scenario({nginx.url("/$MA.xml"), 3, more}, "pki: " + pki.folder.string() + "\n"),
        {"--for", "90s", "--quiet"});
    INFO(run.command.err);
    CHECK(run.converged() == (accepted ? 3 : 0));
    CHECK(run.command.exit_code == (accepted ? 0 : 1));
  }
}

TEST_CASE("one phone's file in another's hands is an incident that names both") {
  Workspace workspace;
  for (int i = 0; i < 20; ++i) {
    const auto mac = "000e082000" + std::string(i < 16 ? "0" : "1") + "0123456789abcdef"[i % 16];
    workspace.write("www/" + mac + ".xml",
                    "<flat-profile><GPP_A>line of " + mac + "</GPP_A></flat-profile>");
  }
  const EmbeddedServer server(
      workspace, {"--http", "0", "--fault", "file=/000e08200003.xml path=/000e08200007.xml"});
  const auto run = fleet(workspace, scenario({server.origin("http") + "/$MA.xml", 20, ""}),
                         {"--until-converged", "--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 1);
  REQUIRE(run.result.at("incidents").at("listed").size() == 1);
  const auto& incident = run.result.at("incidents").at("listed").at(0);
  CHECK(incident.at("asked") == "000e08200007");
  CHECK(incident.at("owner") == "000e08200003");
  CHECK(contains(run.command.out, "000e08200007"));
  CHECK(contains(run.command.out, "000e08200003"));
}

TEST_CASE("a server that resets connections fails the run and does not make it void") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "reset=head"});
  const auto run =
      fleet(workspace, scenario({server.origin("http") + "/all.xml", 50}), {"--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 1);
  CHECK(run.verdict() == "fail");
  CHECK(run.result.at("errors").at("transfer_interrupted") == 50);
}

std::uint64_t sum_of(const Json& row) {
  std::uint64_t sum = 0;
  for (const auto& value : row) sum += value.get<std::uint64_t>();
  return sum;
}

TEST_CASE("an answer that phones take for a failure is a failed retrieval everywhere") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "status=400"});
  // Long enough for a line while it runs.
  const auto run =
      fleet(workspace, scenario({server.origin("http") + "/all.xml", 50, "", many_passes}),
            {"--for", "6s"});
  INFO(run.command.err << run.command.out);
  CHECK(contains(run.command.err, " 0 succeeded "));
  CHECK_FALSE(contains(run.command.err, " 0 failed"));
  CHECK(contains(run.command.out, "requests  50, 0 without an answer, 50 refused"));
  const auto& requests = run.result.at("requests");
  CHECK(requests.at("answered") == 50);
  CHECK(requests.at("failed") == 0);
  CHECK(requests.at("refused") == 50);
  CHECK(run.result.at("request_refusals") == Json{{"bad_request", 50}});
  CHECK(run.result.at("request_errors").empty());
  const auto& series = run.result.at("series");
  CHECK(sum_of(series.at("succeeded")) == 0);
  CHECK(sum_of(series.at("failed")) == 50);
  for (const auto& response : series.at("response")) CHECK(response.empty());
  const auto& spans = run.result.at("histograms");
  CHECK(spans.at("succeeded").at("response").at("buckets").empty());
  CHECK_FALSE(spans.at("failed").at("response").at("buckets").empty());
}

TEST_CASE("a redirect that phones follow is no failed retrieval") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(
      workspace, {"--http", "0", "--fault", "status=302 location=/all.xml path=/moved.xml"});
  const auto run = fleet(workspace, scenario({server.origin("http") + "/moved.xml", 20}),
                         {"--until-converged", "--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.verdict() == "pass");
  CHECK(run.result.at("requests").at("sent") == 40);
  CHECK(run.result.at("requests").at("refused") == 0);
  CHECK(sum_of(run.result.at("series").at("succeeded")) == 40);
  CHECK(sum_of(run.result.at("series").at("failed")) == 0);
}

TEST_CASE("a server that is too slow is said to be, and the run is not void") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "delay=1500ms"});
  const auto run = fleet(workspace,
                         scenario({server.origin("http") + "/all.xml", 50},
                                  "expect: [{latency: fetch, p99: 500ms}]\n"),
                         {"--until-converged", "--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 1);
  CHECK(run.verdict() == "fail");
  CHECK(run.converged() == 50);
  // What the server takes is no lag.
  const std::int64_t response = run.result.at("latency_us").at("response").at("p50");
  const std::int64_t lag = run.result.at("lag_us").at("p50");
  CHECK(response > lag + 1'400'000);
}

TEST_CASE("too few open files for a slow server make the run void, and say so before the start") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "delay=2s"});
  const auto run = fleet_in(workspace, {"bash", "-c", "ulimit -n 160; exec \"$@\"", "bash"},
                            scenario({server.origin("http") + "/all.xml", 200}),
                            {"--until-converged", "--for", "90s", "--lag-limit", "1s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 3);
  CHECK(run.verdict() == "void");
  CHECK(run.void_resource() == "open files");
  CHECK(run.converged() == 200);  // nobody is turned away, all come late
  CHECK(contains(run.command.err, "this process may open 160 files"));
  CHECK(contains(run.command.err, "ulimit -n 65536"));
}

// In a network of its own, which has eight ports.
TEST_CASE("no free ports make the run void, and the report names the range") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  // Root needs no user namespace for that, which a chroot would not allow.
  std::vector<std::string> apart{"unshare", "--net"};
  if (::geteuid() != 0) apart.emplace_back("--map-root-user");
  require_installed("unshare");
  require_installed("ip");
  Process allowed(workspace.make_folder("unshare"), "unshare", with(apart, {"true"}));
  if (allowed.wait(patience) != 0) test::not_run("this machine allows no network namespaces");
  const std::string script =
      "ip link set lo up && echo 40000 40007 > /proc/sys/net/ipv4/ip_local_port_range && "
      "{ " PROVPHONE_BINARY " serve " +
      workspace.path("www").string() +
      " --http 8080 --fault delay=1500ms > serve.out & } && server=$! && "
      "until grep -q 8080 serve.out; do sleep 0.05; done && "
      "\"$@\"; status=$?; kill $server; exit $status";
  const auto run = fleet_in(workspace, with(apart, {"bash", "-c", script, "bash"}),
                            scenario({"http://127.0.0.1:8080/all.xml", 60}), {"--for", "90s"});
  INFO(run.command.err << run.command.out);
  CHECK(run.command.exit_code == 3);
  CHECK(run.void_resource() == "local ports");
  CHECK(contains(run.command.err, "40000 to 40007"));
  CHECK(run.result.at("errors").contains("no_local_port"));
}

TEST_CASE("shards of a scenario, merged, are the phones of one run") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto yaml = scenario({server.origin("http") + "/all.xml", 101});
  const auto whole = fleet(workspace, yaml, {"--until-converged", "--for", "90s"});
  // Shards that do not begin together are no run.
  const auto start = std::to_string(std::time(nullptr) + 3);
  std::vector<std::string> parts;
  std::vector<std::unique_ptr<Process>> shards;
  for (const std::string number : {"1", "2", "3"}) {
    parts.push_back(workspace.path("part-" + number + ".json").string());
    shards.push_back(std::make_unique<Process>(
        workspace.make_folder("shard"), "shard",
        Flags{PROVPHONE_BINARY, "fleet", workspace.path("fleet.yaml").string(), "--until-converged",
              "--for", "90s", "--lag-limit", "1h", "--shard", number + "/3", "--start-at", start,
              "--json", parts.back()}));
  }
  for (const auto& shard : shards) REQUIRE(shard->wait(patience) == 0);
  const auto merged = provphone(workspace, {"report", parts[0], parts[1], parts[2], "--json", "-"});
  INFO(merged.err);
  REQUIRE(merged.exit_code == 0);
  const auto together = Json::parse(merged.out);
  for (const auto* member : {"phones", "passes", "trace_hash", "scenario_hash", "seed"})
    CHECK(together.at(member) == whole.result.at(member));
  const auto& tested = together.at("tested");
  CHECK(tested.at("targets") == Json::array({server.origin("http")}));
  CHECK(tested.at("transports") == Json::array({"http"}));
  for (const auto* member : {"targets", "models", "generators", "versions"})
    CHECK(tested.at(member) == whole.result.at("tested").at(member));
  CHECK(tested.at("commands").size() == 3);
  CHECK(tested.at("commands").at(0).get<std::string>().rfind("provphone fleet ", 0) == 0);
  CHECK(contains(tested.at("commands").at(1), " --shard 2/3 "));

  const auto incomplete = provphone(workspace, {"report", parts[0], parts[2], "--junit", "-"});
  CHECK(incomplete.exit_code == 3);
  CHECK(contains(incomplete.out, "<error"));
  CHECK(contains(incomplete.out, "shards: 2 of 3 are here, without 2; give the results of all"));
}

TEST_CASE("Ctrl-C ends a fleet with its result") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  auto flags =
      fleet_flags(workspace, scenario({server.origin("http") + "/all.xml", 20, "", many_passes}),
                  {"--for", "1h"});
  flags.insert(flags.begin(), PROVPHONE_BINARY);
  Process process(workspace.make_folder("fleet"), "fleet", flags);
  REQUIRE(server.logs("/all.xml 200"));
  process.signal(SIGINT);
  REQUIRE(process.wait(patience));
  const auto result = Json::parse(read_file(workspace.path("result.json")));
  CHECK(result.at("requests").at("sent") > 0);
}

TEST_CASE("a fleet that a signal ends before its time is void, and leaves its result") {
  Workspace workspace;
  const EmbeddedServer server(workspace, {"--http", "0"});
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto file = "/" + std::to_string(signal) + ".xml";
    workspace.write("www" + file, profile("everybody"));
    auto yaml =
        scenario({server.origin("http") + file, 500}, "expect: [{converged: 100%, within: 5m}]\n");
    yaml.replace(yaml.find("over: 1s"), 8, "over: 10m");
    auto flags = fleet_flags(workspace, yaml, {"--for", "10m"});
    const auto junit = workspace.path("junit-" + std::to_string(signal) + ".xml");
    flags = with(flags, {"--junit", junit.string()});
    flags.insert(flags.begin(), PROVPHONE_BINARY);
    Process process(workspace.make_folder("fleet"), "fleet", flags);
    REQUIRE(eventually(patience, [&] { return contains(server.said(), file + " 200"); }));
    process.signal(signal);
    const auto status = process.wait(patience);
    REQUIRE(status);
    INFO(process.err());
    CHECK(*status == 3);
    const auto run = read_run(workspace, {*status, process.out(), process.err()});
    CHECK(run.verdict() == "void");
    CHECK(run.void_resource() == "time");
    CHECK(contains(run.command.out, "the run was cut short (ended by SIG"));
    CHECK(contains(read_file(junit), "<error"));
  }
}

TEST_CASE("metrics can be read while a fleet runs") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  auto flags =
      fleet_flags(workspace, scenario({server.origin("http") + "/all.xml", 20, "", many_passes}),
                  {"--for", "1h", "--metrics", "0"});
  flags.insert(flags.begin(), PROVPHONE_BINARY);
  Process process(workspace.make_folder("fleet"), "fleet", flags);
  std::string url;
  REQUIRE(eventually(patience, [&] {
    const auto said = process.err();
    const auto at = said.find("http://127.0.0.1:");
    if (at == std::string::npos) return false;
    url = said.substr(at, said.find('\n', at) - at);
    return true;
  }));
  CHECK(eventually(patience, [&] {
    return contains(workspace.run({"curl", "-sS", url}), "provphone_");
  }));
  process.signal(SIGINT);
  REQUIRE(process.wait(patience));
}

TEST_CASE("metrics can be read behind a run, and are left in a file") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto file = workspace.path("metrics.txt").string();
  auto flags = fleet_flags(workspace, scenario({server.origin("http") + "/all.xml", 20, ""}),
                           {"--until-converged", "--metrics", "127.0.0.2:0", "--metrics-label",
                            "run=nightly", "--metrics-linger", "10m", "--metrics-file", file});
  flags.insert(flags.begin(), PROVPHONE_BINARY);
  Process process(workspace.make_folder("fleet"), "fleet", flags);
  // The file comes before the wait.
  REQUIRE(eventually(patience, [&] { return contains(read_file(file), "# EOF\n"); }));
  CHECK(
      contains(read_file(file), "provphone_group_converged{run=\"nightly\",group=\"site\"} 20\n"));
  const auto said = process.err();
  const auto at = said.find("http://127.0.0.2:");
  REQUIRE(at != std::string::npos);
  const auto url = said.substr(at, said.find('\n', at) - at);
  CHECK(contains(workspace.run({"curl", "-sS", url}),
                 "provphone_group_converged{run=\"nightly\",group=\"site\"} 20\n"));
  CHECK(process.running());
  process.signal(SIGINT);
  CHECK(process.wait(patience) == 0);
}

TEST_CASE("every request of a run is a line of a table") {
  Workspace workspace;
  workspace.write("www/all.xml", profile("everybody"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto yaml =
      workspace.write("fleet.yaml", scenario({server.origin("http") + "/all.xml", 20, ""}));
  for (const auto* command : {"fleet", "run"}) {
    INFO(command);
    const auto done =
        provphone(workspace, {command, yaml.string(), "--for", "2s", "--out", "csv=-"});
    CHECK(done.exit_code == 0);
    const auto lines = lines_of(done.out);
    REQUIRE(lines.size() == 21);
    CHECK(lines[0].rfind("t,ended,phone,group,rule,method,url,", 0) == 0);
    for (std::size_t i = 1; i < lines.size(); ++i)
      CHECK(contains(lines[i], ",site,Profile_Rule,GET,"));
  }
  require_usage_error(provphone(workspace, {"run", yaml.string(), "--out", "xml=a"}));
}

TEST_CASE("fleet refuses what it cannot make sense of in one line") {
  Workspace workspace;
  workspace.write("fleet.yaml", scenario({"http://127.0.0.1:1/x", 2, ""}));
  const auto file = workspace.path("fleet.yaml").string();
  for (const Flags& flags :
       {Flags{"--shard", "3/2"}, Flags{"--shard", "x"}, Flags{"--start-at", "tomorrow"},
        Flags{"--start-at", "2020-03-01T06:00:00Z"}, Flags{"--start-at", "0"},
        Flags{"--for", "soon"}, Flags{"--metrics", "nowhere"}, Flags{"--metrics-label", "le=1"},
        Flags{"--metrics-linger", "soon"}, Flags{"--lag-limit", "-1"},
        Flags{"--with", "phones.all.cuont=3"},
        Flags{"--with", "phones.site.set.Profile_Rule=http://192.0.2.1/x"}}) {
    INFO(flags[0] << ' ' << flags[1]);
    require_usage_error(provphone(workspace, with({"fleet", file}, flags)));
  }
}

TEST_CASE("a phone whose certificate cannot be read fails once, by the file's name") {
  Workspace workspace;
  workspace.make_folder("certs");
  const auto trace = workspace.path("trace.jsonl").string();
  const auto run =
      fleet(workspace,
            scenario({"https://127.0.0.1:9/$MA.xml", 3, "    certificate: {directory: certs}\n"}),
            {"--for", "90s", "--trace", trace});
  CHECK(run.command.exit_code == 1);
  std::istringstream lines(read_file(trace));
  std::map<std::string, int> failures;
  for (std::string text; std::getline(lines, text);) {
    const auto line = Json::parse(text);
    CHECK(line.at("event") != "request");
    if (line.at("event") != "pass_failed") continue;
    const auto phone = line.at("phone").get<std::string>();
    ++failures[phone];
    CHECK(line.at("error") == "unreadable_file");
    CHECK(contains(line.at("detail"), "certs/" + phone + ".pem"));
  }
  CHECK(failures.size() == 3);
  for (const auto& [phone, times] : failures) CHECK(times == 1);
}

}  // namespace
}  // namespace provphone::e2e::fleet_test
