#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

namespace dhcp_test {

// `provphone dhcp` and `run --dhcp-interface` against dnsmasq. Both are in network namespaces of
// their own, with a pair of interfaces between them: sv0 is the server's, ph0 the phones'.
namespace {

using namespace provphone::e2e;
using Catch::Matchers::Contains;

// Root needs no user namespace for that, which a chroot would not allow.
Flags apart() {
  Flags argv{"unshare", "--net"};
  if (::geteuid() != 0) argv.emplace_back("--map-root-user");
  return argv;
}

void require_network(Workspace& workspace) {
  for (const auto* program : {"unshare", "ip", "dnsmasq"}) require_installed(program);
  Process allowed(workspace.make_folder("unshare"), "unshare",
                  with(apart(), {"ip", "link", "add", "sv0", "type", "veth", "peer", "ph0"}));
  if (allowed.wait(patience) != 0)
    provphone::test::not_run("this machine allows no network namespaces");
}

// A function of the shell that begins a server with more arguments for dnsmasq, and one that ends
// it. Each server has a namespace of its own, which takes its interface along when it ends.
constexpr auto* functions = R"(
ip link set lo up
begin_server() {
  ip link add sv0 type veth peer ph0 && ip link set ph0 up
  coproc SERVER { exec unshare --net bash -c '
      echo apart; read -r go
      ip addr add 10.99.0.1/24 dev sv0 && ip -6 addr add fd00:99::1/64 dev sv0 nodad && ip link set sv0 up
      exec dnsmasq "$@" >&2' server --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
      --interface=sv0 --bind-interfaces --no-ping --dhcp-authoritative --leasefile-ro --pid-file= "$@"; }
  server=$SERVER_PID
  read -r apart <&"${SERVER[0]}"
  ip link set sv0 netns "$server"
  echo go >&"${SERVER[1]}"
}
end_server() { kill "$server"; wait "$server"; ip link del ph0 2>/dev/null; }
)";

const Flags v4_range{"--dhcp-range=10.99.0.50,10.99.0.99,120"};

std::string quoted(const Flags& flags) {
  std::string text;
  for (const auto& flag : flags) text += " '" + flag + "'";
  return text;
}

// Begins such a server, runs `then`, and ends it.
std::string served(const Flags& server, const std::string& then) {
  return "begin_server" + quoted(server) + "\n" + then + "\nstatus=$?; end_server\n";
}

CommandResult in_network(Workspace& workspace, const std::string& script) {
  const auto folder = workspace.make_folder("network");
  Process process(folder, "network",
                  with(apart(), {"bash", "-c", std::string(functions) + script + "exit $status"}));
  const auto status = process.wait(patience);
  REQUIRE(status);
  return {*status, process.out(), process.err()};
}

std::string ask(const std::string& flags) {
  return PROVPHONE_BINARY " dhcp --interface ph0 --json --wait 60s " + flags;
}

}  // namespace

TEST_CASE("a phone asks dnsmasq, and the order of options says where it leads it",
          "[R-DHCP-13][R-DHCP-14][R-DHCP-01]") {
  Workspace workspace;
  require_network(workspace);
  const auto asked = in_network(
      workspace,
      served(with(v4_range,
                  {"--dhcp-option=66,http://h66/", "--dhcp-option=160,http://h160/$MA.cfg",
                   "--dhcp-option=150,10.99.0.1,10.99.0.2", "--dhcp-option=43,01:03:61:62:63",
                   "--dhcp-option=vi-encap:9,1,http://vi/", "--dhcp-option=2,3600",
                   "--dhcp-vendorclass=set:phone,Cisco Systems",
                   "--dhcp-option=tag:phone,159,http://for-phones/"}),
             ask("--mac 000e08abcdef --set DHCP_Option_To_Use=160,66")));
  INFO(asked.err);
  REQUIRE(asked.exit_code == 0);
  const auto lease = Json::parse(asked.out);
  CHECK(lease.at("server") == "10.99.0.1");
  CHECK_THAT(lease.at("address").get<std::string>(), Contains("10.99.0."));
  CHECK(lease.at("lease_seconds") == 120);
  const auto& options = lease.at("options");
  CHECK(options.at("66") == "http://h66/");
  CHECK(options.at("150") == "10.99.0.1,10.99.0.2");
  CHECK(options.at("43") == "0x0103616263");
  CHECK(options.at("125") == "0x000000090c010a687474703a2f2f76692f");
  CHECK(options.at("2") == "3600");
  CHECK(options.at("159") == "http://for-phones/");
  CHECK(lease.at("deciding") == "160");
  CHECK(lease.at("places").at(0) == "http://h160:80/000e08abcdef.cfg");
}

