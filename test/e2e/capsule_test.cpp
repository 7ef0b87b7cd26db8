#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

// Runs against real servers that are recorded, and played once more without them.
namespace provphone::e2e::capsule_test {
namespace {

// Where a run is kept.
std::string capsule_in(const Workspace& workspace) {
  return workspace.path("run.capsule").string();
}

std::string unpacked(Workspace& workspace, const std::string& capsule) {
  return workspace.run({"sh", "-c", "gzip -dc < " + capsule});
}

void require_same(Workspace& workspace, const std::string& capsule, const std::string& hash) {
  const auto again =
      provphone(workspace, {"replay", capsule, "--json", workspace.path("r.json").string()});
  INFO(again.out << again.err);
  REQUIRE(again.exit_code == 0);
  CHECK(contains(again.out, "the same again: "));
  const auto result = Json::parse(read_file(workspace.path("r.json")));
  CHECK(result.at("same") == true);
  CHECK(result.at("departures").empty());
  if (!hash.empty()) CHECK(result.at("trace_hash") == hash);
}

// Phones that meet much: an encrypted file over TLS with certificates of their own, a login, a
// redirect, a file that is not there, a log server, and a pass that somebody asks for.
struct Site {
  Workspace workspace;
  Pki pki = make_pki(workspace, {"--device", "000e08000000", "--device", "000e08000001"});
  EmbeddedServer server;

  Site()
      : server(prepared(),
               {"--https", "0", "--http", "0", "--tftp", "0", "--pki", pki.folder.string(),
                "--fault", "digest=desk:sesame-2026 path=/login.xml", "--fault",
                "status=302 location=/there.xml path=/here.xml"}) {}

  Workspace& prepared() {
    const auto plain = workspace.write(
        "secret.xml", "<flat-profile><Password_1_>hunter2-of-desk</Password_1_></flat-profile>");
    workspace.make_folder("www");
    workspace.write("www/login.xml", profile("1"));
    workspace.write("www/there.xml", profile("2"));
    workspace.write("base.xml",
                    "<flat-profile><Display_Name_1_>desk</Display_Name_1_></flat-profile>");
    workspace.run({"openssl", "enc", "-aes-256-cbc", "-md", "sha256", "-k", "my-own-key-77", "-in",
                   plain.string(), "-out", workspace.path("www/e.xml").string()});
    return workspace;
  }

  std::string scenario() const {
    return fmt::format(
        "seed: 3\npki: {}\nphones:\n  - count: 2\n    certificate: {{directory: {}}}\n"
        "    trust: [{}]\n    config: base.xml\n    set:\n"
        "      Profile_Rule: '[--key my-own-key-77] {}/e.xml'\n"
        "      Profile_Rule_B: '[--uid desk --pwd sesame-2026] {}/login.xml'\n"
        "      Profile_Rule_C: '{}/here.xml'\n"
        "      Profile_Rule_D: '{}/none.xml'\n"
        "      Resync_Fails_On_FNF: 'No'\n      Resync_Random_Delay: 0\n"
        "      Syslog_Server: '127.0.0.1:{}'\n"
        "events: [{{at: 0s, power_on: all}}, {{at: 1s, resync: 000e08000001}}]\n"
        "limits: {{duration: 2s}}\n",
        pki.folder.string(), pki.folder.string(), pki.server_root().string(),
        server.origin("https"), server.origin("http"), server.origin("http"), server.origin("tftp"),
        free_udp_port());
  }
};

}  // namespace

TEST_CASE("a run is recorded, and comes out the same without its servers") {
  Site site;
  auto& workspace = site.workspace;
  const auto file = workspace.write("site.yaml", site.scenario()).string();
  const auto capsule = capsule_in(workspace);
  const auto run = run_phone(workspace, {file, "--record", capsule});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  CHECK(run.events("pass_succeeded").size() == 3);
  // Neither the server nor the file that the scenario names is there any more.
  site.server.interrupt();
  std::filesystem::remove(workspace.path("base.xml"));
  require_same(workspace, capsule, run.result.at("trace_hash"));

  const auto lines = unpacked(workspace, capsule);
  for (const auto* secret : {"hunter2-of-desk", "my-own-key-77", "sesame-2026"}) {
    INFO(secret);
    CHECK_FALSE(contains(lines, secret));
  }
  // Its manifest stands first, for people.
  const auto manifest = Json::parse(lines_of(lines).front());
  CHECK(manifest.at("capsule") == 1);
  CHECK(manifest.at("phones") == 2);
  CHECK(manifest.at("verdict") == "pass");
  CHECK(manifest.at("secrets") == "replaced");
}

TEST_CASE("secrets are kept where somebody wants them") {
  Site site;
  auto& workspace = site.workspace;
  const auto file = workspace.write("site.yaml", site.scenario()).string();
  const auto capsule = capsule_in(workspace);
  const auto run = run_phone(workspace, {file, "--record", capsule, "--keep-secrets"});
  REQUIRE(run.exit_code == 0);
  require_same(workspace, capsule, run.result.at("trace_hash"));
  CHECK(contains(unpacked(workspace, capsule), "sesame-2026"));
}

TEST_CASE("a phone that flags describe is recorded as well, with a change it differs") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("mine"));
  EmbeddedServer server(workspace, {"--http", "0"});
  const auto capsule = capsule_in(workspace);
  const auto run = run_phone(workspace, {"--rule", server.origin("http") + "/a.xml", "--set",
                                         "Resync_Periodic=1", "--for", "3s", "--record", capsule});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  server.interrupt();
  require_same(workspace, capsule, run.result.at("trace_hash"));
  const auto changed = provphone(workspace, {"replay", capsule, "--set", "Resync_Periodic=2"});
  INFO(changed.out);
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "the first difference: phone 000e08012345"));
  CHECK(contains(changed.out, "as recorded:"));
  CHECK(contains(changed.out, "Resync_Periodic is 2"));
}

