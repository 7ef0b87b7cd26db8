#include "resync/first_boot.hpp"

#include "resync/saved_state.hpp"
#include "test/resync/retrieval_bench.hpp"
#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace first_boot_test {
namespace {

using namespace provphone;
using namespace provphone::resync;
using namespace std::chrono_literals;

const std::string provider =
    "<flat-profile><Profile_Rule>http://p.example.net/$MA.xml"
    "</Profile_Rule></flat-profile>";

// A phone as it left the factory.
struct Factory : test::Bench {
  Factory() { device.settings_changed(); }

  Factory& option(int number, std::string value) {
    device.lease.push_back({number, std::move(value)});
    return *this;
  }
  Factory& services(Services named) {
    device.services = std::make_shared<const Services>(std::move(named));
    return *this;
  }
  Factory& found(std::vector<SrvRecord> records) {
    take(NamesFound{std::move(records)});
    return *this;
  }
  Factory& not_found() {
    take(NamesFound{tl::unexpected(Error{Errc::name_not_resolved, "no record"})});
    return *this;
  }
  std::string looks_up() const {
    const auto* wanted = find<LookUp>();
    return wanted != nullptr ? wanted->name : "";
  }
  std::string customization() const { return std::string(name(customization_of(device))); }
};

const Services both{"https://redirect.example.net", "https://codes.example.net"};

}  // namespace

