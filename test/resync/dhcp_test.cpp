#include "resync/dhcp.hpp"

#include "resync/plan.hpp"

#include <catch2/catch.hpp>

namespace dhcp_test {
namespace {

using namespace provphone;
using profile::Generation;
using Lease = std::vector<resync::DhcpOption>;

struct Leased {
  resync::Identity identity;
  resync::Personality personality;
  profile::ParameterSet parameters;
  resync::MacroState state;

  explicit Leased(Generation generation = Generation::mpp12)
      : personality(resync::personality_of(generation)),
        parameters(profile::factory_values(generation)) {
    identity.model = "CP-8851-3PCC";
    identity.mac = MacAddress{0x001234ab45de};
  }
  Leased& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  resync::MacroSource source() const { return {identity, personality, parameters, state}; }
  std::vector<std::string> candidates(const Lease& lease) const {
    std::vector<std::string> texts;
    for (const auto& url : resync::provisioning_candidates(lease, source()))
      texts.push_back(format(url));
    return texts;
  }
  // The places that a plan for `rule` tries in turn; the error's code where there is none.
  std::vector<std::string> attempts(std::string_view rule, const Lease& lease) const {
    auto plan = resync::plan_profile_rule(rule, source(), lease);
    if (!plan) return {std::string(name(plan.error().code))};
    std::vector<std::string> texts;
    for (auto next = plan->request; next; next = resync::next_attempt(*plan))
      texts.push_back(format(next->url));
    return texts;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an unprovisioned phone looks for its file in the documented places", "[R-DHCP-03]") {
  struct Case {
    const char* value;
    Texts places;
  };
  const Leased phone;
  for (const auto& [value, places] :
       {Case{"https://10.23.45.67/path",
             {"https://10.23.45.67:443/path", "https://10.23.45.67:443/path/8851-3PCC.xml",
              "https://10.23.45.67:443/path/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"https://10.23.45.67",
             {"https://10.23.45.67:443/8851-3PCC.xml",
              "https://10.23.45.67:443/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"10.23.45.67",
             {"tftp://10.23.45.67:69/8851-3PCC.xml",
              "tftp://10.23.45.67:69/Cisco/CP-8851-3PCC/001234ab45de.cfg",
              "http://10.23.45.67:80/8851-3PCC.xml",
              "http://10.23.45.67:80/Cisco/CP-8851-3PCC/001234ab45de.cfg",
              "https://10.23.45.67:443/8851-3PCC.xml",
              "https://10.23.45.67:443/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"http://h:8080/",
             {"http://h:8080/8851-3PCC.xml", "http://h:8080/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"http://h/dir//",
             {"http://h:80/dir//", "http://h:80/dir/8851-3PCC.xml",
              "http://h:80/dir/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"http://h/c?mac=$MA", {"http://h:80/c?mac=001234ab45de"}},
        Case{"http://h/$PSN.xml",
             {"http://h:80/8851-3PCC.xml", "http://h:80/8851-3PCC.xml/8851-3PCC.xml",
              "http://h:80/8851-3PCC.xml/Cisco/CP-8851-3PCC/001234ab45de.cfg"}},
        Case{"bad host", {}}, Case{"", {}}, Case{"gds://", {}}}) {
    INFO(value);
    CHECK(phone.candidates({{160, value}}) == places);
  }
}

TEST_CASE("a list of servers is tried in turn, with the scheme of its first entry", "[R-DHCP-04]") {
  Leased phone;
  phone.set("Profile_Rule", "/x");
  CHECK(phone.attempts("/x", {{159, "HTTP://10.0.0.5;10.0.0.6;; tftp://h "}}) ==
        Texts{"http://10.0.0.5:80/x", "http://10.0.0.6:80/x", "tftp://h:69/x"});
  CHECK(phone.attempts("/x", {{159, "10.0.0.5;10.0.0.6"}}) ==
        Texts{"tftp://10.0.0.5:69/x", "tftp://10.0.0.6:69/x"});
}

TEST_CASE("options are tried in the order that the phone is told", "[R-DHCP-01]") {
  Leased phone;
  phone.set("Profile_Rule", "/x");
  const Lease lease{{160, "http://b"}, {66, "10.0.0.1"}, {67, "10.0.0.9"}};
  CHECK(phone.attempts("/x", lease) == Texts{"tftp://10.0.0.1:69/x", "http://b:80/x"});
  phone.set("DHCP_Option_To_Use", "160, 66");
  CHECK(phone.attempts("/x", lease) == Texts{"http://b:80/x", "tftp://10.0.0.1:69/x"});
}

TEST_CASE("option 150 lists addresses, as text or as octets", "[R-DHCP-05]") {
  Leased phone;
  phone.set("Profile_Rule", "/x");
  const Texts both{"tftp://10.0.0.1:69/x", "tftp://10.0.0.2:69/x"};
  for (const auto* value : {"10.0.0.1,10.0.0.2", "10.0.0.1 10.0.0.2", "10.0.0.1;10.0.0.2",
                            "0x0a0000010A000002", "0x0a0000010A000002ff"}) {
    INFO(value);
    CHECK(phone.attempts("/x", {{150, value}}) == both);
  }
  CHECK(phone.attempts("/x", {{150, "0x0a00"}}) == Texts{"server_missing"});
}

TEST_CASE("options 43 and 125 hold a URL as sub-option 1", "[R-DHCP-06]") {
  Leased phone;
  phone.set("Profile_Rule", "/x");
  // 02 01 ff, then 01 08 "http://h"
  const std::string triples = "0201ff0108687474703a2f2f68";
  CHECK(phone.attempts("/x", {{43, "0x" + triples}}) == Texts{"http://h:80/x"});
  CHECK(phone.attempts("/x", {{125, "0x000000090d" + triples}}) == Texts{"http://h:80/x"});
  CHECK(phone.attempts("/x", {{43, "http://h"}}) == Texts{"http://h:80/x"});
  for (const auto* value : {"0x0201ff", "0x01ff68", "0x01", "0x"}) {
    INFO(value);
    CHECK(phone.attempts("/x", {{43, value}, {125, value}}) == Texts{"server_missing"});
  }
}

TEST_CASE("a path of one's own is asked for at each server", "[R-DHCP-07]") {
  const Lease lease{{66, "10.0.0.1"}, {160, "https://h:8443/path"}};
  Leased own;
  own.set("Profile_Rule", "/mine/$MA.xml");
  CHECK(own.attempts("/mine/$MA.xml", lease) ==
        Texts{"tftp://10.0.0.1:69/mine/001234ab45de.xml", "https://h:8443/mine/001234ab45de.xml"});
  CHECK(own.attempts("/b.xml", lease) == Texts{"tftp://10.0.0.1:69/b.xml", "https://h:8443/b.xml"});
  CHECK(own.attempts("http:///b.xml", lease) ==
        Texts{"http://10.0.0.1:80/b.xml", "http://h:80/b.xml"});
  CHECK(Leased().attempts("/b.xml", lease).size() == 2);
}

TEST_CASE("a rule that names a server, a conditional Profile_Rule and a legacy phone try one place",
          "[R-DHCP-07]") {
  const Lease lease{{66, "10.0.0.1"}, {160, "https://h/path"}};
  CHECK(Leased().attempts("http://own/x", lease) == Texts{"http://own:80/x"});
  Leased conditional;
  conditional.set("Profile_Rule", "(1 eq 1)? /x");
  CHECK(conditional.attempts("(1 eq 1)? /x", lease) == Texts{"tftp://10.0.0.1:69/x"});
  const Leased legacy(Generation::spa);
  CHECK(legacy.attempts("/spa$PSN.cfg", lease).size() == 1);
}

TEST_CASE("of several places the phone tries those that it may turn to", "[R-RULE-46]") {
  Leased phone;
  phone.set("Profile_Rule", "/x").set("Restricted_Access_Domains", "example.net");
  const Lease lease{{66, "10.0.0.1"}, {160, "https://prov.example.net"}};
  CHECK(phone.attempts("/x", lease) == Texts{"https://prov.example.net:443/x"});
  CHECK(phone.attempts("/x", {{66, "10.0.0.1"}}) == Texts{"server_restricted"});
}

TEST_CASE("Restricted_Access_Domains names the servers that an MPP phone may turn to",
          "[R-RULE-46]") {
  struct Case {
    const char* domains;
    const char* rule;
    bool allowed;
  };
  for (const auto& [domains, rule, allowed] :
       {Case{"", "http://h/x", true}, Case{"  ", "http://h/x", true},
        Case{"example.net", "http://example.net/x", true},
        Case{"example.net", "http://PROV.Example.NET./x", true},
        Case{"example.net", "http://badexample.net/x", false},
        Case{"example.net", "http://example.net.evil.org/x", false},
        Case{"a.org, example.net", "https://b.example.net/x", true},
        Case{"prov.example.net", "http://example.net/x", false},
        Case{"0.0.1", "http://10.0.0.1/x", false}, Case{"10.0.0.1", "http://10.0.0.1/x", true},
        Case{",", "http://h/x", false}}) {
    INFO(domains << " " << rule);
    Leased phone;
    phone.set("Restricted_Access_Domains", domains);
    const auto plan = resync::plan_profile_rule(rule, phone.source(), Lease{});
    CHECK(plan.has_value() == allowed);
    if (!plan) CHECK(plan.error().code == Errc::server_restricted);
    Leased legacy(Generation::spa);
    legacy.set("Restricted_Access_Domains", domains);
    CHECK(resync::plan_profile_rule(rule, legacy.source(), Lease{}).has_value());
  }
}

TEST_CASE("the numbers of options may have dots between", "[R-DHCP-01]") {
  Leased phone;
  phone.set("DHCP_Option_To_Use", "66.160.159.150");
  const Lease lease{{160, "http://b.example.net"}, {66, "http://a.example.net"}};
  CHECK(resync::dhcp_server(lease, phone.parameters)->host == "a.example.net");
  phone.set("DHCP_Option_To_Use", "160.66");
  CHECK(resync::dhcp_server(lease, phone.parameters)->host == "b.example.net");
}

TEST_CASE("a rule without a server says what DHCP held and why it was not used", "[R-DHCP-09]") {
  struct Row {
    resync::DhcpOption option;
    std::string_view said;
  };
  for (const auto& [option, said] : {
           Row{{66, "\"http://127.0.0.1/a.xml\""},
               "DHCP option 66 holds `\"http://127.0.0.1/a.xml\"`, which is no server's name or "
               "URL: "
               "quotes are a part of it"},
           Row{{66, "ftp://127.0.0.1/"},
               "DHCP option 66 holds `ftp://127.0.0.1/`, which is no server's name or URL"},
           Row{{66, ""}, "DHCP option 66 holds ``, which is empty"},
           Row{{67, "h"},
               "DHCP option 67 holds `h`, but DHCP_Option_To_Use is `66,160,159,150,60,43,125`"},
           Row{{67, "http://h/?password=x"},
               "DHCP option 67 holds `http://h/?password=********`, but DHCP_Option_To_Use is "
               "`66,160,159,150,60,43,125`"},
       }) {
    INFO(option.value);
    Leased phone;
    const auto plan = resync::plan_profile_rule("/x", phone.source(), Lease{option});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().code == Errc::server_missing);
    CHECK(plan.error().detail ==
          "URL at offset 0: expected a server name; there is no default server here; " +
              std::string(said));
  }
}

TEST_CASE("option 2 is the phone's offset from UTC in seconds", "[R-RESYNC-30]") {
  using std::chrono::seconds;
  const auto offset = [](std::string value) {
    return resync::lease_time_of({{66, "h"}, {2, std::move(value)}}).offset;
  };
  CHECK(offset("3600") == seconds(3'600));
  CHECK(offset(" -28800 ") == seconds(-28'800));
  CHECK(offset("+0") == seconds(0));
  CHECK(offset("0xffff8f80") == seconds(-28'800));
  CHECK(offset("0x00000e10") == seconds(3'600));
  CHECK(offset("50400") == seconds(50'400));
  for (const char* bad : {"", "GMT+1", "3600s", "50401", "-50401", "0xff", "0x0000000e10", "--1",
                          "99999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(offset(bad));
  }
  CHECK_FALSE(resync::lease_time_of({}).offset);
  CHECK_FALSE(resync::lease_time_of({{2, "0"}}).names_server);
  CHECK(resync::lease_time_of({{42, "10.0.0.7"}}).names_server);
}

TEST_CASE("options of DHCPv6 serve a phone that speaks IPv6, behind those of DHCP", "[R-DHCP-12]") {
  using resync::DhcpVersion;
  constexpr auto v6 = DhcpVersion::v6;
  const Lease both{{160, "http://four"}, {160, "http://six", v6}};
  Leased phone;
  CHECK(phone.attempts("/a.xml", both) == Texts{"http://four:80/a.xml", "http://six:80/a.xml"});
  phone.set("IP_Mode", "IPv6 Only");
  CHECK(phone.attempts("/a.xml", both) == Texts{"http://six:80/a.xml"});
  phone.set("DHCPv6_Option_To_Use", "159");
  CHECK(phone.attempts("/a.xml", both) == Texts{"server_missing"});
  CHECK(resync::unused_options(both, phone.parameters) ==
        "DHCP option 160 holds `http://four`, but IP_Mode is `IPv6 Only`; "
        "DHCPv6 option 160 holds `http://six`, but DHCPv6_Option_To_Use is `159`");
  phone.set("DHCPv6_Option_To_Use", "17").set("IP_Mode", "IPv4 Only");
  CHECK(phone.attempts("/a.xml", both) == Texts{"http://four:80/a.xml"});
  phone.set("IP_Mode", "IPv6 Only");
  // Behind the enterprise number sub-option 2, then 1.
  CHECK(phone.attempts("/a.xml", {{17, "0x000000090002000161000100047369787a", v6}}) ==
        Texts{"tftp://sixz:69/a.xml"});
  CHECK(phone.attempts("/a.xml", {{17, "http://text", v6}}) == Texts{"http://text:80/a.xml"});
  for (const auto* broken :
       {"0x", "0x000000", "0x00000009", "0x000000090001", "0x0000000900010005"})
    CHECK(phone.attempts("/a.xml", {{17, broken, v6}}) == Texts{"server_missing"});
}

TEST_CASE("an option is named by its number, with v6 in front where it is of DHCPv6",
          "[R-DHCP-12]") {
  using resync::DhcpOption;
  using resync::DhcpVersion;
  using resync::parse_option_name;
  CHECK(parse_option_name("66") == DhcpOption{66, {}});
  CHECK(parse_option_name("v6-160") == DhcpOption{160, {}, DhcpVersion::v6});
  for (const auto* wrong : {"", "0", "255", "-1", "v6-", "v6-0", "v6-65536", "v4-66", "x"}) {
    INFO(wrong);
    CHECK_FALSE(parse_option_name(wrong));
  }
}

TEST_CASE("a lease is told without the secrets in it", "[R-DHCP-10]") {
  CHECK(resync::describe(
            {Lease{{66, "http://u:pw@h/?password=x"}, {160, "six", resync::DhcpVersion::v6}},
             "10.0.0.9"})
            .find("pw") == std::string::npos);
  CHECK(resync::describe({Lease{}, {}}) == "no options");
  CHECK(resync::describe({{}, "10.0.0.9"}) == "the address 10.0.0.9");
  CHECK(resync::describe({Lease{{66, "h"}, {17, "g", resync::DhcpVersion::v6}}, {}}) ==
        "option 66 is h, v6 option 17 is g");
}

}  // namespace dhcp_test
