#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

// `provphone serve` as the server of `provphone run`, and of curl.
namespace provphone::e2e::serve_test {
namespace {

const std::string mac = "000e08abcdef";

TEST_CASE("serve gives a phone its profile over HTTP and over TFTP") {
  Workspace workspace;
  workspace.write("www/8841-3PCC/" + mac + ".xml", profile("served"));
  const EmbeddedServer server(workspace, {});
  for (const std::string scheme : {"http", "tftp"}) {
    INFO(scheme);
    const auto run =
        run_phone(workspace, {"--mac", mac, "--rule", server.origin(scheme) + "/$PSN/$MA.xml"});
    require_success(run);
    CHECK(run.parameter("GPP_A") == "served");
    CHECK(server.logs(scheme + (scheme == "http" ? " GET " : " RRQ ") + "/8841-3PCC/" + mac +
                      ".xml 200"));
  }
}

TEST_CASE("an unprovisioned phone finds its file at the third place that DHCP leads to",
          "[R-DHCP-03][R-DHCP-08]") {
  Workspace workspace;
  workspace.write("www/path/Cisco/CP-8841-3PCC/" + mac + ".cfg", profile("found"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto folder = server.origin("http") + "/path";
  const auto run = run_phone(workspace, {"--mac", mac, "--dhcp", "160=" + folder});
  require_success(run);
  CHECK(run.parameter("GPP_A") == "found");
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].at("url") == folder);
  CHECK(requests[1].at("url") == folder + "/8841-3PCC.xml");
  CHECK(requests[2].at("url") == folder + "/Cisco/CP-8841-3PCC/" + mac + ".cfg");
  CHECK(run.result.at("passes").at("succeeded") == 1);
}

TEST_CASE("serve demands client certificates on request and prints their subjects") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("secret"));
  const auto pki = make_pki(workspace, {"--device", mac});
  const EmbeddedServer server(workspace, {"--https", "0", "--pki", pki.folder.string(),
                                          "--client-certificates", "required"});
  const Flags rule{"--rule", server.origin("https") + "/a.xml"};
  const auto known = run_phone(workspace, with(rule, pki.phone(mac)));
  require_success(known);
  CHECK(known.parameter("GPP_A") == "secret");
  CHECK(server.logs("ST=" + mac));

  const auto unknown =
      run_phone(workspace, with(rule, {"--mac", mac, "--ca", pki.server_root().string()}));
  require_failure(unknown, "tls_refused_by_server");
}

TEST_CASE("serve answers with the fault it was asked for, as often as it was asked") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("late"));
  const EmbeddedServer server(workspace, {"--http", "0", "--fault", "/a.xml=503*1"});
  const Flags rule{"--rule", server.origin("http") + "/a.xml"};
  require_failure(run_phone(workspace, rule), "service_unavailable");
  const auto second = run_phone(workspace, rule);
  require_success(second);
  CHECK(second.parameter("GPP_A") == "late");
}

TEST_CASE("serve gives away nothing that lies outside its directory") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("inside"));
  workspace.write("outside.xml", profile("outside"));
  const EmbeddedServer server(workspace, {});
  for (const std::string path :
       {"/../outside.xml", "/%2e%2e/outside.xml", "/x/../../outside.xml"}) {
    for (const std::string scheme : {"http", "tftp"}) {
      INFO(scheme << " " << path);
      const auto url = server.origin(scheme) + path;
      require_failure(run_phone(workspace, {"--rule", url}), "file_not_found");
    }
  }
}

TEST_CASE("serve ends with status 0 when it is interrupted") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("x"));
  EmbeddedServer server(workspace, {"--http", "0"});
  REQUIRE_FALSE(server.origin("http").empty());
  CHECK(server.interrupt() == 0);
}

TEST_CASE("serve ends with status 0 when it is ended as soon as it says where it is") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("x"));
  const std::string script =
      "for i in {1..20}; do coproc server { exec " PROVPHONE_BINARY
      " serve www --http 0; }; pid=$server_PID; read -r -u ${server[0]} line; kill -TERM $pid; "
      "wait $pid || exit; done";
  CHECK(workspace.run({"bash", "-c", script}).empty());
}

TEST_CASE("a run that is interrupted still writes its result") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("early"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  RunningPhone phone(workspace, {"--boot", "--for", "1h", "--set", "Resync_Random_Delay=0",
                                 "--rule", server.origin("http") + "/a.xml"});
  REQUIRE(server.logs("/a.xml 200"));
  phone.interrupt();
  const auto run = phone.finish();
  CHECK(run.exit_code == 0);
  CHECK(run.result.at("requests").at("sent") == 1);
}

}  // namespace
}  // namespace provphone::e2e::serve_test
