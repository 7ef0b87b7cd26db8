#include "client/listen/registrar.hpp"

#include "client/face/sip_message.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace provphone::client::listen::registrar_test {
namespace {

using trace::EventKind;
using Settings = std::vector<std::pair<std::string, std::string>>;

drive::DrivenPhone phone_with(const Settings& more) {
  drive::DrivenPhone phone;
  auto& device = phone.device;
  device.identity.mac = MacAddress{0x000e08012345};
  const auto set = [&](const std::string& name, const std::string& value) {
    INFO(name);
    const auto id = profile::find_parameter(name);
    REQUIRE(id);
    device.parameters.set(*id, value);
  };
  // It asks nobody but registrars.
  set("Provision_Enable", "No");
  set("Proxy_1_", "127.0.0.1:5070");
  set("User_ID_1_", "100");
  for (const auto& [name, value] : more) set(name, value);
  device.settings_changed();
  return phone;
}

// A phone, and a network that keeps what the phone sends.
struct Desk : SipCarrier {
  boost::asio::io_context loop;
  std::vector<trace::TraceEvent> told;
  std::vector<SipOutgoing> sent;
  int hung_up = 0;
  std::optional<drive::RealDriver> driver;
  std::optional<Registrar> registrar;

  explicit Desk(const Settings& more = {}) {
    drive::RealRun run;
    run.phones = drive::kept_phones({phone_with(more)});
    run.wall.known = resync::ClockIsKnown::never;
    const auto tell = [this](const trace::TraceEvent& event) {
      told.push_back(event);
      if (registrar) registrar->observe(0, event);
    };
    run.trace = tell;
    driver.emplace(loop, std::move(run));
    registrar.emplace(loop, *driver, transport::Network{}, tell, *this);
    registrar->begin({"127.0.0.1"}, 5062);
    happens(resync::PoweredOn{});
  }
  Result<void> send(SipOutgoing outgoing) override {
    sent.push_back(std::move(outgoing));
    return {};
  }
  void hang_up(PhoneLine) override { ++hung_up; }

