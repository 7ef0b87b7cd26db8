#include "resync/upgrade.hpp"

#include <catch2/catch.hpp>

namespace upgrade_test {
namespace {

using namespace provphone;
using profile::Generation;
using resync::Reason;

struct Upgrader {
  resync::Identity identity;
  resync::Personality personality;
  profile::ParameterSet parameters;
  resync::MacroState state;

  explicit Upgrader(Generation generation = Generation::mpp12)
      : personality(resync::personality_of(generation)),
        parameters(profile::factory_values(generation)) {}
  Upgrader& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  Result<resync::UpgradePlan> plan(std::string_view rule,
                                   const std::optional<resync::UpgradeTarget>& last = {}) const {
    return resync::plan_upgrade(rule, {identity, personality, parameters, state}, last);
  }
  // The URL to fetch, why there is none, or the error's code.
  std::string operator()(std::string_view rule,
                         const std::optional<resync::UpgradeTarget>& last = {}) const {
    const auto planned = plan(rule, last);
    if (!planned) return std::string(name(planned.error().code));
    return planned->fetch ? format(planned->fetch->target.url)
                          : std::string(name(planned->why_not));
  }
};

}  // namespace

TEST_CASE("an upgrade rule leads to a load or says why not", "[R-UPGRADE-01]") {
  Upgrader phone;
  phone.identity.firmware = "sip78xx.11-0-1MPP-376";
  struct Case {
    const char* rule;
    const char* outcome;
  };
  for (const auto& [rule, outcome] :
       {Case{"($SWVER ge sip78xx.11-0-0MPP-7)? http://s/sip78xx.11-2-1MES-3.loads| "
             "http://s/sip78xx.11-0-0MPP-7.loads",
             "http://s:80/sip78xx.11-2-1MES-3.loads"},
        {"($SWVER lt sip78xx.11-0-0MPP-7)? http://s/a.loads | tftp://s/$PN/b.loads",
         "tftp://s:69/CP-8841-3PCC/b.loads"},
        {"/fw.loads", "server_missing"},
        {"", "rule_empty"},
        {"  ", "rule_empty"},
        {"# http://s/a.loads", "rule_empty"},
        {"(1 eq 2)? http://s/a.loads", "no_guard_held"},
        {"(a=\"x\";)!", "no_url"},
        {"(1 eq)? http://s/a.loads", "condition_syntax"},
        {"ftp://s/a.loads", "unsupported_scheme"}}) {
    INFO(rule);
    CHECK(phone(rule) == outcome);
  }
  phone.set("Upgrade_Enable", "No");
  CHECK(phone("http://s/a.loads") == "upgrade_disabled");
}

TEST_CASE("the load that runs is not fetched again, any other is", "[R-UPGRADE-02]") {
  Upgrader phone;  // runs sip88xx.11-3-2MPP0001-609
  CHECK(phone("http://s/sip88xx.11-3-2MPP0001-609.loads") == "already_running");
  CHECK(phone("http://s/sip88xx.11.3.2MPP0001.609.loads") == "already_running");
  CHECK(phone("http://s/sip88xx.11-3-1MPP0001-609.loads") ==
        "http://s:80/sip88xx.11-3-1MPP0001-609.loads");
  CHECK(phone("http://s/sip78xx.14-1-1MN-366.loads") == "http://s:80/sip78xx.14-1-1MN-366.loads");
  CHECK(phone("http://s/latest") == "http://s:80/latest");
  phone.identity.firmware += ".loads";
  CHECK(phone("http://s/sip88xx.11-3-2MPP0001-609.loads") == "already_running");
  Upgrader legacy(Generation::spa);
  legacy.identity.firmware = "spa508-7-5-5";
  CHECK(legacy("tftp://s/spa508-7-5-5.bin") == "already_running");
  CHECK(legacy("tftp://s/spa508-7-5-6.bin") == "tftp://s:69/spa508-7-5-6.bin");
  // The version is what runs, whatever the file is called.
  legacy.identity.firmware = "7.5.5";
  CHECK(legacy("tftp://s/spa50x-30x-7-5-5.bin") == "already_running");
  CHECK(legacy("tftp://s/spa50x-30x-7-5-5a.bin") == "tftp://s:69/spa50x-30x-7-5-5a.bin");
}

TEST_CASE("a rule is tried once, until its text or where it leads has changed", "[R-UPGRADE-03]") {
  Upgrader phone;
  const std::string rule = "http://s/$A/new.loads";
  phone.set("GPP_A", "x");
  const auto last = phone.plan(rule)->fetch->target;
  CHECK(phone(rule, last) == "already_tried");
  CHECK(phone(rule) == "http://s:80/x/new.loads");  // a retry
  CHECK(phone("http://s:80/$A/new.loads", last) == "http://s:80/x/new.loads");
  CHECK(phone("https://s/$A/new.loads", last) == "https://s:443/x/new.loads");
  phone.set("GPP_A", "y");
  CHECK(phone(rule, last) == "http://s:80/y/new.loads");
}

TEST_CASE("Downgrade_Rev_Limit refuses older loads", "[R-UPGRADE-04]") {
  Upgrader phone;
  phone.set("Downgrade_Rev_Limit", "sip88xx.11-3-1MPP-110");
  CHECK(phone("http://s/sip88xx.11-2-3MPP-256.loads") == "downgrade_refused");
  CHECK(phone("http://s/sip88xx.11-3-1MPP-110.loads") == "http://s:80/sip88xx.11-3-1MPP-110.loads");
  CHECK(phone("http://s/sip88xx.12-0-1MPP-1.loads") == "http://s:80/sip88xx.12-0-1MPP-1.loads");
  CHECK(phone("http://s/latest.loads") == "http://s:80/latest.loads");
  Upgrader legacy(Generation::spa);
  legacy.set("Downgrade_Rev_Limit", "7.5.2");
  CHECK(legacy("tftp://s/7.4.8.bin") == "downgrade_refused");
  CHECK(legacy("tftp://s/7.5.5.bin") == "tftp://s:69/7.5.5.bin");
}

TEST_CASE("a load is fetched with the rule's credentials", "[R-UPGRADE-01][R-RULE-18]") {
  Upgrader phone;
  phone.set("GPP_SA", "user").set("GPP_SB", "hush");
  const auto fetch = phone.plan("[--uid $SA --pwd $SB] https://s/new.loads")->fetch;
  REQUIRE(fetch);
  CHECK(fetch->login->user == "user");
  CHECK(fetch->login->password == "hush");
  CHECK(fetch->load == "new");
  CHECK_FALSE(phone.plan("https://s/new.loads")->fetch->login);
  REQUIRE(resync::set_knob(phone.personality, "upgrade_rule_options=refused"));
  const auto refused = phone.plan("[--pwd $SB] https://s/new.loads");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unknown_option);
  CHECK(refused.error().detail.find("hush") == std::string::npos);
}

TEST_CASE("no load is fetched from a server outside Restricted_Access_Domains", "[R-RULE-46]") {
  Upgrader phone;
  phone.set("Restricted_Access_Domains", "example.net");
  CHECK(phone("http://s/new.loads") == "server_restricted");
  CHECK(phone("http://s.example.net/new.loads") == "http://s.example.net:80/new.loads");
}

}  // namespace upgrade_test
