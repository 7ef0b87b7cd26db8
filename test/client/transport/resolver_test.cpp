#include "client/transport/resolver.hpp"

#include "client/transport/name_service.hpp"
#include "dns_server.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

namespace provphone::client::transport::resolver_test {
namespace {

using Outcome = NameAnswer::Outcome;
using test::DnsRecord;
using test::DnsReply;
using test::DnsServer;
using test::DnsType;
using Lines = std::vector<std::string>;

// Records of any name, picked by name and type as a server without recursion would.
DnsServer::Answer zone(std::vector<DnsRecord> records) {
  return [records = std::move(records)](const std::string& name, DnsType type) {
    auto reply = std::make_unique<DnsReply>();
    reply->code = DnsReply::Code::no_such_name;
    for (const auto& record : records) {
      if (record.name != name) continue;
      reply->code = DnsReply::Code::ok;
      if (record.type == type) reply->records.push_back(record);
    }
    return reply;
  };
}

DnsServer::Answer always(DnsReply reply) {
  return [reply = std::move(reply)](const std::string&, DnsType) {
    return std::make_unique<DnsReply>(reply);
  };
}

std::unique_ptr<DnsReply> silence(const std::string& /*name*/, DnsType /*type*/) {
  return nullptr;
}

struct World {
  boost::asio::io_context loop;