  void settle() {
    loop.restart();
    while (loop.poll() > 0) {
    }
  }
  void happens(const resync::Event& event, std::shared_ptr<const resync::Brought> brought = {}) {
    settle();
    driver->happens(0, event, std::move(brought));
    settle();
  }
  // The last request is answered so.
  void answer(const std::string& status) {
    auto octets = sent.back().octets;
    octets.replace(0, octets.find("\r\n"), "SIP/2.0 " + status);
    const auto response = face::parse_sip_response(octets);
    REQUIRE(response);
    registrar->take(*response);
    settle();
  }
  std::string header(const std::string& name) const {
    const auto& text = sent.back().octets;
    const auto value = text.find("\r\n" + name + ": ") + name.size() + 4;
    return text.substr(value, text.find("\r\n", value) - value);
  }
  auto count(EventKind kind) const {
    return std::count_if(told.begin(), told.end(),
                         [&](const auto& event) { return event.event == kind; });
  }
};

TEST_CASE("a phone registers as soon as it is up", "[R-SIP-08]") {
  Desk desk;
  REQUIRE(desk.sent.size() == 1);
  CHECK(desk.sent[0].from == "127.0.0.1");
  CHECK(desk.sent[0].to.to_string() == "127.0.0.1");
  CHECK(desk.sent[0].port == 5070);
  CHECK(desk.header("Contact") == "<sip:100@127.0.0.1:5062>");
  desk.answer("200 OK");
  CHECK(desk.count(EventKind::registered) == 1);
  CHECK(desk.registrar->is_registrar_of(0, "127.0.0.1"));
  CHECK_FALSE(desk.registrar->is_registrar_of(0, "127.0.0.2"));
  CHECK_FALSE(desk.registrar->is_registrar_of(1, "127.0.0.1"));
}

TEST_CASE("a phone that restarts says so to its registrar, and begins anew", "[R-SIP-10]") {
  Desk desk({{"User_ID_2_", "200"}, {"Proxy_2_", "127.0.0.1:5071"}});
  REQUIRE(desk.sent.size() == 2);
  desk.answer("200 OK");  // line 2
  const auto call = desk.header("Call-ID");
  desk.happens(resync::RestartRequested{});
  // Line 1 has nothing to take back.
  REQUIRE(desk.sent.size() == 3);
  CHECK(desk.header("Expires") == "0");
  CHECK(desk.header("Call-ID") == call);
  CHECK(desk.hung_up == 2);
  desk.happens(resync::PoweredOff{});
  desk.happens(resync::PoweredOn{});
  REQUIRE(desk.sent.size() == 5);
  CHECK(desk.header("Call-ID") != call);
}

TEST_CASE("a phone without power or link says nothing to its registrar", "[R-SIP-10]") {
  Desk desk;
  desk.answer("200 OK");
  desk.happens(resync::PoweredOff{});
  CHECK(desk.sent.size() == 1);
  desk.happens(resync::PoweredOn{});
  CHECK(desk.sent.size() == 2);
  desk.answer("200 OK");
  desk.happens(resync::LinkLost{});
  CHECK(desk.sent.size() == 2);
  desk.happens(resync::LinkRestored{});
  CHECK(desk.sent.size() == 3);
  desk.answer("200 OK");
  CHECK(desk.count(EventKind::registered) == 3);
  CHECK(desk.count(EventKind::registration_lost) == 0);
}

TEST_CASE("a phone that lost its registration keeps that over its link, not over its power",
          "[R-SIP-12]") {
  Desk desk;
  desk.answer("403 Forbidden");
  CHECK(desk.count(EventKind::registration_lost) == 1);
  desk.happens(resync::LinkLost{});
  desk.happens(resync::LinkRestored{});
  desk.answer("403 Forbidden");
  CHECK(desk.count(EventKind::registration_failed) == 2);
  CHECK(desk.count(EventKind::registration_lost) == 1);
  desk.happens(resync::LinkLost{});
  desk.happens(resync::LinkRestored{});
  desk.answer("200 OK");
  CHECK(desk.count(EventKind::registration_restored) == 1);
  desk.happens(resync::PoweredOff{});
  desk.happens(resync::PoweredOn{});
  desk.answer("403 Forbidden");
  CHECK(desk.count(EventKind::registration_lost) == 2);
}

TEST_CASE("a line whose values change registers with the new ones", "[R-SIP-10]") {
  Desk desk;
  desk.answer("200 OK");
  const auto set = [&](const std::string& name, const std::string& value) {
    desk.happens(resync::ParametersChanged{},
                 std::make_shared<resync::Brought>(resync::Brought{{{name, value}}, {}, {}}));
  };
  set("GPP_A", "a");
  CHECK(desk.sent.size() == 1);
  set("User_ID_1_", "101");
  REQUIRE(desk.sent.size() == 3);
  CHECK(desk.sent[1].octets.find("Expires: 0\r\n") != std::string::npos);
  CHECK(desk.header("To") == "<sip:101@127.0.0.1:5070>");
  desk.answer("200 OK");
  set("Register_1_", "No");
  CHECK(desk.sent.size() == 4);
  CHECK(desk.header("Expires") == "0");
}

TEST_CASE("a line that may not or cannot register says so once", "[R-SIP-08]") {
  const std::pair<Settings, Errc> cases[] = {
      {{{"Proxy_1_", "192.0.2.7"}}, Errc::target_refused},
      {{{"Proxy_1_", "a b"}}, Errc::url_syntax},
      {{{"Proxy_1_", "pbx:x"}}, Errc::url_syntax},
      {{{"SIP_Transport_1_", "TLS"}}, Errc::unsupported_scheme}};
  for (const auto& [settings, error] : cases) {
    INFO(name(error));
    Desk desk(settings);
    desk.happens(resync::ParametersChanged{},
                 std::make_shared<resync::Brought>(resync::Brought{{{"GPP_A", "a"}}, {}, {}}));
    CHECK(desk.sent.empty());
    REQUIRE(desk.count(EventKind::registration_failed) == 1);
    const auto failed = std::find_if(desk.told.begin(), desk.told.end(), [](const auto& event) {
      return event.event == EventKind::registration_failed;
    });
    CHECK(failed->error == error);
    CHECK(failed->line == 1);
    CHECK(desk.count(EventKind::registration_lost) == 0);
  }
}

TEST_CASE("a connection that breaks fails what it was to carry", "[R-SIP-12]") {
  Desk desk(Settings{{"SIP_Transport_1_", "TCP"}});
  desk.registrar->broke({0, 1}, {Errc::connection_refused, "refused"});
  CHECK(desk.count(EventKind::registration_lost) == 1);
  // Nobody waits any more.
  desk.registrar->broke({0, 1}, {Errc::connection_refused, "refused"});
  desk.registrar->broke({0, 7}, {Errc::connection_refused, "refused"});
  CHECK(desk.count(EventKind::registration_failed) == 1);
}

TEST_CASE("an answer to nobody is passed over", "[R-SIP-10]") {
  Desk desk;
  face::SipResponse response;
  response.status = 200;
  response.call_id = "c1";
  desk.registrar->take(response);
  CHECK(desk.count(EventKind::registered) == 0);
}

}  // namespace
}  // namespace provphone::client::listen::registrar_test
