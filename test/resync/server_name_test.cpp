#include "resync/server_name.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace provphone::resync::server_name_test {
namespace {

struct Row {
  std::vector<std::string> dns;
  std::vector<std::string> addresses;
  std::string common_name;
  std::string host;
  bool named;
};

void check(const Row& row) {
  INFO("host " << row.host << ", CN " << row.common_name << ", first dNSName "
               << (row.dns.empty() ? "-" : row.dns.front()));
  CHECK(certificate_names_host({row.dns, row.addresses, row.common_name}, row.host) == row.named);
}

TEST_CASE("the common name ends at its first slash", "[R-TLS-04]") {
  check(GENERATE(values<Row>({
      {{}, {}, "sprov.callme.com", "sprov.callme.com", true},
      {{}, {}, "pv.telco.net/mailto:admin@telco.net", "pv.telco.net", true},
      {{}, {}, "prof.voice.com/info@voice.com", "prof.voice.com", true},
      {{}, {}, "prof.voice.com/info@voice.com", "voice.com", false},
      {{}, {}, "prof.voice.com/a/b", "prof.voice.com", true},
      {{}, {}, "/prof.voice.com", "prof.voice.com", false},
      {{}, {}, "sprov.callme.com", "callme.com", false},
      {{}, {}, "callme.com", "sprov.callme.com", false},
      {{}, {}, "", "sprov.callme.com", false},
      {{}, {}, "", "", false},
  })));
}

TEST_CASE("names are compared without case and final dot", "[R-TLS-05]") {
  check(GENERATE(values<Row>({
      {{}, {}, "Prov.Example.NET", "prov.example.net", true},
      {{"PROV.example.net"}, {}, "", "prov.EXAMPLE.net", true},
      {{"prov.example.net"}, {}, "", "prov.example.net.", true},
      {{"prov.example.net."}, {}, "", "prov.example.net", true},
      {{"prov.example.net."}, {}, "", "prov.example.net..", false},
      {{std::string("prov.example.net\0.evil", 22)}, {}, "", "prov.example.net", false},
  })));
}

TEST_CASE("a dNSName hides the common name", "[R-TLS-05]") {
  check(GENERATE(values<Row>({
      {{"a.example.net"}, {}, "b.example.net", "a.example.net", true},
      {{"a.example.net"}, {}, "b.example.net", "b.example.net", false},
      {{"a.example.net", "b.example.net"}, {}, "", "b.example.net", true},
      {{}, {"192.0.2.1"}, "b.example.net", "b.example.net", true},
      {{"a.example.net/x"}, {}, "", "a.example.net", false},
  })));
}

TEST_CASE("a wildcard stands for exactly the left-most label", "[R-TLS-06]") {
  check(GENERATE(values<Row>({
      {{"*.example.net"}, {}, "", "a.example.net", true},
      {{"*.EXAMPLE.net"}, {}, "", "A.example.net", true},
      {{}, {}, "*.example.net/admin", "a.example.net", true},
      {{"*.example.net"}, {}, "", "a.b.example.net", false},
      {{"*.example.net"}, {}, "", "example.net", false},
      {{"*.example.net"}, {}, "", ".example.net", false},
      {{"a*.example.net"}, {}, "", "ab.example.net", false},
      {{"*a.example.net"}, {}, "", "ba.example.net", false},
      {{"a.*.net"}, {}, "", "a.example.net", false},
      {{"*.*.net"}, {}, "", "a.example.net", false},
      {{"*"}, {}, "", "localhost", false},
      {{"*."}, {}, "", "localhost", false},
      {{"*.example.net"}, {}, "", "*.example.net", false},
  })));
}

TEST_CASE("an address needs an iPAddress or a common name of that very text", "[R-TLS-07]") {
  check(GENERATE(values<Row>({
      {{}, {"192.0.2.1"}, "", "192.0.2.1", true},
      {{}, {"192.0.2.2", "192.0.2.1"}, "", "192.0.2.1", true},
      {{}, {"192.0.2.2"}, "", "192.0.2.1", false},
      {{}, {}, "192.0.2.1", "192.0.2.1", true},
      {{}, {}, "192.0.2.1/admin", "192.0.2.1", true},
      {{}, {}, "192.0.2.2", "192.0.2.1", false},
      {{"192.0.2.1"}, {}, "", "192.0.2.1", false},
      {{"*.0.2.1"}, {}, "", "192.0.2.1", false},
      {{}, {}, "*.0.2.1", "192.0.2.1", false},
      {{}, {"2001:db8::1"}, "", "2001:db8::1", true},
      {{}, {"2001:DB8::1"}, "", "2001:db8::1", true},
      {{}, {"2001:db8::2"}, "", "2001:db8::1", false},
  })));
}

TEST_CASE("where the common name alone counts there is no other",
          "[R-TLS-05][R-TLS-16][R-TLS-17]") {
  const std::vector<std::string> dns{"a.example.net"};
  const std::vector<std::string> addresses{"192.0.2.1"};
  const CertificateNames names{dns, addresses, "*.b.example.net"};
  const auto counts = [&](std::string_view host, NameCheck check) {
    return certificate_names_host(names, host, check);
  };
  CHECK(counts("a.example.net", NameCheck::alternative_names_first));
  CHECK_FALSE(counts("a.example.net", NameCheck::common_name));
  CHECK(counts("x.b.example.net", NameCheck::common_name));
  CHECK_FALSE(counts("192.0.2.1", NameCheck::common_name));
  CHECK(counts("whatever", NameCheck::nothing));
  // R-TLS-17
  const auto jabber = [](const CertificateNames& each, std::string_view host) {
    return certificate_names_host(each, host, NameCheck::jabber);
  };
  CHECK(jabber(names, "a.example.net"));
  CHECK(jabber(names, "192.0.2.1"));
  CHECK_FALSE(jabber({{}, {}, "192.0.2.1"}, "192.0.2.1"));
  CHECK_FALSE(jabber({{}, {}, "a.example.net/contact"}, "a.example.net"));
  CHECK(jabber({{}, {}, "*.example.net"}, "a.example.net"));
}

TEST_CASE("a name that looks almost like an address is a name", "[R-TLS-07]") {
  check(GENERATE(values<Row>({
      {{"1.2.3"}, {}, "", "1.2.3", true},
      {{"1.2.3.256"}, {}, "", "1.2.3.256", true},
      {{"*.2.3.4.5"}, {}, "", "1.2.3.4.5", true},
      {{"1.2.3.4a"}, {}, "", "1.2.3.4a", true},
  })));
}

}  // namespace
}  // namespace provphone::resync::server_name_test
