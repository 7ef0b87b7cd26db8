#include "client/scenario/lease_file.hpp"

#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace lease_file_test {
namespace {

using namespace provphone;
using namespace provphone::client::scenario;

constexpr MacAddress first{0x000e08000001}, second{0x000e08000002};

std::vector<LeasedPhone> phones_in(const std::string& text, LeaseFormat format) {
  const auto file = parse_lease_file(text, "leases");
  INFO((file ? "" : file.error().detail));
  REQUIRE(file);
  CHECK(file->format == format);
  return file->phones;
}

std::string error_in(const std::string& text) {
  const auto file = parse_lease_file(text, "leases");
  REQUIRE_FALSE(file);
  CHECK(file.error().code == Errc::bad_argument);
  return file.error().detail;
}

}  // namespace

TEST_CASE("phones are read from the leases of dnsmasq") {
  CHECK(phones_in("1700000000 00:0e:08:00:00:01 10.0.0.5 SEP000E08000001 01:00:0e:08:00:00:01\n"
                  "0 00:0e:08:00:00:02 10.0.0.6 * *\n"
                  "1700000000 06-00:0e:08:00:00:03 10.0.0.7 * *\n"
                  "duid 00:01:00:01\n1700000000 33 fd00::5 * 00:01\n",
                  LeaseFormat::dnsmasq) ==
        std::vector<LeasedPhone>{{first, "10.0.0.5", "SEP000E08000001"}, {second, "10.0.0.6", ""}});
}

TEST_CASE("phones are read from Kea's memfile, whose later lines count") {
  const std::string header =
      "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,"
      "user_context,pool_id\n";
  CHECK(phones_in(header + "10.0.0.5,00:0e:08:00:00:01,,3600,1700000000,1,0,0,one,0,,0\n"
                           "10.0.0.6,00:0e:08:00:00:02,,3600,1700000000,1,0,0,two,0,,0\n"
                           "10.0.0.9,,,3600,1700000000,1,0,0,,1,,0\n"
                           "10.0.0.7,00:0e:08:00:00:01,,3600,1700000001,1,0,0,one,0,,0\n"
                           "10.0.0.6,00:0e:08:00:00:02,,0,1700000001,1,0,0,two,0,,0\n",
                  LeaseFormat::kea) == std::vector<LeasedPhone>{{first, "10.0.0.7", "one"}});
}

TEST_CASE("phones are read from ISC's leases, and other vendors' devices are left out") {
  const std::string text =
      "# The format of this file is documented in dhcpd.leases(5)\nauthoring-byte-order "
      "little-endian;\n\n"
      "lease 10.0.0.5 {\n  starts 1 2026/03/02 05:00:00;\n  binding state active;\n  hardware "
      "ethernet 00:0e:08:00:00:01;\n  set vendor-class-identifier = \"Cisco Systems, Inc. IP "
      "Phone\";\n  client-hostname \"one\";\n}\n"
      "lease 10.0.0.6 {\n  binding state free;\n  hardware ethernet 00:0e:08:00:00:02;\n}\n"
      "lease 10.0.0.7 {\n  binding state active;\n  hardware ethernet 00:0e:08:00:00:03;\n  set "
      "vendor-class-identifier = \"MSFT 5.0\";\n}\n";
  CHECK(phones_in(text, LeaseFormat::isc) == std::vector<LeasedPhone>{{first, "10.0.0.5", "one"}});
  CHECK(parse_lease_file(text, "leases")->left_out == 1);
}

TEST_CASE("a line that is no lease is named with its place") {
  CHECK(error_in("") == "leases: no phone has a lease");
  CHECK(error_in("1 00:0e:08:00:00:01 10.0.0.5 * *\nnonsense\n") ==
        "leases:2: expected EXPIRY MAC ADDRESS NAME, as dnsmasq writes them");
  CHECK(error_in("1 zz:0e:08:00:00:01 10.0.0.5 * *\n") ==
        "leases:1: 'zz:0e:08:00:00:01' is no hardware address");
  CHECK(error_in("1 00:0e:08:00:00:01 10.0.0 * *\n") == "leases:1: '10.0.0' is no IPv4 address");
  CHECK(error_in("address,hwaddr\n10.0.0.5\n") == "leases:2: expected 2 columns, found 1");
  CHECK(error_in("address,mac\n10.0.0.5,x\n") ==
        "leases:1: expected the columns address and hwaddr");
  CHECK(error_in("lease 10.0.0.5 {\n  hardware ethernet 00:0e:08:00:00:01;\n") ==
        "leases:1: this lease has no end");
  CHECK(error_in("lease 10.0.0.5 {\n}\nlease 10.0.0.6 {\nlease 10.0.0.7 {\n}\n") ==
        "leases:3: this lease has no end");
}

TEST_CASE("a scenario's only group has the phones of a lease file, and events pick them") {
  const auto leased = std::make_shared<const std::vector<LeasedPhone>>(
      std::vector<LeasedPhone>{{second, "10.0.0.6", ""}, {first, "10.0.0.5", "one"}});
  const auto scenario =
      read_scenario("phones: [{group: desk, count: 7}]\nevents: [{at: 1s, power_on: 000e08000001}]",
                    "a.yaml", {}, {leased});
  REQUIRE(scenario);
  CHECK(phone_count(*scenario) == 2);
  CHECK(mac_of(*scenario, 1) == first);
  CHECK(phone_with(*scenario, second) == 0U);
  CHECK(identity_of(*scenario, 1).ip == "10.0.0.5");
  const auto& who = scenario->events.front().who.any_of.front();
  CHECK(std::get<SinglePhone>(who).phone == 1);
  const auto two = read_scenario("phones: [{count: 1}, {count: 1}]", "a.yaml", {}, {leased});
  REQUIRE_FALSE(two);
  CHECK(two.error().code == Errc::scenario_invalid);
}

}  // namespace lease_file_test
