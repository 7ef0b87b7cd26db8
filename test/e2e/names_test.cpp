#include "test/client/transport/dns_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <thread>

// Servers that have a name, and name servers that know it.
namespace provphone::e2e::names_test {
namespace {

using Lines = std::vector<std::string>;
namespace dns = client::transport::test;

std::string url(const Nginx& nginx, const std::string& host) {
  return "http://" + host + ":" + std::to_string(nginx.port()) + "/a.xml";
}

struct Net {
  Workspace workspace;
  Nginx nginx{workspace, [this] {
                workspace.write("www/a.xml", profile("found"));
                return workspace.path("www");
              }()};

  PhoneRun run(const std::string& rule, const Flags& flags) {
    return run_phone(workspace, with({"--rule", rule}, flags));
  }
};

TEST_CASE_METHOD(Net, "a phone asks the given name server for addresses and tries each",
                 "[R-HTTP-03][R-NAME-10]") {
  DnsmasqDns dns(
      workspace, {},
      {"--host-record=prov.example.net,127.0.0.9", "--host-record=prov.example.net,127.0.0.1"});
  const auto run = this->run(url(nginx, "prov.example.net"), {"--dns", dns.server()});
  require_success(run);
  CHECK(run.parameter("GPP_A") == "found");
}

TEST_CASE_METHOD(Net, "a phone follows an alias, and finds IPv6 where its mode has it",
                 "[R-NAME-03][R-NAME-11]") {
  DnsmasqDns dns(workspace, {},
                 {"--host-record=host7.example.net,127.0.0.1,::1",
                  "--cname=prov.example.net,host7.example.net"});
  const Flags asking{"--dns", dns.server()};
  const auto run = this->run(url(nginx, "prov.example.net"), asking);
  require_success(run);
  CHECK(run.events("request").front().at("server_address") == "127.0.0.1");
  const auto v6 =
      this->run(url(nginx, "prov.example.net"), with(asking, {"--set", "IP_Mode=IPv6 Only"}));
  CHECK(v6.events("request").front().at("server_address") == "::1");
}

TEST_CASE_METHOD(Net, "a name that no server knows is a failure", "[R-NAME-09]") {
  DnsmasqDns dns(workspace, {});
  require_failure(run(url(nginx, "nowhere.example.net"), {"--dns", dns.server()}),
                  "name_not_resolved");
}

TEST_CASE_METHOD(Net, "a name server that is off is passed over for the next", "[R-NAME-06]") {
  DnsmasqDns dns(workspace, {}, {"--host-record=prov.example.net,127.0.0.1"});
  const auto off = "127.0.0.1:" + std::to_string(free_udp_port());
  require_success(run(url(nginx, "prov.example.net"), {"--dns", off, "--dns", dns.server()}));
}

TEST_CASE_METHOD(Net, "a name that is resolved by hand is not asked for", "[R-NAME-02]") {
  const auto off = "127.0.0.1:" + std::to_string(free_udp_port());
  const auto run = this->run(url(nginx, "Prov.example.net"),
                             {"--dns", off, "--resolve", "prov.example.net=127.0.0.9,127.0.0.1"});
  require_success(run);
  CHECK(run.parameter("GPP_A") == "found");
  // The allow-list holds for the addresses.
  require_failure(
      this->run(url(nginx, "prov.example.net"), {"--resolve", "prov.example.net=192.0.2.1"}),
      "target_refused");
  for (const char* bad : {"prov.example.net", "prov.example.net=", "prov.example.net=x",
                          "=127.0.0.1", "127.0.0.1=127.0.0.2"}) {
    INFO(bad);
    require_usage_error(provphone(workspace, {"run", "--rule", "/a.xml", "--resolve", bad}));
  }
}

TEST_CASE_METHOD(Net, "a lease may name the name server", "[R-NAME-05]") {
  const auto refused = run(url(nginx, "prov.example.net"), {"--dhcp", "6=192.0.2.1"});
  require_failure(refused, "target_refused");
}

TEST_CASE_METHOD(Net, "a phone in IPv6 mode cannot reach an IPv4 address", "[R-NAME-04]") {
  require_failure(run(url(nginx, "127.0.0.1"), {"--set", "IP_Mode=IPv6 Only"}), "host_unreachable");
}

TEST_CASE_METHOD(Net, "a scenario names hosts and name servers", "[R-NAME-02][R-NAME-06]") {
  DnsmasqDns dns(workspace, {}, {"--host-record=second.example.net,127.0.0.1"});
  const auto scenario = workspace.write(
      "lab.yaml", "phones:\n  - set: {Resync_Random_Delay: 0, Profile_Rule: '" +
                      url(nginx, "first.example.net") + "', Profile_Rule_B: '" +
                      url(nginx, "second.example.net") +
                      "'}\nhosts:\n  first.example.net: [127.0.0.9, 127.0.0.1]\ndns: ['" +
                      dns.server() + "']\nlimits: {duration: 60s}\n" +
                      "events: [{at: 0s, power_on: all}]\n");
  const auto run = run_phone(workspace, {scenario.string(), "--for", "4s"});
  require_success(run);
  CHECK(run.events("request").size() == 2);
}

// A phone that asks for its file once a second, until it is interrupted.
struct Steady : Net {
  Rsyslog rsyslog{workspace};
  std::filesystem::path hosts = workspace.write("hosts", "127.0.0.1 prov.example.net\n");

