#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

// Rules with --srv and a name server that knows where they lead.
namespace provphone::e2e::srv_test {
namespace {

const std::string secure_name = "_ciscoprov-https._tls.example.net,localhost,";
const std::string plain_name = "_ciscoprov-http._tcp.example.net,localhost,";

TEST_CASE("a phone goes through the servers of a domain, whose name their certificate has",
          "[R-RULE-43]") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--host", "example.net", "--device", "000e08abcdef"});
  workspace.write("www/a.xml", profile("found"));
  Nginx nginx(workspace, workspace.path("www"), {pki.demanding_clients(), {}});
  DnsmasqDns dns(workspace, {secure_name + std::to_string(nginx.port()) + ",20,0",
                             secure_name + std::to_string(free_tcp_port()) + ",10,0"});
  const auto run = run_phone(
      workspace, with({"--rule", "[--srv] https://example.net/a.xml", "--dns", dns.server()},
                      pki.phone("000e08abcdef")));
  require_success(run);
  CHECK(run.parameter("GPP_A") == "found");
  CHECK(run.events("request").size() == 2);
  CHECK(run.events("response")[0].at("error") == "connection_refused");
}

TEST_CASE("of two servers of one priority the one with less weight is asked first", "[R-RULE-43]") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("light"));
  Nginx nginx(workspace, workspace.path("www"));
  DnsmasqDns dns(workspace, {plain_name + std::to_string(free_tcp_port()) + ",10,9",
                             plain_name + std::to_string(nginx.port()) + ",10,1"});
  const auto run =
      run_phone(workspace, {"--rule", "[--srv] http://example.net/a.xml", "--dns", dns.server()});
  require_success(run);
  CHECK(run.events("request").size() == 1);
}

TEST_CASE("a domain without SRV records is a failure", "[R-RULE-43]") {
  Workspace workspace;
  DnsmasqDns dns(workspace, {});
  const auto run =
      run_phone(workspace, {"--rule", "[--srv] http://example.net/a.xml", "--dns", dns.server()});
  require_failure(run, "name_not_resolved");
  CHECK(run.events("request").empty());
}

TEST_CASE("a name server that is no target is not asked") {
  Workspace workspace;
  require_usage_error(provphone(
      workspace, {"run", "--rule", "[--srv] http://example.net/a.xml", "--dns", "192.0.2.1"}));
  require_usage_error(provphone(workspace, {"run", "--dns", "127.0.0.1:none"}));
}

}  // namespace
}  // namespace provphone::e2e::srv_test