TEST_CASE("a fleet of several workers is recorded") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("mine"));
  const Nginx nginx(workspace, workspace.path("www"));
  const auto file = workspace.write(
      "fleet.yaml",
      fmt::format("phones: [{{count: 200, set: {{Profile_Rule: '{}', Resync_Random_Delay: 0, "
                  "Resync_Periodic: 1}}}}]\nevents: [{{at: 0s, power_on: all, over: 1s}}]\n"
                  "limits: {{duration: 3s}}\n",
                  nginx.url("/a.xml?$MA")));
  const auto capsule = capsule_in(workspace);
  const auto run = provphone(workspace, {"fleet", file.string(), "--workers", "2", "--record",
                                         capsule, "--lag-limit", "1h", "--quiet"});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  require_same(workspace, capsule, {});
}

TEST_CASE("a server that was changed is compared with how it was") {
  Workspace workspace;
  workspace.write(
      "www/a.xml",
      "<flat-profile><Proxy_1_>old.example.net</Proxy_1_><GPP_B>b</GPP_B></flat-profile>");
  const Nginx nginx(workspace, workspace.path("www"));
  const auto file = workspace.write(
      "lab.yaml", fmt::format("phones: [{{count: 3, set: {{Profile_Rule: '{}', "
                              "Resync_Random_Delay: 0}}}}]\nevents: [{{at: 0s, power_on: all}}]\n"
                              "expect: [{{converged: 100%, within: 1s}}]\n"
                              "limits: {{duration: 1s}}\n",
                              nginx.url("/a.xml")));
  const auto good = workspace.path("good.capsule").string();
  const auto now = workspace.path("now.capsule").string();
  const Flags run{"run", file.string(), "--quiet"};
  REQUIRE(provphone(workspace, with(run, {"--record", good})).exit_code == 0);
  const auto same = provphone(workspace, with(run, {"--record", now, "--compare-with", good}));
  INFO(same.out << same.err);
  CHECK(same.exit_code == 0);
  CHECK(contains(same.out, "all 3 phones end up with the same"));

  workspace.write("www/a.xml", "<flat-profile><Proxy_1_>new.example.net</Proxy_1_></flat-profile>");
  const auto other = provphone(workspace, with(run, {"--record", now, "--compare-with", good}));
  INFO(other.out);
  CHECK(other.exit_code == 1);
  CHECK(contains(other.out, "3 of 3 phones end up with something else"));
  CHECK(contains(other.out, "Proxy_1_: \"old.example.net\" became \"new.example.net\""));
  CHECK(contains(other.out, "GPP_B: \"b\" became the factory's"));
  require_usage_error(provphone(workspace, with(run, {"--compare-with", good})));
  require_usage_error(
      provphone(workspace, with(run, {"--record", now, "--compare-with", file.string()})));
}

TEST_CASE("a capsule is held against its server as it is now") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("mine"));
  const Nginx nginx(workspace, workspace.path("www"));
  const auto file = workspace.write(
      "lab.yaml", fmt::format("phones: [{{count: 2, set: {{Profile_Rule: '{}', "
                              "Resync_Random_Delay: 0}}}}]\nevents: [{{at: 0s, power_on: all}}, "
                              "{{at: 1s, resync: all}}]\nlimits: {{duration: 2s}}\n",
                              nginx.url("/a.xml")));
  const auto capsule = capsule_in(workspace);
  REQUIRE(provphone(workspace, {"run", file.string(), "--quiet", "--record", capsule}).exit_code ==
          0);
  const auto same = provphone(workspace, {"replay", capsule, "--live"});
  INFO(same.out << same.err);
  CHECK(same.exit_code == 0);
  CHECK(contains(same.out, "0 of 2 phones do something else now"));
  std::filesystem::remove(workspace.path("www/a.xml"));
  const auto other = provphone(workspace, {"replay", capsule, "--live"});
  INFO(other.out);
  CHECK(other.exit_code == 1);
  CHECK(contains(other.out, "2 of 2 phones do something else now"));
  CHECK(contains(other.out, "404"));
}

TEST_CASE("what cannot be replayed is refused in one line") {
  Workspace workspace;
  const auto text = workspace.write("text", "hello\n").string();
  require_usage_error(provphone(workspace, {"replay", workspace.path("none").string()}));
  require_usage_error(provphone(workspace, {"run", "--rule", "http://127.0.0.1:1/a", "--record",
                                            workspace.path("no/such/folder").string()}));
  workspace.write("www/b.xml", profile("other"));
  EmbeddedServer server(workspace, {"--http", "0"});
  const auto capsule = capsule_in(workspace);
  const auto run =
      run_phone(workspace, {"--rule", server.origin("http") + "/a.xml", "--record", capsule});
  // A run that fails is kept all the same.
  CHECK(run.exit_code == 1);
  require_same(workspace, capsule, run.result.at("trace_hash"));
  for (const Flags& wrong :
       {Flags{"--shrink", "konverged: 1%"}, Flags{"--shrink", "converged: 1%, within: 1h"},
        Flags{"--set", "Profile_Rule"}, Flags{"--knob", "none=1"},
        Flags{"--shrink", "converged: 100%, within: 1s", "--shrink-for", "soon"}}) {
    INFO(wrong.back());
    require_usage_error(provphone(workspace, with({"replay", capsule}, wrong)));
  }
}

}  // namespace provphone::e2e::capsule_test