TEST_CASE("a server that offers something else than the one before is believed", "[R-DHCP-15]") {
  Workspace workspace;
  require_network(workspace);
  const auto asked = in_network(
      workspace, served(with(v4_range, {"--dhcp-option=66,old.example"}), ask("--release")) +
                     served(with(v4_range, {"--dhcp-option=66,new.example"}), ask("")));
  INFO(asked.err);
  REQUIRE(asked.exit_code == 0);
  CHECK_THAT(asked.out, Contains("tftp://old.example:69/"));
  CHECK_THAT(asked.out, Contains("tftp://new.example:69/"));
}

TEST_CASE("options alone are told to the address of the interface", "[R-DHCP-16]") {
  Workspace workspace;
  require_network(workspace);
  const auto asked = in_network(
      workspace, served(with(v4_range, {"--dhcp-option=160,http://told/"}),
                        ask("--inform") + "; test $? = 2 && ip addr add 10.99.0.7/24 dev ph0 && " +
                            ask("--inform")));
  INFO(asked.err);
  REQUIRE(asked.exit_code == 0);
  CHECK_THAT(asked.err, Contains("ph0 has no address"));
  const auto told = Json::parse(asked.out);
  CHECK(told.at("address") == "10.99.0.7");
  CHECK(told.at("deciding") == "160");
  CHECK_FALSE(told.contains("lease_seconds"));
}

TEST_CASE("DHCPv6 grants an address with its options, or tells the options alone", "[R-DHCP-12]") {
  Workspace workspace;
  require_network(workspace);
  const Flags options{"--dhcp-option=option6:160,http://six/",
                      "--dhcp-option=option6:17,00:00:00:09:00:01:00:03:61:62:63"};
  // Two addresses of one link must not be looked for before the link knows its own.
  const std::string up =
      "until ip -6 addr show dev ph0 | grep -q fe80 && "
      "! ip -6 addr show dev ph0 | grep -q tentative; do sleep 0.05; done\n";
  const auto granted =
      in_network(workspace, served(with(options, {"--dhcp-range=fd00:99::100,fd00:99::1ff,64,120"}),
                                   up + ask("--6 --set 'IP_Mode=IPv6 Only'")));
  INFO(granted.err);
  REQUIRE(granted.exit_code == 0);
  const auto lease = Json::parse(granted.out);
  CHECK_THAT(lease.at("address").get<std::string>(), Contains("fd00:99::1"));
  CHECK(lease.at("deciding") == "v6-17");
  CHECK(lease.at("options").at("v6-160") == "http://six/");
  const auto told =
      in_network(workspace, served(with(options, {"--dhcp-range=fd00:99::,ra-stateless,64"}),
                                   up + ask("--6 --inform --set DHCPv6_Option_To_Use=160")));
  INFO(told.err);
  REQUIRE(told.exit_code == 0);
  CHECK(Json::parse(told.out).at("deciding") == "v6-160");
}

TEST_CASE("phones of a run have their leases before they boot", "[R-DHCP-17]") {
  Workspace workspace;
  require_network(workspace);
  workspace.write("www/all.xml", profile("leased"));
  const auto scenario = workspace.write(
      "leased.yaml",
      "phones: [{group: desk, count: 20, set: {Resync_Random_Delay: 0, Profile_Rule: /all.xml, "
      "Resync_Periodic: \"0\"}}]\n"
      "limits: {targets: [127.0.0.1]}\n");
  const auto run = in_network(
      workspace, "cd '" + workspace.path().string() +
                     "'\n" PROVPHONE_BINARY
                     " serve www --http 8080 > serve.out & web=$!\n"
                     "until grep -q 8080 serve.out; do kill -0 $web || exit 9; sleep 0.05; done\n" +
                     served(with(v4_range, {"--dhcp-option=160,http://127.0.0.1:8080"}),
                            PROVPHONE_BINARY " run '" + scenario.string() +
                                "' --dhcp-interface ph0 --for 60s --json - --trace run.jsonl") +
                     "kill $web\n");
  INFO(run.err << run.out);
  CHECK(run.exit_code == 0);
  const auto trace = read_file(workspace.path("run.jsonl"));
  std::size_t leases = 0;
  for (const auto& line : lines_of(trace)) {
    const auto event = Json::parse(line);
    if (event.at("event") != "lease_changed") continue;
    ++leases;
    CHECK_THAT(event.at("text").get<std::string>(), Contains("the address 10.99.0."));
  }
  CHECK(leases == 20);
}

