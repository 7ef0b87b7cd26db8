#include "resync/load.hpp"
#include "test/resync/retrieval_bench.hpp"
#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace licence_test {
namespace {

using namespace provphone;
using namespace provphone::resync;
using namespace std::chrono_literals;

// An MPP phone whose Upgrade_Rule leads to enterprise firmware.
struct Migrating : test::Bench {
  Migrating() {
    set("Upgrade_Rule", "http://h.example.net/fw/sip88xx.14-1-1MN-366.loads");
    set("Trans_Auth_Rule", "http://h.example.net/lic/$MAU.lic");
  }
  std::optional<Errc> failure() const {
    const auto* failed = event<UpgradeFailed>();
    return failed != nullptr ? std::optional(failed->error) : std::nullopt;
  }
};

}  // namespace

TEST_CASE("enterprise loads are known by their names", "[R-UPGRADE-13]") {
  for (const auto* load :
       {"sip78xx.14-1-1MN-366", "sip88xx.14-1-1MN-366", "sip88xx.12-8-1-0001-455",
        "sip8845_65.14-0-1-0202-190", "sip88xx.12.8.1.0001.455"}) {
    INFO(load);
    CHECK(is_enterprise_load(load));
  }
  for (const auto* load :
       {"sip88xx.11-3-2MPP0001-609", "sip68xx.11-3-7MPP0001.272", "sip88xx.12.0.1MPP0001.245",
        "sip7832.11-3-2MPP0001-BN", "sip78xx.11-2-3MSR1-1", "sip78xx.11-2-1MES-3",
        "sip88xx.11-0-1MPQ-1", "spa50x-30x-7-5-2b", "ata192.11-1-0MSR3-9", "a.loads", "sip", ""}) {
    INFO(load);
    CHECK_FALSE(is_enterprise_load(load));
  }
}

TEST_CASE("enterprise firmware is loaded once its licence is there",
          "[R-UPGRADE-13][R-UPGRADE-14]") {
  Migrating phone;
  phone.take(EvaluateUpgrade{false});
  CHECK(phone.asks() == "http://h.example.net:80/lic/000E08012345.lic");
  CHECK(phone.find<Fetch>()->keep == Fetch::Keep::body);
  // The macros are about the load.
  CHECK(phone.device.state.path.empty());
  phone.answered(200, "a licence");
  CHECK(phone.asks() == "http://h.example.net:80/fw/sip88xx.14-1-1MN-366.loads");
  phone.answered(200, "\1kernel.sbn");
  phone.answered(200, "\1\2");
  REQUIRE(phone.event<UpgradeSucceeded>());
  CHECK(phone.event<UpgradeSucceeded>()->is_migration);
  CHECK(phone.device.identity.firmware == "sip88xx.14-1-1MN-366");
}

TEST_CASE("without a licence nothing is loaded", "[R-UPGRADE-13]") {
  Migrating phone;
  const auto* why = GENERATE("no rule", "no rule that can be read", "no server", "another type",
                             "not there", "empty", "a page", "no answer");
  INFO(why);
  const std::string_view is = why;
  if (is == "no rule") phone.set("Trans_Auth_Rule", "");
  if (is == "no rule that can be read") phone.set("Trans_Auth_Rule", "[--x] /y");
  if (is == "no server") phone.set("Trans_Auth_Rule", "/$MAU.lic");
  if (is == "another type") phone.set("Trans_Auth_Type", "WxC");
  phone.take(EvaluateUpgrade{false});
  if (is == "not there") phone.answered(404);
  if (is == "empty") phone.answered(200);
  if (is == "a page") phone.answered(200, "<html>no</html>");
  if (is == "no answer") phone.test::Bench::failed(Errc::connection_refused);
  CHECK(phone.failure() == Errc::not_licensed);
  CHECK(phone.find<UpgradeEnded>()->rule == "Upgrade_Rule");
  const bool was_asked = is == "not there" || is == "empty" || is == "a page" || is == "no answer";
  CHECK(phone.find<UpgradeEnded>()->url ==
        (was_asked ? "http://h.example.net:80/lic/000E08012345.lic" : ""));
  CHECK(phone.device.identity.firmware == "sip88xx.11-3-2MPP0001-609");
  CHECK_FALSE(phone.retrievals.is_busy());
  // It was not tried, so it is not passed over the next time (R-UPGRADE-03).
  CHECK_FALSE(phone.device.tried_upgrade);
}

TEST_CASE("a licence is asked for as any file: redirects, a PAC file and roots come first",
          "[R-UPGRADE-13]") {
  Migrating phone;
  phone.set("Trans_Auth_Rule", "https://h.example.net/a.lic");
  phone.set("Custom_CA_Rule", "http://h.example.net/roots.pem");
  phone.take(EvaluateUpgrade{false});
  CHECK(phone.asks() == "http://h.example.net:80/roots.pem");
  phone.answered(200, "PEM")
      .take(RootsRead{Lane::work, std::make_shared<const Roots>(Roots{"pem", "A root", 1})});
  CHECK(phone.asks() == "https://h.example.net:443/a.lic");
  phone.answered(302, {}, "https://l.example.net/b.lic");
  CHECK(phone.asks() == "https://l.example.net:443/b.lic");
  phone.answered(200, "a licence");
  CHECK(phone.asks() == "http://h.example.net:80/fw/sip88xx.14-1-1MN-366.loads");
}

TEST_CASE("with the knob no licence is asked for, and it is no migration", "[R-UPGRADE-13]") {
  Migrating phone;
  phone.knob("migration_licence=ignored").take(EvaluateUpgrade{false});
  CHECK(phone.asks() == "http://h.example.net:80/fw/sip88xx.14-1-1MN-366.loads");
  phone.answered(200, "\1kernel.sbn").answered(200, "\1\2");
  CHECK_FALSE(phone.event<UpgradeSucceeded>()->is_migration);
}

TEST_CASE("a missing licence is asked for again after a delay of its own", "[R-UPGRADE-13]") {
  test::Script phone;
  phone.set("Upgrade_Rule", "http://192.0.2.1/sip88xx.14-1-1MN-366.loads");
  phone.set("Resync_Random_Delay", "0").set("Resync_After_Upgrade_Attempt", "No");
  phone.set("Resync_Periodic", "0");
  phone.set("Transition_Authorization_Error_Retry_Delay", "120");
  phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  phone.asked_for_upgrade().upgrade_fails(Errc::not_licensed).asks_for_upgrade_at(120s);
  // Of another failure the other list counts, from its second element on.
  phone.set("Upgrade_Error_Retry_Delay", "100,200").upgrade_fails().asks_for_upgrade_at(320s);
}

TEST_CASE("a phone that has migrated does nothing any more", "[R-UPGRADE-14]") {
  test::Script phone;
  phone.set("Upgrade_Rule", "http://192.0.2.1/sip88xx.14-1-1MN-366.loads");
  phone.set("Resync_Random_Delay", "0");
  phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  phone.asked_for_upgrade().restart_requested().upgrade_migrates().quiet_forever();
  phone.powered_off().powered_on().resync_requested().factory_reset_requested();
  phone.nothing_started().quiet_forever();
  CHECK(phone.phone().state == State::migrated);
  CHECK(missed(PoweredOn{}, phone.phone()) == Missed::migrated);
  CHECK_FALSE(is_reachable(phone.phone()));
}

}  // namespace licence_test
