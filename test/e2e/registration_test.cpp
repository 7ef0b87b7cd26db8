#include "test/e2e/kamailio.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/sip_callers.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>

// Phones that register at kamailio, and what comes through it.
namespace provphone::e2e::registration_test {
namespace {

// The profile of an extension at a registrar.
std::string extension(const std::string& user, const std::string& password,
                      const std::string& proxy, const std::string& more = {}) {
  return fmt::format(
      "<flat-profile><User_ID_1_>{}</User_ID_1_><Password_1_>{}</Password_1_>"
      "<Proxy_1_>{}</Proxy_1_><Resync_Random_Delay>0</Resync_Random_Delay>{}</flat-profile>",
      user, password, proxy, more);
}

// A registrar, a provisioning server, and a phone that has nothing but its rule.
struct Office {
  Workspace workspace;
  Kamailio kamailio;
  Nginx nginx{make_root(workspace), workspace.path("www")};

  explicit Office(int longest = 600) : kamailio(workspace, longest) {}
  static Workspace& make_root(Workspace& workspace) {
    workspace.write("www/placeholder", "");
    return workspace;
  }
  void provide(const std::string& profile) const { workspace.write("www/100.xml", profile); }
  Flags phone(const Flags& more = {}) const {
    return with({"--rule", nginx.url("/100.xml?$REGTMR1"), "--sip", "0", "--mac", "000e08abcdef"},
                more);
  }
  // What kamailio says to a NOTIFY for that user once the phone, or nobody, has answered.
  std::string notify(const Caller& caller, const std::string& user, int number) const {
    caller.send(user, kamailio.port(), number, "");
    for (auto said = caller.answer(patience); said; said = caller.answer(patience)) {
      if (!said->starts_with("SIP/2.0 1")) return *said;
    }
    FAIL("nobody answers");
    return {};
  }
};

// Asks until it is answered so; each time is another request.
bool eventually_answered(const Office& office, const std::string& user, const std::string& status) {
  const Caller caller;
  static int number = 100;
  return eventually(patience, [&] {
    return office.notify(caller, user, ++number).starts_with("SIP/2.0 " + status);
  });
}

void check_secrets(const PhoneRun& run) {
  CHECK_FALSE(contains(run.err, sip_secret));
  for (const auto& line : run.trace) {
    CHECK_FALSE(contains(line.dump(), sip_secret));
    CHECK_FALSE(contains(line.dump(), "response="));
  }
}

PhoneRun end(RunningPhone& phone) {
  phone.interrupt();
  return phone.finish();
}

}  // namespace

TEST_CASE("a phone registers with its profile, and a NOTIFY through the registrar reaches it",
          "[R-SIP-08][R-SIP-09]") {
  const std::string transport = GENERATE("UDP", "TCP");
  INFO(transport);
  Office office;
  office.provide(extension("100", sip_secret, "pbx.example.net:" + office.kamailio.port(),
                           "<SIP_Transport_1_>" + transport + "</SIP_Transport_1_>"));
  RunningPhone phone(office.workspace, office.phone({"--resolve", "pbx.example.net=127.0.0.1"}));
  // It asks whoever comes for the login, through the registrar too.
  REQUIRE(eventually_answered(office, "100", "401"));
  REQUIRE(office.nginx.accesses(1).size() == 1);
  CHECK(asks(office.workspace, office.kamailio.port(), {{"100", "127.0.0.1"}},
             {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(eventually(patience, [&] { return office.nginx.accesses(0).size() == 2; }));
  const auto run = end(phone);
  CHECK(office.nginx.accesses(0).size() == 2);
  REQUIRE(run.events("registered").size() == 1);
  const auto registered = run.events("registered").front();
  CHECK(registered.at("line") == 1);
  CHECK(registered.at("status") == 200);
  CHECK(registered.at("url") == "sip:pbx.example.net:" + office.kamailio.port());
  CHECK(registered.at("server_address") == "127.0.0.1");
  CHECK(run.events("registration_lost").empty());
  check_secrets(run);
}

TEST_CASE("phones at one address register with a user each", "[R-SIP-08]") {
  Office office;
  const auto scenario = office.workspace.write(
      "three.yaml",
      fmt::format("phones:\n  - {{count: 3, mac: 000e08000000, set: {{Profile_Rule: \"{}\", "
                  "User_ID_1_: \"{{index+1000}}\", Password_1_: {}, Proxy_1_: \"{}\", "
                  "Auth_Resync-Reboot_1_: \"No\", Resync_Random_Delay: \"0\"}}}}\n"
                  "events: [{{at: 0s, power_on: all}}]\n",
                  office.nginx.url("/placeholder?$MA"), sip_secret, office.kamailio.address()));
  RunningPhone phones(office.workspace, {scenario.string(), "--sip", "0"});
  for (const auto* user : {"1000", "1002"}) CHECK(eventually_answered(office, user, "200"));
  CHECK(office.notify(Caller(), "1009", 1).starts_with("SIP/2.0 404"));
  const auto run = end(phones);
  CHECK(run.events("registered").size() == 3);
  check_secrets(run);
}

TEST_CASE("a phone with a wrong password is not registered", "[R-SIP-09][R-SIP-12]") {
  Office office;
  office.provide(extension("100", "wrong", office.kamailio.address(),
                           "<Retry_Reg_RSC>401</Retry_Reg_RSC><Reg_Retry_Intvl>1</Reg_Retry_Intvl>"
                           "<Resync_Periodic>1</Resync_Periodic>"));
  RunningPhone phone(office.workspace, office.phone());
  // $REGTMR1 is 0 at first, and counts from the first refusal.
  CHECK(eventually(patience, [&] {
    return !office.nginx.accesses(0).empty() &&
           !contains(office.nginx.accesses(0).back().request, "?0 ");
  }));
  CHECK(office.notify(Caller(), "100", 1).starts_with("SIP/2.0 404"));
  const auto run = end(phone);
  CHECK(run.events("registered").empty());
  REQUIRE_FALSE(run.events("registration_failed").empty());
  CHECK(run.events("registration_failed").front().at("status") == 401);
  CHECK(run.events("registration_lost").size() == 1);
}

TEST_CASE("a phone whose registrar stops counts the time until it is back",
          "[R-SIP-11][R-SIP-12]") {
  Office office(4);
  office.provide(extension("100", sip_secret, office.kamailio.address(),
                           "<SIP_Timer_F>1</SIP_Timer_F><Reg_Retry_Intvl>1</Reg_Retry_Intvl>"
                           "<Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_>"
                           "<Resync_Periodic>1</Resync_Periodic>"));
  RunningPhone phone(office.workspace, office.phone());
  REQUIRE(eventually_answered(office, "100", "200"));
  const auto asks_with = [&](const std::string& timer) {
    return contains(office.nginx.accesses(0).back().request, "?" + timer + " ");
  };
  CHECK(asks_with("0"));
  office.kamailio.stop();
  REQUIRE(eventually(patience, [&] { return !asks_with("0"); }));
  office.kamailio.start_again();
  CHECK(eventually_answered(office, "100", "200"));
  CHECK(eventually(patience, [&] { return asks_with("0"); }));
  const auto run = end(phone);
  CHECK(run.events("registered").size() == 2);
  CHECK(run.events("registration_lost").size() == 1);
  CHECK(run.events("registration_restored").size() == 1);
  REQUIRE_FALSE(run.events("registration_failed").empty());
  CHECK(run.events("registration_failed").front().at("error") == "transfer_timeout");
}

TEST_CASE("a phone that restarts takes its registration back", "[R-SIP-10]") {
  Office office;
  office.provide(extension("100", sip_secret, office.kamailio.address(),
                           "<Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_>"));
  // It stays down until nobody looks any more.
  RunningPhone phone(office.workspace, office.phone({"--knob", "restart_duration=1000s"}));
  REQUIRE(eventually_answered(office, "100", "200"));
  CHECK(asks(office.workspace, office.kamailio.port(), {{"100", "127.0.0.1"}},
             {"NOTIFY", "Event: reboot\n", 200}));
  CHECK(eventually_answered(office, "100", "404"));
  CHECK(end(phone).events("registration_lost").empty());
}

TEST_CASE("a proxy that is no target is not asked, which is said once", "[R-SIP-08]") {
  Workspace workspace;
  workspace.write("www/100.xml", extension("100", sip_secret, "192.0.2.7",
                                           "<Resync_Periodic>1</Resync_Periodic>"));
  const Nginx nginx(workspace, workspace.path("www"));
  RunningPhone phone(workspace, {"--rule", nginx.url("/100.xml"), "--sip", "0"});
  CHECK(nginx.accesses(3).size() >= 3);
  const auto run = end(phone);
  REQUIRE(run.events("registration_failed").size() == 1);
  CHECK(run.events("registration_failed").front().at("error") == "target_refused");
  CHECK(run.events("registration_lost").empty());
}

TEST_CASE("Block_Nonproxy_SIP lets nobody but the registrar in", "[R-SIP-13]") {
  Office office;
  office.provide(extension("100", sip_secret, office.kamailio.address(),
                           "<Auth_Resync-Reboot_1_>No</Auth_Resync-Reboot_1_>"
                           "<Block_Nonproxy_SIP>Yes</Block_Nonproxy_SIP>"));
  RunningPhone phone(office.workspace, office.phone());
  REQUIRE(eventually_answered(office, "100", "200"));
  const auto said = phone.err();
  const std::string mark = "sip:127.0.0.1:";
  const auto begin = said.find(mark) + mark.size();
  const auto port = said.substr(begin, said.find('\n', begin) - begin);
  const Caller stranger("127.0.0.2");
  stranger.send("100", port, 1, "");
  // What came later was answered.
  CHECK(office.notify(Caller(), "100", 1).starts_with("SIP/2.0 200"));
  CHECK_FALSE(stranger.answer(Milliseconds{1}));
  end(phone);
}

}  // namespace provphone::e2e::registration_test