  std::string scenario(const DnsmasqDns& dns) {
    return workspace
        .write("steady.yaml",
               "phones:\n  - set: {Resync_Random_Delay: 0, Resync_Periodic: 1, "
               "Resync_Error_Retry_Delay: 1, Profile_Rule: '" +
                   url(nginx, "prov.example.net") + "', Syslog_Server: '" + rsyslog.server() +
                   "'}\ndns: ['" + dns.server() + "']\nlimits: {duration: 300s}\n" +
                   "events: [{at: 0s, power_on: all}]\n")
        .string();
  }
  bool was_told(const std::string& text) const {
    const auto messages = rsyslog.messages(0);
    return std::any_of(messages.begin(), messages.end(), [&](const std::string& message) {
      return message.find(text) != std::string::npos;
    });
  }
};

TEST_CASE_METHOD(Steady, "an address that has changed is asked for once its time to live is over",
                 "[R-NAME-07]") {
  DnsmasqDns dns(workspace, {}, {"--addn-hosts=" + hosts.string(), "--local-ttl=1"});
  RunningPhone phone(workspace, {scenario(dns)});
  REQUIRE(nginx.accesses(1).size() >= 1);
  // Where nobody listens, so that only who asks again is turned away.
  workspace.write("hosts", "127.0.0.9 prov.example.net\n");
  dns.reread();
  CHECK(eventually(patience, [&] { return was_told("Resync failed"); }));
  phone.interrupt();
  const auto run = phone.finish();
  const auto requests = run.events("request");
  REQUIRE_FALSE(requests.empty());
  CHECK(requests.front().at("server_address") == "127.0.0.1");
  CHECK(run.error_count("connection_refused") >= 1);
}

TEST_CASE_METHOD(Steady, "an answer is kept for its time to live", "[R-NAME-07]") {
  DnsmasqDns dns(workspace, {}, {"--addn-hosts=" + hosts.string(), "--local-ttl=600"});
  RunningPhone phone(workspace, {scenario(dns)});
  REQUIRE(nginx.accesses(3).size() >= 3);
  phone.interrupt();
  phone.finish();
  CHECK(dns.questions("A", "prov.example.net") == 1);
}

// What a name server says that has aliases in a circle. dnsmasq does not start with them, but
// passes on what another one says.
class CircularNames {
 public:
  std::string server() const { return dns_.server(); }

  CircularNames() : thread_([this] { loop_.run(); }) {}
  ~CircularNames() {
    loop_.stop();
    thread_.join();
  }
  CircularNames(const CircularNames&) = delete;
  CircularNames& operator=(const CircularNames&) = delete;

 private:
  static std::unique_ptr<dns::DnsReply> answer() {
    return std::make_unique<dns::DnsReply>(
        dns::DnsReply{{{"prov.example.net", dns::DnsType::cname, "host7.example.net"},
                       {"host7.example.net", dns::DnsType::cname, "prov.example.net"}}});
  }

  boost::asio::io_context loop_;
  dns::DnsServer dns_{loop_, [](const std::string&, dns::DnsType) { return answer(); }};
  std::thread thread_;
};

TEST_CASE_METHOD(Net, "aliases that go round in a circle are a failure", "[R-NAME-11]") {
  const CircularNames names;
  auto forwarder = names.server();
  forwarder.replace(forwarder.find(':'), 1, "#");
  DnsmasqDns dns(workspace, {}, {"--server=" + forwarder});
  require_failure(run(url(nginx, "prov.example.net"), {"--dns", dns.server()}),
                  "name_not_resolved");
  CHECK(dns.questions("A", "prov.example.net") >= 1);
}

TEST_CASE_METHOD(Net, "an answer that UDP cannot hold is asked for once more, over TCP",
                 "[R-NAME-12]") {
  Flags zone;
  for (int i = 1; i <= 40; ++i)
    zone.push_back("--host-record=many.example.net,127.0.0." + std::to_string(i));
  DnsmasqDns dns(workspace, {}, zone);
  require_success(run(url(nginx, "many.example.net"), {"--dns", dns.server()}));
  CHECK(dns.questions("A", "many.example.net") == 2);
}

TEST_CASE_METHOD(Net, "very many SRV records come over TCP, and all of them count",
                 "[R-NAME-12][R-RULE-43]") {
  const std::string name = "_ciscoprov-http._tcp.example.net";
  const auto record = [&](std::uint16_t port, int priority) {
    return name + ",localhost," + std::to_string(port) + "," + std::to_string(priority) + ",0";
  };
  const auto closed = free_tcp_port();
  std::vector<std::string> records;
  for (int i = 1; i <= 30; ++i) records.push_back(record(closed, i));
  records.push_back(record(nginx.port(), 31));
  DnsmasqDns dns(workspace, records);
  const auto run = this->run("[--srv] http://example.net/a.xml", {"--dns", dns.server()});
  require_success(run);
  CHECK(run.events("request").size() == 31);
  CHECK(dns.questions("SRV", name) == 2);
}

TEST_CASE_METHOD(Net, "a log server that is a name gets what phones log", "[R-LOG-04]") {
  Rsyslog rsyslog(workspace);
  const auto port = rsyslog.server().substr(rsyslog.server().find(':'));
  const auto run = this->run(
      url(nginx, "127.0.0.1"),
      {"--set", "Syslog_Server=log.example.net" + port, "--resolve", "log.example.net=127.0.0.1"});
  require_success(run);
  CHECK(rsyslog.messages(2).size() == 2);
  for (const auto& event : run.events("syslog")) CHECK_FALSE(event.contains("error"));
}

TEST_CASE_METHOD(Net, "a message that was not sent is not shown as sent", "[R-LOG-03]") {
  const auto run = provphone(
      workspace, {"run", "--rule", url(nginx, "127.0.0.1"), "--set", "Syslog_Server=192.0.2.1"});
  CHECK(run.exit_code == 0);
  CHECK(run.out.find("(not sent: syslog server \"192.0.2.1\" is not among the allowed targets)") !=
        std::string::npos);
}

}  // namespace
}  // namespace provphone::e2e::names_test
