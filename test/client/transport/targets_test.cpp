#include "client/transport/targets.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::transport::targets_test {
namespace {

TEST_CASE("only loopback is a target unless more is named", "[R-HTTP-15]") {
  const Targets targets;
  for (const char* address : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    INFO(address);
    CHECK(targets.allows_address(address));
  }
  for (const char* address : {"10.0.0.1", "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1",
                              "2001:db8::1", "localhost", "", "127.0.0.1:80"}) {
    INFO(address);
    CHECK_FALSE(targets.allows_address(address));
  }
  CHECK_FALSE(targets.allows_name("localhost"));
}

TEST_CASE("a prefix allows the addresses that it covers", "[R-HTTP-15]") {
  struct Case {
    const char* prefix;
    const char* address;
    bool allowed;
  };
  const auto row = GENERATE(values<Case>({
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"192.0.2.1/32", "192.0.2.2", false},
      {"0.0.0.0/0", "8.8.8.8", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "8.8.8.8", false},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
  }));
  Targets targets;
  REQUIRE(targets.add(row.prefix));
  INFO(row.prefix << " and " << row.address);
  CHECK(targets.allows_address(row.address) == row.allowed);
}

TEST_CASE("a name is compared without case and final dot", "[R-HTTP-15]") {
  Targets targets;
  REQUIRE(targets.add("Prov.Example.net"));
  CHECK(targets.allows_name("prov.example.NET"));
  CHECK(targets.allows_name("prov.example.net."));
  CHECK_FALSE(targets.allows_name("example.net"));
  CHECK_FALSE(targets.allows_name("x.prov.example.net"));
  CHECK_FALSE(targets.allows_name(""));
}

TEST_CASE("what is no target is refused by name", "[R-HTTP-15]") {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/-1", "::/129",
                           "10.0.0", "300.1.1.1", "a b", ".example.net", "a..b", "*.example.net",
                           "http://x", "example.net/24", "example.net:80"}) {
    INFO(text);
    Targets targets;
    const auto added = targets.add(text);
    REQUIRE_FALSE(added);
    CHECK(added.error().code == Errc::bad_argument);
    CHECK(added.error().detail.find(text) != std::string::npos);
  }
}

}  // namespace
}  // namespace provphone::client::transport::targets_test
