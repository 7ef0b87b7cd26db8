#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <set>

// A phone and nginx over HTTPS, where nginx demands a client certificate.
namespace provphone::e2e::https_test {
namespace {

const std::string mac = "000e08abcdef";

struct SecureSite {
  Workspace workspace;
  Pki pki = make_pki(workspace, {"--device", mac});
  Nginx nginx = start();

  // The path that the rule `/$PSN/$MA.xml` of a CP-8841-3PCC makes.
  Nginx start() {
    workspace.write("www/8841-3PCC/" + mac + ".xml", profile("from nginx"));
    return Nginx(workspace, workspace.path("www"), {pki.demanding_clients(), {}});
  }

  Flags rule() const { return {"--rule", nginx.url("/$PSN/$MA.xml")}; }
};

TEST_CASE("a phone shows its certificate to nginx and applies the profile behind it") {
  SecureSite site;
  const auto run = run_phone(site.workspace, with(site.rule(), site.pki.phone(mac)));
  require_success(run);
  CHECK(run.parameter("GPP_A") == "from nginx");

  const auto accesses = site.nginx.accesses(1);
  REQUIRE(accesses.size() == 1);
  CHECK(accesses[0].subject.find("ST=" + mac) != std::string::npos);
  CHECK(accesses[0].subject.find("OU=CP-8841-3PCC") != std::string::npos);
  CHECK(accesses[0].request == "GET /8841-3PCC/" + mac + ".xml HTTP/1.1");
  CHECK(accesses[0].user_agent.rfind("Cisco-CP-8841-3PCC/", 0) == 0);
  CHECK(accesses[0].user_agent.find("(" + mac + ")") != std::string::npos);
}

TEST_CASE("the trace of a successful pass tells the request, the answer and what was applied") {
  SecureSite site;
  const auto run = run_phone(site.workspace, with(site.rule(), site.pki.phone(mac)));
  require_success(run);
  std::vector<std::string> order;
  for (const auto& event : run.trace) {
    CHECK(event.at("phone") == mac);
    const auto name = event.at("event").get<std::string>();
    const std::set<std::string> wanted{"pass_started", "request", "response", "applied",
                                       "pass_succeeded"};
    if (wanted.count(name) != 0) order.push_back(name);
  }
  CHECK(order == std::vector<std::string>{"pass_started", "request", "response", "applied",
                                          "pass_succeeded"});
  const auto request = run.events("request").at(0);
  CHECK(request.at("method") == "GET");
  CHECK(request.at("url") == site.nginx.url("/8841-3PCC/" + mac + ".xml"));
  CHECK(run.events("pass_started").at(0).at("kind") == -1);
}

TEST_CASE("a phone without a certificate gets nothing from a server that demands one") {
  SecureSite site;
  const auto run = run_phone(
      site.workspace, with(site.rule(), {"--mac", mac, "--ca", site.pki.server_root().string()}));
  // nginx completes the handshake and answers 400.
  require_failure(run, "bad_request");
  const auto accesses = site.nginx.accesses(1);
  REQUIRE(accesses.size() == 1);
  CHECK(accesses[0].subject == "-");
  CHECK(accesses[0].status == 400);
}

TEST_CASE("a phone whose certificate comes from another authority gets nothing") {
  SecureSite site;
  const auto foreign = make_pki(site.workspace, {"--device", mac});
  const auto run = run_phone(
      site.workspace,
      with(site.rule(), {"--mac", mac, "--cert", foreign.certificate_of(mac).string(), "--key-file",
                         foreign.key_of(mac).string(), "--ca", site.pki.server_root().string()}));
  require_failure(run, "bad_request");
  CHECK(site.nginx.accesses(1).at(0).status == 400);
}

TEST_CASE("a phone does not talk to a server whose authority it does not know") {
  SecureSite site;
  const auto foreign = make_pki(site.workspace, {});
  auto flags = site.pki.phone(mac);
  flags.back() = foreign.server_root().string();
  const auto run = run_phone(site.workspace, with(site.rule(), flags));
  require_failure(run, "tls_untrusted");
  CHECK(site.nginx.accesses(0).empty());
}

TEST_CASE("a phone does not talk to a server whose certificate names another host") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--host", "prov.example.net", "--device", mac});
  workspace.write("www/a.xml", profile("never"));
  Nginx nginx(workspace, workspace.path("www"), {pki.demanding_clients(), {}});
  const auto run = run_phone(workspace, with({"--rule", nginx.url("/a.xml")}, pki.phone(mac)));
  require_failure(run, "tls_name_mismatch");
  CHECK(nginx.accesses(0).empty());
}

TEST_CASE("two phones show two subjects to the same server") {
  Workspace workspace;
  const std::vector<std::string> macs{"000e08000001", "000e08000002"};
  const auto pki = make_pki(workspace, {"--device", macs[0], "--device", macs[1]});
  workspace.write("www/a.xml", profile("shared"));
  Nginx nginx(workspace, workspace.path("www"), {pki.demanding_clients(), {}});
  std::vector<RunningPhone> phones;
  for (const auto& each : macs) {
    phones.emplace_back(workspace, with({"--rule", nginx.url("/a.xml")}, pki.phone(each)));
  }
  for (auto& phone : phones) require_success(phone.finish());

  std::set<std::string> subjects;
  for (const auto& access : nginx.accesses(2)) {
    CHECK(access.status == 200);
    for (const auto& each : macs) {
      // Who a phone says to be and what its certificate says go together.
      if (access.user_agent.find(each) == std::string::npos) continue;
      CHECK(access.subject.find("ST=" + each) != std::string::npos);
    }
    subjects.insert(access.subject);
  }
  CHECK(subjects.size() == 2);
}

}  // namespace
}  // namespace provphone::e2e::https_test