  NameAnswer ask(const NameServers& servers, const std::string& name,
                 AddressFamilies families = AddressFamilies::ipv4) {
    Resolver resolver(loop, servers);
    std::optional<NameAnswer> told;
    resolver.find(name, families, [&](NameAnswer answer) { told = std::move(answer); });
    CHECK_FALSE(told);  // never from within
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
    while (!told && std::chrono::steady_clock::now() < deadline) loop.run_one_until(deadline);
    REQUIRE(told);
    return *std::move(told);
  }
};

Lines texts_of(const NameAnswer& answer) {
  Lines texts;
  for (const auto& address : answer.addresses) texts.push_back(address.to_string());
  return texts;
}

TEST_CASE_METHOD(World, "a name has its A records in the order of the answer", "[R-NAME-10]") {
  DnsServer dns(loop, zone({{"p.example.net", DnsType::a, "127.0.0.9", 300},
                            {"p.example.net", DnsType::a, "127.0.0.1", 60},
                            {"p.example.net", DnsType::aaaa, "::1", 5}}));
  const auto answer = ask({{dns.server()}}, "p.example.net");
  CHECK(answer.outcome == Outcome::found);
  CHECK(texts_of(answer) == Lines{"127.0.0.9", "127.0.0.1"});
  CHECK(answer.time_to_live == std::chrono::seconds(60));
  // A phone that uses IPv4 alone asks for nothing else.
  CHECK(dns.asked == Lines{"A p.example.net"});
}

// An IPv4 address of this machine's hosts file and a name that it has there, as unlike `localhost`
// as there is one.
std::pair<std::string, std::string> known_host() {
  std::ifstream file("/etc/hosts");
  std::pair<std::string, std::string> known;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address, name;
    if (words >> address >> name && address.find(':') == std::string::npos) known = {address, name};
  }
  return known;
}

TEST_CASE_METHOD(World, "what the hosts file of the machine says goes before name servers",
                 "[R-NAME-01]") {
  const auto [address, name] = known_host();
  if (name.empty()) provphone::test::not_run("a hosts file");
  DnsServer dns(loop, silence);
  const auto answer = ask({{dns.server()}}, name, AddressFamilies::ipv4_then_ipv6);
  CHECK(answer.outcome == Outcome::found);
  const auto found = texts_of(answer);
  CHECK(std::find(found.begin(), found.end(), address) != found.end());
  CHECK(dns.asked.empty());
}

TEST_CASE_METHOD(World, "the families of a name are asked for as the IP mode says", "[R-NAME-03]") {
  DnsServer dns(loop, zone({{"p.example.net", DnsType::a, "127.0.0.1"},
                            {"p.example.net", DnsType::aaaa, "::1", 5},
                            {"four.example.net", DnsType::a, "127.0.0.1"},
                            {"six.example.net", DnsType::aaaa, "::1"}}));
  const NameServers servers{{dns.server()}};
  CHECK(texts_of(ask(servers, "p.example.net", AddressFamilies::ipv6)) == Lines{"::1"});
  CHECK(dns.asked == Lines{"AAAA p.example.net"});
  const auto both = ask(servers, "p.example.net", AddressFamilies::ipv4_then_ipv6);
  CHECK(texts_of(both) == Lines{"127.0.0.1", "::1"});
  CHECK(both.time_to_live == std::chrono::seconds(5));
  CHECK(texts_of(ask(servers, "p.example.net", AddressFamilies::ipv6_then_ipv4)) ==
        Lines{"::1", "127.0.0.1"});
  // One of the two is enough.
  CHECK(texts_of(ask(servers, "four.example.net", AddressFamilies::ipv6_then_ipv4)) ==
        Lines{"127.0.0.1"});
  CHECK(texts_of(ask(servers, "six.example.net", AddressFamilies::ipv4_then_ipv6)) == Lines{"::1"});
  CHECK(ask(servers, "four.example.net", AddressFamilies::ipv6).outcome == Outcome::none);
}

TEST_CASE_METHOD(World, "a name may be another one's alias", "[R-NAME-11]") {
  DnsServer dns(loop, always({{{"p.example.net", DnsType::cname, "q.example.net", 30},
                               {"q.example.net", DnsType::cname, "r.example.net", 90},
                               {"r.example.net", DnsType::a, "127.0.0.1", 60}}}));
  const auto answer = ask({{dns.server()}}, "p.example.net");
  CHECK(texts_of(answer) == Lines{"127.0.0.1"});
  CHECK(answer.time_to_live == std::chrono::seconds(30));
}

TEST_CASE_METHOD(World, "aliases that go round in a circle are no address", "[R-NAME-11]") {
  DnsServer dns(loop, always({{{"p.example.net", DnsType::cname, "q.example.net"},
                               {"q.example.net", DnsType::cname, "p.example.net"}}}));
  CHECK(ask({{dns.server()}}, "p.example.net").outcome != Outcome::found);
  CHECK(dns.asked.size() == 1);
}

TEST_CASE_METHOD(World, "an answer above 512 octets is fetched over TCP", "[R-NAME-12]") {
  std::vector<DnsRecord> records;
  for (int i = 1; i <= 40; ++i)
    records.push_back({"p.example.net", DnsType::a, "127.0.1." + std::to_string(i)});
  DnsServer dns(loop, zone(records));
  const auto answer = ask({{dns.server()}}, "p.example.net");
  CHECK(answer.addresses.size() == 40);
  CHECK(dns.asked == Lines{"A p.example.net", "tcp A p.example.net"});
}

TEST_CASE_METHOD(World, "the second name server is asked where the first does not answer",
                 "[R-NAME-06]") {
  DnsServer second(loop, zone({{"p.example.net", DnsType::a, "127.0.0.1"}}));
  SECTION("the first has an answer, if only that there is no such name") {
    DnsServer first(loop, zone({{"q.example.net", DnsType::a, "127.0.0.2"}}));
    const NameServers both{{first.server(), second.server()}};
    CHECK(texts_of(ask(both, "q.example.net")) == Lines{"127.0.0.2"});
    CHECK(ask(both, "p.example.net").outcome == Outcome::none);
    CHECK(second.asked.empty());
  }
  SECTION("the first cannot say") {
    DnsServer first(loop, always({{}, DnsReply::Code::server_failure}));
    CHECK(texts_of(ask({{first.server(), second.server()}}, "p.example.net")) ==
          Lines{"127.0.0.1"});
  }
  SECTION("the first is silent") {
    DnsServer first(loop, silence);
    CHECK(texts_of(ask({{first.server(), second.server()}}, "p.example.net")) ==
          Lines{"127.0.0.1"});
    CHECK(first.asked.size() == 1);
  }
}

TEST_CASE_METHOD(World, "of name servers that are asked at once the first answer counts",
                 "[R-NAME-06]") {
  DnsServer silent(loop, silence);
  DnsServer refusing(loop, always({{}, DnsReply::Code::refused}));
  DnsServer knowing(loop, zone({{"p.example.net", DnsType::a, "127.0.0.1"}}));
  const NameServers all{{silent.server(), refusing.server(), knowing.server()},
                        resync::QueryMode::parallel};
  CHECK(texts_of(ask(all, "p.example.net")) == Lines{"127.0.0.1"});
  CHECK(silent.asked.size() == 1);
  CHECK(refusing.asked.size() == 1);
}

TEST_CASE_METHOD(World, "name servers that never answer are given up", "[R-NAME-09]") {
  DnsServer dns(loop, silence);
  const auto answer = ask({{dns.server()}}, "p.example.net");
  CHECK(answer.outcome == Outcome::silent);
  CHECK_FALSE(answer.why.empty());
  CHECK(dns.asked.size() == 2);
}

TEST_CASE_METHOD(World, "phones share what is known where they ask the same servers",
                 "[R-NAME-06]") {
  DnsServer network(loop, zone({{"p.example.net", DnsType::a, "127.0.0.1"}}));
  const Targets targets;
  NameService names(loop, targets, {{network.server()}, nullptr, {}});
  const auto found = [&](const resync::Naming& naming) {
    std::optional<std::string> told;
    names.find("p.example.net", naming, [&](const Result<Addresses>& addresses) {
      told = addresses ? addresses->front().to_string() : format(addresses.error());
    });
    while (!told) loop.run_one();
    return *told;
  };
  resync::Naming naming;
  naming.families = AddressFamilies::ipv4;
  CHECK(found(naming) == "127.0.0.1");
  CHECK(found(naming) == "127.0.0.1");
  CHECK(network.asked.size() == 1);
  // R-NAME-05: a phone's own name server has to be a target.
  naming.servers = {"192.0.2.1"};
  CHECK(found(naming) == "target_refused: name server 192.0.2.1 is not among the allowed targets");
  naming.servers = {"192.0.2.1", network.server()};
  CHECK(found(naming) == "127.0.0.1");
  CHECK(network.asked.size() == 2);
}

TEST_CASE("a name server is an address, with a port where it is not 53", "[R-NAME-05]") {
  Targets targets;
  REQUIRE(targets.add("2001:db8::1"));
  for (const char* good : {"127.0.0.1", "127.0.0.1:5300", "::1", "[::1]:5300", "2001:db8::1"}) {
    INFO(good);
    CHECK(check_name_server(good, targets));
  }
  for (const char* bad : {"", "localhost", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:x", "[::1]5",
                          "[::1]:0", "127.0.0.1:65536"}) {
    INFO(bad);
    const auto checked = check_name_server(bad, targets);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Errc::bad_argument);
  }
  CHECK(check_name_server("192.0.2.1:53", targets).error().code == Errc::target_refused);
}

}  // namespace
}  // namespace provphone::client::transport::resolver_test
