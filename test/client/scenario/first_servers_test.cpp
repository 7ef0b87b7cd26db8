#include "client/scenario/first_servers.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace first_servers_test {

using namespace provphone;
using namespace provphone::client::scenario;

namespace {

std::string servers_of(const std::string& phones) {
  const auto scenario = read_scenario("phones:\n" + phones, "a.yaml");
  if (!scenario) FAIL(scenario.error().detail);
  const auto servers = first_servers(*scenario);
  if (!servers) return servers.error().detail;
  std::string all;
  for (const auto& server : *servers)
    all += (all.empty() ? "" : " ") + format(server) + server.path;
  return all;
}

std::string with_rule(const std::string& rule, const std::string& more = "") {
  return "  - {mac: 000e08000007, set: {Profile_Rule: \"" + rule + "\"}" + more + "}\n";
}

}  // namespace

TEST_CASE("the servers that phones ask first are those of their rules, as they are expanded") {
  struct Row {
    std::string phones, servers;
  };
  const std::string http = "http://127.0.0.1:8080/$MA.xml";
  for (const auto& [phones, servers] : std::vector<Row>{
           {with_rule(http), "http://127.0.0.1:8080"},
           {with_rule("https://prov.example.net/$MA.xml"), "https://prov.example.net:443"},
           {with_rule("tftp://127.0.0.1:6900/$MA.cfg"), "tftp://127.0.0.1:6900/000e08000007.cfg"},
           {with_rule("http://[::1]:8080/a"), "http://[::1]:8080"},
           // A name that DHCP gives, by either way.
           {with_rule("/$MA.cfg", ", dhcp: {66: 127.0.0.5}"),
            "tftp://127.0.0.5:69/000e08000007.cfg"},
           // Macros and variables.
           {"  - {mac: 000e08000007, variables: {port: 8081}, set: {GPP_A: 127.0.0.2, "
            "Profile_Rule: \"http://$A:{port}/x\"}}\n",
            "http://127.0.0.2:8081"},
           // All rules of a pass, each place once.
           {"  - {set: {Profile_Rule: \"http://a.example.net/1\", Profile_Rule_B: "
            "\"http://a.example.net/2\", Profile_Rule_C: \"http://b.example.net/3\"}}\n",
            "http://a.example.net:80 http://b.example.net:80"},
           // The first alternative whose condition holds.
           {with_rule("($PRVTMR ge 600)? http://no.example.net/a | http://yes.example.net/a"),
            "http://yes.example.net:80"},
           // Of every group the first phone; each place once over all of them.
           {"  - {group: a, count: 3, set: {Profile_Rule: \"http://h{index}.example.net/a\"}}\n"
            "  - {group: b, set: {Profile_Rule: \"http://h0.example.net/b\"}}\n"
            "  - {group: c, set: {Profile_Rule: \"http://c.example.net/b\"}}\n",
            "http://h0.example.net:80 http://c.example.net:80"},
           // In the place of the server: its proxy.
           {"  - {set: {Profile_Rule: \"http://a.example.net/1\", Proxy_Mode: Manual, "
            "Proxy_Host: 127.0.0.9, Proxy_Port: 3129}}\n",
            "http://127.0.0.9:3129"},
           {"  - {set: {Profile_Rule: \"http://a.example.net/1\", Proxy_Mode: Auto, "
            "PAC_URL: \"http://127.0.0.8:81/p.pac\", Use_Auto_Discovery__WPAD_: No}}\n",
            "http://127.0.0.8:81"},
           // Nobody knows yet, or nobody is asked.
           {with_rule("[--srv] http://example.net/a"), ""},
           {with_rule(""), ""},
           {with_rule("GPP_B := \\\"x\\\""), ""},
           {with_rule("nonsense://x"), ""},
           {with_rule(http, ", config: missing.xml"),
            "cannot read missing.xml: No such file or directory"},
       }) {
    INFO(phones);
    CHECK(servers_of(phones) == servers);
  }
}

}  // namespace first_servers_test
