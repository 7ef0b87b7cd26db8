#include "resync/proxy.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace proxy_test {
namespace {

using namespace provphone;
using namespace provphone::resync;

struct Phone {
  Identity identity;
  Personality personality = personality_of(profile::Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  MacroState state;

  Phone& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  // HOST:PORT, or `direct`.
  std::string goes_through(macro::Scheme scheme = macro::Scheme::http) const {
    const auto proxy = proxy_of({identity, personality, parameters, state}, {scheme, "h", 1, "/"});
    return proxy ? proxy->host + ":" + std::to_string(proxy->port) : "direct";
  }
};

}  // namespace

TEST_CASE("Proxy_Mode Manual names the proxy, and TFTP goes past it", "[R-HTTP-27]") {
  Phone phone;
  phone.set("Proxy_Host", "10.0.0.5");
  CHECK(phone.goes_through() == "direct");
  phone.set("Proxy_Mode", "Off");
  CHECK(phone.goes_through() == "direct");
  phone.set("Proxy_Mode", "Manual");
  CHECK(phone.goes_through(macro::Scheme::http) == "10.0.0.5:3128");
  CHECK(phone.goes_through(macro::Scheme::https) == "10.0.0.5:3128");
  CHECK(phone.goes_through(macro::Scheme::tftp) == "direct");
  phone.set("Proxy_Port", "8888");
  CHECK(phone.goes_through() == "10.0.0.5:8888");
  for (const auto* port : {"0", "", "http", "70000"}) {
    phone.set("Proxy_Port", port);
    CHECK(phone.goes_through() == "10.0.0.5:3128");
  }
  phone.set("Proxy_Host", "");
  CHECK(phone.goes_through() == "direct");
}

TEST_CASE("families from before proxies take no notice of their parameters", "[R-HTTP-27]") {
  Phone phone;
  phone.set("Proxy_Mode", "Manual").set("Proxy_Host", "10.0.0.5");
  phone.personality = personality_of(profile::Generation::spa);
  CHECK(phone.goes_through() == "direct");
  REQUIRE(set_knob(phone.personality, "proxy_parameters=used"));
  CHECK(phone.goes_through() == "10.0.0.5:3128");
}

TEST_CASE("a proxy is told a login only where the phone is set to", "[R-HTTP-27]") {
  Phone phone;
  phone.set("Proxy_Username", "u").set("Proxy_Password", "p");
  CHECK_FALSE(proxy_login(phone.parameters));
  phone.set("Proxy_Server_Requires_Authentication", "Yes");
  REQUIRE(proxy_login(phone.parameters));
  CHECK(proxy_login(phone.parameters)->user == "u");
  CHECK(proxy_login(phone.parameters)->password == "p");
}

namespace {

struct Discovering : Phone {
  std::vector<DhcpOption> lease;

  std::string asks(macro::Scheme scheme = macro::Scheme::https) const {
    const auto place =
        pac_place({identity, personality, parameters, state}, lease, {scheme, "h", 1, "/"});
    return place ? format(*place) : "none";
  }
};

std::string routes(std::string_view said) {
  std::string text;
  for (const auto& route : routes_in(said))
    text += route ? route->host + ":" + std::to_string(route->port) + " " : "direct ";
  return text;
}

}  // namespace

TEST_CASE("Proxy_Mode Auto names a PAC file, by DHCP, by DNS or by PAC_URL", "[R-HTTP-29]") {
  Discovering phone;
  phone.set("PAC_URL", "http://10.0.0.5/own.pac");
  phone.lease = {{15, "example.net"}, {252, std::string("http://10.0.0.6/dhcp.pac\0", 25)}};
  CHECK(phone.asks() == "none");
  phone.set("Proxy_Mode", "Auto");
  CHECK(phone.asks() == "http://10.0.0.6:80/dhcp.pac");
  CHECK(phone.asks(macro::Scheme::tftp) == "none");
  CHECK(phone.goes_through() == "direct");
  phone.lease.pop_back();
  CHECK(phone.asks() == "http://wpad.example.net:80/wpad.dat");
  phone.lease.clear();
  CHECK(phone.asks() == "none");
  phone.set("Use_Auto_Discovery__WPAD_", "No");
  CHECK(phone.asks() == "http://10.0.0.5:80/own.pac");
  phone.set("PAC_URL", "tftp://10.0.0.5/own.pac");
  CHECK(phone.asks() == "tftp://10.0.0.5:69/own.pac");
  for (const auto* nonsense : {"", "own.pac", "ftp://10.0.0.5/own.pac"}) {
    phone.set("PAC_URL", nonsense);
    CHECK(phone.asks() == "none");
  }
}

TEST_CASE("what a PAC file says is a list of ways to try", "[R-HTTP-29]") {
  CHECK(routes("DIRECT") == "direct ");
  CHECK(routes("PROXY a.example.net:8080") == "a.example.net:8080 ");
  CHECK(routes("PROXY a:1; proxy b ;DIRECT") == "a:1 b:80 direct ");
  CHECK(routes("HTTP a:1;SOCKS c:2; PROXY b:x") == "a:1 b:80 ");
  for (const auto* nothing : {"", ";;", "SOCKS c:2", "PROXY", "5", "undefined"})
    CHECK(routes(nothing) == "direct ");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "PROXY a:1;";
  CHECK(routes_in(many).size() == 16);
}

}  // namespace proxy_test
