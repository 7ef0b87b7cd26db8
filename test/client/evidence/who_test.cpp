#include "client/evidence/who.hpp"

#include <catch2/catch.hpp>

namespace who_test {
namespace {

using namespace provphone;
using namespace provphone::client::evidence;

std::string mac_shown(const std::string& text) {
  const auto mac = mac_in(text);
  return mac ? format_lower(*mac) : "none";
}

}  // namespace

TEST_CASE("MAC addresses are found in paths, queries and subjects") {
  const std::string mac = "000e08012345";
  for (const std::string text :
       {"/000e08012345.xml", "/a/000E08012345/x", "/spa000e08012345.cfg",
        "/SEP000E08012345.cnf.xml", "/x?mac=00:0e:08:01:23:45&y=1",
        "/x?mac=00%3A0E%3A08%3A01%3A23%3A45", "/00-0e-08-01-23-45",
        "CN=8841-3PCC, L=FCH1, ST=000e08012345", "CN=000E08012345,OU=x", "(000e08012345)"}) {
    INFO(text);
    CHECK(mac_shown(text) == mac);
  }
}

TEST_CASE("what only looks like a MAC address is none") {
  for (const std::string text :
       {"/202611271000.xml", "/000000000000", "/010e08012345", "/000e0801234", "/000e080123456789",
        "/deadbeefdeadbeefdeadbeef", "/00:0e:08:01:23", "/CP-8841-3PCC.xml", "", "%", "/%zz"}) {
    INFO(text);
    CHECK(mac_shown(text) == "none");
  }
}

TEST_CASE("User-Agents tell model, firmware and whose they are") {
  struct Row {
    std::string agent, model, firmware, mac, serial;
  };
  const Row rows[] = {
      {"Cisco-CP-8841-3PCC/11.3.2 (000e08012345)", "CP-8841-3PCC", "11.3.2", "000e08012345", ""},
      {"Cisco/SPA504G-7.5.5 (000E08012345)(CBT00000001)", "SPA504G", "7.5.5", "000e08012345",
       "CBT00000001"},
      {"Linksys/SPA-942-6.1.5(a) (88019FA00000)", "SPA942", "6.1.5(a)", "none", "88019FA00000"},
      {"Cisco/ATA191-11-1-0MSR3-9 (000E08012345)", "ATA191", "11-1-0MSR3-9", "000e08012345", ""},
      {"Cisco/SPA525G2-7.4.7 (CBT00000000)", "SPA525G2", "7.4.7", "none", "CBT00000000"},
      {"Cisco/Unheard-of-1.2 (x)", "Unheard", "of-1.2", "none", "x"},
  };
  for (const auto& row : rows) {
    INFO(row.agent);
    const auto says = read_agent(row.agent);
    CHECK(says.kind == AgentSays::Kind::phone);
    CHECK(says.model == row.model);
    CHECK(says.firmware == row.firmware);
    CHECK((says.mac ? format_lower(*says.mac) : "none") == row.mac);
    CHECK(says.serial == row.serial);
  }
  CHECK(read_agent("Mozilla/5.0 (X11)").kind == AgentSays::Kind::other);
  CHECK(read_agent("curl/7.88.1").kind == AgentSays::Kind::other);
  CHECK(read_agent("my-phones 1").kind == AgentSays::Kind::nothing);
  CHECK(read_agent("").kind == AgentSays::Kind::nothing);
}

TEST_CASE("a query may name the serial number") {
  CHECK(serial_in("/x?a=1&sn=FCH1&b=2") == "FCH1");
  CHECK(serial_in("/x?SerialNumber=FCH%31") == "FCH1");
  CHECK(serial_in("/x?sn=").empty());
  CHECK(serial_in("/sn=FCH1").empty());
}

}  // namespace who_test