// Grants 10.99.0.50 for 4 s, with option 66 `old`; who renews it is given 10.99.0.51 with `new`,
// and that for ever.
constexpr auto* changing_server = R"(
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"sv0")
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.bind(("", 67))
def option(code, value): return bytes([code, len(value)]) + value
granted = 0
while True:
    asked = s.recv(2000)
    kind, at = 0, 240
    while asked[at] != 255:
        if asked[at] == 53: kind = asked[at + 2]
        at += 2 + asked[at + 1]
    is_new = granted > 0
    granted += kind == 3
    address = bytes([10, 99, 0, 51 if is_new else 50])
    answer = bytes([2, 1, 6, 0]) + asked[4:8] + bytes(4) + bytes(4) + address + bytes(8)
    answer += asked[28:44] + bytes(192) + asked[236:240]
    answer += option(53, bytes([2 if kind == 1 else 5])) + option(54, bytes([10, 99, 0, 1]))
    answer += option(51, struct.pack(">I", 0xffffffff if is_new else 4))
    answer += option(66, b"new" if is_new else b"old") + b"\xff"
    s.sendto(answer, ("255.255.255.255", 68))
)";

TEST_CASE("what a renewal changes happens to the phone while it runs",
          "[R-DHCP-17][R-DHCP-10][R-DHCP-11]") {
  Workspace workspace;
  require_network(workspace);
  require_installed("python3");
  const auto server = workspace.write("server.py", changing_server);
  const auto scenario = workspace.write(
      "renewed.yaml",
      "phones: [{set: {Profile_Rule: \"http://127.0.0.1:8080/$IP\", Resync_Random_Delay: 0}, "
      "knobs: {restart_duration: 1s}}]\n");
  // The file that the phone asks for with its new address says that it has restarted.
  const auto run = in_network(
      workspace,
      "cd '" + workspace.path().string() +
          "'\nmkdir www && " PROVPHONE_BINARY
          " serve www --http 8080 > serve.out & web=$!\n"
          "ip link add sv0 type veth peer ph0 && ip link set ph0 up && ip link set sv0 up\n"
          "python3 '" +
          server.string() +
          "' & server=$!\n"
          "until grep -q 8080 serve.out; do kill -0 $web || exit 9; sleep 0.05; "
          "done\n" PROVPHONE_BINARY " run '" +
          scenario.string() +
          "' --dhcp-interface ph0 --for 100s --quiet --trace run.jsonl & run=$!\n"
          "until grep -q 10.99.0.51 serve.out; do kill -0 $run || break; sleep 0.05; done\n"
          "kill -INT $run; wait $run; kill $server $web; cat run.jsonl; status=0\n");
  INFO(run.err << run.out);
  std::vector<std::string> told;
  for (const auto& line : lines_of(run.out)) {
    const auto event = Json::parse(line);
    if (event.at("event") == "lease_changed") told.push_back(event.at("text"));
    if (event.at("event") == "rebooted") told.push_back(event.at("reason"));
  }
  CHECK(told == std::vector<std::string>{"option 66 is old, the address 10.99.0.50",
                                         "option 66 is new, the address 10.99.0.51", "ip_changed"});
}

TEST_CASE("phones of a lease file are those of a run, a load and a forecast") {
  Workspace workspace;
  workspace.write("www/10.99.0.9-000e08abcdef.xml", profile("leased"));
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto leases =
      workspace.write("dnsmasq.leases", "0 00:0e:08:ab:cd:ef 10.99.0.9 * *\n").string();
  const auto scenario = workspace
                            .write("lab.yaml",
                                   "phones: [{count: 3, set: {Resync_Random_Delay: 0, "
                                   "Resync_Periodic: \"0\", Profile_Rule: \"" +
                                       server.origin("http") + "/$IP-$MA.xml\"}}]\n")
                            .string();
  for (const std::string command : {"run", "fleet", "forecast"}) {
    INFO(command);
    const auto done = provphone::e2e::provphone(
        workspace, {command, scenario, "--leases", leases, "--for", "60s", "--json", "-"});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    CHECK(Json::parse(done.out).at("phones") == 1);
  }
  const auto broken = workspace.write("broken.leases", "0 nonsense\n").string();
  const auto refused = provphone::e2e::provphone(workspace, {"run", scenario, "--leases", broken});
  require_usage_error(refused);
  CHECK_THAT(refused.err, Contains("broken.leases:1: expected EXPIRY MAC ADDRESS NAME"));
}

TEST_CASE("who may not have the port of DHCP is told what rights it takes", "[R-DHCP-13]") {
  Workspace workspace;
  require_usage_error(provphone::e2e::provphone(workspace, {"dhcp", "--interface", "no-such-one"}));
  if (::geteuid() == 0) {
    require_installed("setpriv");
    const auto asked = in_network(
        workspace, "setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups " +
                       ask("").replace(ask("").find("ph0"), 3, "lo ") + "; status=$?\n");
    CHECK(asked.exit_code == 2);
    CHECK_THAT(asked.err, Contains("cap_net_bind_service"));
  }
}

}  // namespace dhcp_test