TEST_CASE("gds:// asks for an activation code, and is no failure", "[R-RULE-50][R-BOOT-01]") {
  auto phone = test::bench("gds://");
  phone.take(EvaluateRule{0});
  CHECK(phone.event<RuleOnboards>());
  CHECK_FALSE(phone.find<Fetch>());
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("a code brings a profile", "[R-BOOT-03]") {
  auto phone = test::bench("gds://");
  phone.device.services = std::make_shared<const Services>(both);
  phone.device.activation_code = "1234-5678 9012-3456";
  phone.take(EvaluateRule{0});
  REQUIRE(phone.find<Fetch>());
  CHECK(phone.asks() == "https://codes.example.net:443/activate");
  const auto& request = phone.find<Fetch>()->request;
  CHECK(request.method == Request::Method::post);
  CHECK(request.body ==
        "code=1234567890123456&mac=000e08012345&serial=88012BA01234"
        "&product=CP-8841-3PCC");
  phone.answered(200, provider);
  REQUIRE(phone.event<RuleSucceeded>());
  CHECK_FALSE(phone.find<CodeJudged>()->error);
  CHECK(phone.value("Profile_Rule") == "http://p.example.net/$MA.xml");
  // It counts once.
  phone.set("Profile_Rule", "gds://").take(EvaluateRule{0});
  CHECK(phone.event<RuleOnboards>());
}

TEST_CASE("a code that is not taken leaves the phone asking", "[R-BOOT-03]") {
  auto phone = test::bench("gds://");
  phone.device.services = std::make_shared<const Services>(both);
  phone.device.activation_code = "1234567890123456";
  SECTION("too short") {
    phone.device.activation_code = "123";
    phone.take(EvaluateRule{0});
    CHECK(phone.find<CodeJudged>()->error->code == Errc::activation_refused);
    CHECK(phone.find<CodeJudged>()->url.empty());
  }
  SECTION("refused") {
    phone.take(EvaluateRule{0}).answered(403);
    CHECK(phone.find<CodeJudged>()->error->code == Errc::activation_refused);
    CHECK(phone.find<CodeJudged>()->error->detail == "Invalid activation code: status 403");
  }
  SECTION("nobody answers") {
    phone.take(EvaluateRule{0}).failed(Errc::connection_refused);
    CHECK(phone.find<CodeJudged>()->error->code == Errc::connection_refused);
  }
  SECTION("no service") {
    phone.device.services.reset();
    phone.take(EvaluateRule{0});
    CHECK(phone.find<CodeJudged>()->error->code == Errc::server_missing);
  }
  SECTION("what came is no profile") {
    phone.take(EvaluateRule{0}).answered(200, "welcome");
    CHECK(phone.find<CodeJudged>()->error->code == Errc::not_a_profile);
  }
  REQUIRE(phone.event<RuleOnboards>());
  CHECK(phone.device.activation_code == "");
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("a phone that asks for a code waits for it, and for nothing else", "[R-BOOT-01]") {
  test::Script phone;
  phone.set("Resync_Random_Delay", "0").set("Resync_Periodic", "600");
  phone.powered_on().passes_at(0s, PassKind::boot).rule_onboards().quiet_forever();
  phone.at(10s).code_entered().started_because(Reason::code_entered);
  phone.rule_onboards().quiet_forever();
  phone.at(20s).code_entered().pass_succeeds().passes_at(620s, PassKind::periodic);
}

TEST_CASE("a code that nobody asked for is missed", "[R-BOOT-02]") {
  test::Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on();
  CHECK(missed(CodeEntered{}, phone.phone()) == Missed::not_asked);
  phone.passes_at(0s, PassKind::boot).rule_onboards();
  CHECK_FALSE(missed(CodeEntered{}, phone.phone()));
  phone.powered_off();
  CHECK(missed(CodeEntered{}, phone.phone()) == Missed::off);
}

TEST_CASE("beside a code an upgrade and a restart go on", "[R-BOOT-01]") {
  test::Script phone;
  phone.set("Resync_Random_Delay", "0").set("Resync_After_Upgrade_Attempt", "Yes");
  phone.set("Upgrade_Rule", "http://192.0.2.1/sip88xx.12-0-2MPP0001-116.loads");
  phone.powered_on().passes_at(0s, PassKind::boot).rule_onboards().asked_for_upgrade();
  phone.at(10s).upgrade_succeeded().boots_at(70s, Reason::restart_for_upgrade);
}

TEST_CASE("a phone from the factory looks in DNS where DHCP names nobody", "[R-BOOT-04]") {
  Factory phone;
  phone.option(15, "example.net").take(EvaluateRule{0});
  CHECK(phone.looks_up() == "_ciscoprov-https._tls.example.net");
  phone.not_found();
  CHECK(phone.looks_up() == "_ciscoprov-http._tcp.example.net");
  phone.found({{0, 0, 8080, "s1.example.net"}});
  CHECK(phone.asks() == "http://s1.example.net:8080/8841-3PCC.xml");
  phone.answered(404);
  CHECK(phone.asks() == "http://s1.example.net:8080/Cisco/000e08012345.cfg");
  CHECK(phone.customization() == "Open");
  phone.answered(200, test::file);
  CHECK(phone.event<RuleSucceeded>());
  CHECK(phone.customization() == "Aborted");
  // Somebody has provisioned it: it looks nowhere else any more, whatever is set by hand.
  phone.set("GPP_B", "by hand");
  phone.take(EvaluateRule{0});
  CHECK(phone.failure() == Errc::server_missing);
}

TEST_CASE("then it asks the redirect service, and goes where that sends it",
          "[R-BOOT-05][R-BOOT-07]") {
  Factory phone;
  phone.services(both).take(EvaluateRule{0});
  CHECK(phone.asks() == "https://redirect.example.net:443/8841-3PCC/000e08012345.xml");
  CHECK(phone.find<Fetch>()->tls);
  CHECK(phone.customization() == "Pending");
  phone.answered(200, provider);
  REQUIRE(phone.event<RuleSucceeded>());
  CHECK(phone.customization() == "Custom-Pending");
  CHECK(phone.device.state.iscust == 0);
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "http://p.example.net:80/000e08012345.xml");
  phone.answered(200, test::file);
  CHECK(phone.customization() == "Acquired");
  CHECK(phone.device.state.iscust == 1);
  // It is not forgotten at rest, but with a factory reset.
  const auto saved = saved_state_of(phone.device, phone.device.identity.firmware, {});
  REQUIRE(saved);
  Device other;
  restore(other, *saved);
  CHECK(other.customization == Customization::acquired);
  CHECK(other.state.iscust == 1);
  phone.take(Restarting{Reason::factory_reset});
  CHECK(phone.customization() == "Open");
  CHECK(phone.device.state.iscust == 0);
}

TEST_CASE("a phone that nobody knows asks for a code at the end", "[R-BOOT-05][R-BOOT-06]") {
  Factory phone;
  phone.services(both).option(66, "10.0.0.1").option(15, "example.net").take(EvaluateRule{0});
  CHECK(phone.asks() == "tftp://10.0.0.1:69/8841-3PCC.xml");
  while (phone.asks().find("10.0.0.1") != std::string::npos) phone.answered(404);
  phone.not_found().not_found();
  CHECK(phone.asks() == "https://redirect.example.net:443/8841-3PCC/000e08012345.xml");
  const bool knows_nothing = GENERATE(true, false);
  phone.answered(knows_nothing ? 200 : 503);
  CHECK(phone.customization() == (knows_nothing ? "Unavailable" : "Pending"));
  CHECK(phone.event<RuleOnboards>());
  // Who gets a profile by a code is no customer of the redirect service.
  phone.device.activation_code = "1234567890123456";
  phone.take(EvaluateRule{0});
  while (phone.asks().find("10.0.0.1") != std::string::npos) phone.answered(404);
  phone.not_found().not_found();
  phone.answered(503);
  CHECK(phone.asks() == "https://codes.example.net:443/activate");
  phone.answered(200, provider);
  CHECK(phone.event<RuleSucceeded>());
  CHECK(phone.customization() == "Aborted");
}

TEST_CASE("without a service to ask the first failure stays one", "[R-BOOT-04]") {
  Factory phone;
  phone.option(66, "10.0.0.1").take(EvaluateRule{0});
  while (phone.find<Fetch>() != nullptr) phone.answered(404);
  CHECK(phone.failure() == Errc::file_not_found);
  CHECK(phone.customization() == "Open");
}

TEST_CASE("a place that cannot be asked is what the rule fails with", "[R-BOOT-04]") {
  Factory phone;
  SECTION("a service's URL is none") {
    phone.services({"ftp://redirect.example.net", ""}).take(EvaluateRule{0});
    CHECK(phone.failure() == Errc::unsupported_scheme);
  }
  SECTION("the domain is not among those that the phone may turn to") {
    phone.set("Restricted_Access_Domains", "example.com");
    phone.option(15, "example.net").take(EvaluateRule{0});
    CHECK(phone.failure() == Errc::server_restricted);
  }
}

TEST_CASE("whether the redirect service is asked behind a DHCP server is a knob", "[R-BOOT-05]") {
  Factory phone;
  phone.knob("redirect_service=without_dhcp");
  phone.option(66, "10.0.0.1");
  phone.services({"https://redirect.example.net", ""}).take(EvaluateRule{0});
  while (phone.find<Fetch>() != nullptr) phone.answered(404);
  CHECK(phone.failure() == Errc::file_not_found);
}

TEST_CASE("who has a rule of his own looks nowhere else", "[R-BOOT-04]") {
  auto phone = test::bench("http://h.example.net/a.xml");
  phone.device.services = std::make_shared<const Services>(both);
  phone.device.lease = {{15, "example.net"}};
  phone.take(EvaluateRule{0}).answered(404);
  CHECK(phone.failure() == Errc::file_not_found);
}

}  // namespace first_boot_test
