#include "resync/naming.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace naming_test {
namespace {

using namespace provphone;
using profile::Generation;
using resync::AddressFamilies;
using resync::QueryMode;
using Lease = std::vector<resync::DhcpOption>;
using Settings = std::vector<std::pair<const char*, const char*>>;
using Servers = std::vector<std::string>;

resync::Naming naming_of(const Settings& settings, const Lease& lease = {},
                         Generation generation = Generation::mpp12) {
  profile::ParameterSet parameters(profile::factory_values(generation));
  for (const auto& [name, value] : settings) parameters.set(*profile::find_parameter(name), value);
  return resync::naming_of(lease, parameters, resync::personality_of(generation));
}

}  // namespace

TEST_CASE("IP_Mode says which addresses a phone uses", "[R-NAME-03]") {
  CHECK(naming_of({}).families == AddressFamilies::ipv4_then_ipv6);  // of the factory
  CHECK(naming_of({{"IP_Mode", "IPv4 Only"}}).families == AddressFamilies::ipv4);
  CHECK(naming_of({{"IP_Mode", "IPv6 Only"}}).families == AddressFamilies::ipv6);
  CHECK(naming_of({{"IP_Mode", "Dual Mode"}}).families == AddressFamilies::ipv4_then_ipv6);
  // A family that has no such parameter.
  CHECK(naming_of({}, {}, Generation::spa).families == AddressFamilies::ipv4);
}

TEST_CASE("which family comes first is a knob", "[R-NAME-03]") {
  const profile::ParameterSet parameters(profile::factory_values(Generation::mpp12));
  auto personality = resync::personality_of(Generation::mpp12);
  REQUIRE(resync::set_knob(personality, "dual_mode_order=ipv6_first"));
  CHECK(resync::naming_of({}, parameters, personality).families == AddressFamilies::ipv6_then_ipv4);
}

TEST_CASE("a phone with that defect asks for the other kind of address too", "[R-NAME-03]") {
  auto personality = resync::personality_of(Generation::mpp12);
  REQUIRE(resync::set_knob(personality, "ipv4_lookup=a_and_aaaa"));
  profile::ParameterSet parameters(profile::factory_values(Generation::mpp12));
  CHECK(resync::naming_of({}, parameters, personality).families == AddressFamilies::ipv4_then_ipv6);
  parameters.set(*profile::find_parameter("IP_Mode"), "IPv4 Only");
  parameters.set(*profile::find_parameter("Primary_DNS"), "10.0.0.3");
  parameters.set(*profile::find_parameter("IPv6_Primary_DNS"), "2001:db8::3");
  const auto naming = resync::naming_of({}, parameters, personality);
  CHECK(naming.families == AddressFamilies::ipv4_asking_both);
  CHECK(naming.servers == Servers{"10.0.0.3"});
}

TEST_CASE("a phone's name servers come from its parameters and its lease", "[R-NAME-05]") {
  struct Case {
    const char* order;
    Lease lease;
    Servers servers;
  };
  const Lease two{{6, "10.0.0.1, 10.0.0.3"}};
  const Settings manual{{"Primary_DNS", "10.0.0.3"}, {"Secondary_DNS", "10.0.0.4"}};
  for (const auto& [order, lease, servers] :
       {Case{"Manual", two, {"10.0.0.3", "10.0.0.4"}},
        Case{"Manual,DHCP", two, {"10.0.0.3", "10.0.0.4", "10.0.0.1"}},
        Case{"DHCP,Manual", two, {"10.0.0.1", "10.0.0.3", "10.0.0.4"}},
        Case{"DHCP,Manual", {}, {"10.0.0.3", "10.0.0.4"}},
        Case{"Manual,DHCP",
             {{6, "0x0a0000010a000002"}},
             {"10.0.0.3", "10.0.0.4", "10.0.0.1", "10.0.0.2"}},
        Case{"Manual,DHCP", {{66, "10.0.0.9"}}, {"10.0.0.3", "10.0.0.4"}}}) {
    INFO(order);
    auto settings = manual;
    settings.emplace_back("DNS_Server_Order", order);
    CHECK(naming_of(settings, lease).servers == servers);
  }
  // Nothing is said: the network's are asked.
  CHECK(naming_of({}).servers.empty());
  CHECK(naming_of({{"Primary_DNS", "0.0.0.0"}}, {{6, " ; "}}).servers.empty());
  CHECK(naming_of({}, {{6, "10.0.0.1;10.0.0.2"}}).servers == Servers{"10.0.0.1", "10.0.0.2"});
}

TEST_CASE("a name server that the IP mode rules out is none", "[R-NAME-05]") {
  Settings settings{{"Primary_DNS", "10.0.0.3"}, {"IPv6_Primary_DNS", "2001:db8::1"}};
  CHECK(naming_of(settings).servers == Servers{"10.0.0.3", "2001:db8::1"});
  settings.emplace_back("IP_Mode", "IPv6 Only");
  CHECK(naming_of(settings).servers == Servers{"2001:db8::1"});
  settings.back().second = "IPv4 Only";
  CHECK(naming_of(settings).servers == Servers{"10.0.0.3"});
}

TEST_CASE("several name servers are asked as DNS_Query_Mode says", "[R-NAME-06]") {
  const Lease two{{6, "10.0.0.1,10.0.0.2"}};
  CHECK(naming_of({}, two).mode == QueryMode::parallel);  // of the factory
  CHECK(naming_of({{"DNS_Query_Mode", "Sequential"}}, two).mode == QueryMode::in_order);
  // With one server it is all the same, and phones that ask alike share what they know.
  CHECK(naming_of({}, {{6, "10.0.0.1"}}) ==
        naming_of({{"DNS_Query_Mode", "Sequential"}}, {{6, "10.0.0.1"}}));
}

TEST_CASE("DNS_Caching_Enable says whether answers are kept", "[R-NAME-07]") {
  CHECK(naming_of({}).keeps_answers);
  CHECK_FALSE(naming_of({{"DNS_Caching_Enable", "No"}}).keeps_answers);
  CHECK(naming_of({}, {}, Generation::spa).keeps_answers);
}

}  // namespace naming_test
