#include "resync/saved_state.hpp"
#include "resync/upgrade.hpp"
#include "test/resync/retrieval_bench.hpp"

namespace brought_test {

// What retrievals make of a rule that came with a request, and of a phone that forgets.
using namespace provphone;
using namespace provphone::resync;
using test::bench;
using test::file;

TEST_CASE("a rule that came with a request is evaluated once and kept nowhere", "[R-RESYNC-42]") {
  auto phone = bench("http://h/own.xml");
  phone.depth = Depth::everything;
  phone.device.one_time_rule = "[--key k] http://h/once-$MA.xml";
  phone.take(EvaluateRule{one_time_slot});
  CHECK(phone.asks() == "http://h:80/once-000e08012345.xml");
  CHECK(phone.retrievals.in(Lane::work)->facts.text == "[--key ********] http://h/once-$MA.xml");
  // The next one may come while this one's file is on its way.
  CHECK(phone.device.one_time_rule.empty());
  phone.device.one_time_rule = "[--nonsense]";
  phone.answered(200, "no profile");
  CHECK(phone.failure() == Errc::not_encrypted);
  phone.take(EvaluateRule{one_time_slot});
  CHECK(phone.failure().has_value());
  CHECK(phone.retrievals.failure.rule.text == "[--nonsense]");
  CHECK(phone.device.one_time_rule.empty());
  CHECK(phone.value("Profile_Rule") == "http://h/own.xml");
}

TEST_CASE("an upgrade by a rule that came with a request leaves Upgrade_Rule alone",
          "[R-UPGRADE-10]") {
  auto phone = bench("http://h/a.xml");
  phone.set("Upgrade_Rule", "http://h/fw/own.loads");
  phone.device.one_time_upgrade = "http://h/fw/once.loads";
  phone.take(EvaluateUpgrade{false, true});
  CHECK(phone.asks() == "http://h:80/fw/once.loads");
  CHECK(phone.find<UpgradeStarted>()->rule == one_time_upgrade_name);
  CHECK(phone.device.one_time_upgrade.empty());
  phone.answered(404);
  CHECK(phone.event<UpgradeFailed>() != nullptr);
  CHECK(phone.find<UpgradeEnded>()->rule == one_time_upgrade_name);
  CHECK_FALSE(phone.device.tried_upgrade);
  CHECK(phone.device.state.upgerr == "File not found");
  // The same one may be asked for again.
  phone.device.one_time_upgrade = "http://h/fw/once.loads";
  phone.take(EvaluateUpgrade{false, true}).answered(200, "\1part.sbn").answered(200, "\1");
  CHECK(phone.event<UpgradeSucceeded>() != nullptr);
  CHECK(phone.device.identity.firmware == "once");
  CHECK(phone.take(EvaluateUpgrade{false}).asks() == "http://h:80/fw/own.loads");
}

TEST_CASE("a factory reset leaves the phone, its load and its lease", "[R-RESYNC-59]") {
  auto phone = bench("http://h/a.xml");
  phone.set("Report_Rule", "http://h/up.xml");
  phone.device.lease = {{66, "192.0.2.9"}};
  phone.device.profile_account = Login{"anna", "entered"};
  phone.device.identity.firmware = "newer";
  phone.take(EvaluateRule{0}).answered(200, file);
  CHECK(phone.value("GPP_A") == "1");
  phone.device.one_time_rule = phone.device.one_time_upgrade = "http://h/once";
  phone.device.tried_upgrade.emplace();
  phone.device.custom_ca.fetched_print = 7;
  phone.take(SendReports{Reason::report_requested});
  CHECK(phone.asks() == "http://h:80/up.xml");
  const Effect restarting = Restarting{Reason::factory_reset};
  REQUIRE(input_of(restarting));
  CHECK_FALSE(input_of(Effect{Restarting{Reason::restart_requested}}));
  phone.take(*input_of(restarting));
  REQUIRE(phone.find<Cancel>() != nullptr);
  CHECK(phone.find<Cancel>()->lane == Lane::reports);
  CHECK_FALSE(phone.retrievals.is_busy());
  const auto& device = phone.device;
  CHECK(phone.value("GPP_A").empty());
  CHECK(phone.value("Profile_Rule") == "/$PSN.xml");
  CHECK_FALSE(device.applied[0]);
  CHECK(device.profile_account == Login{});  // it had one, and has lost it
  CHECK_FALSE(device.tried_upgrade);
  CHECK(device.one_time_rule.empty());
  CHECK(device.one_time_upgrade.empty());
  CHECK(device.custom_ca.fetched_print == 0);
  CHECK(device.state.serv.empty());
  CHECK_FALSE(device.settings->has_report_rule);
  CHECK(device.identity.firmware == "newer");
  CHECK(device.lease.size() == 1);
}

TEST_CASE("power lost while a file is on its way, or while a rule waits, leaves nothing of it",
          "[R-RESYNC-42][R-RESYNC-02]") {
  auto phone = bench("http://h/a.xml");
  const auto before = phone.device.parameters;
  phone.take(EvaluateRule{0}).take(Resolved{Lane::work, "192.0.2.1"});
  phone.device.one_time_rule = "http://h/once.xml";
  phone.take(CutOff{});
  CHECK(phone.find<Cancel>() != nullptr);
  CHECK_FALSE(phone.retrievals.is_busy());
  CHECK(phone.device.parameters == before);
  CHECK(phone.device.one_time_rule.empty());
  CHECK_FALSE(phone.device.applied[0]);
}

TEST_CASE(
    "what a server grants counts from the next rule on, and is kept at rest and without power",
    "[R-DHCP-10]") {
  auto phone = bench("/a.xml");
  phone.device.lease = {{66, "http://192.0.2.9"}, {2, "3600"}};
  CHECK(phone.take(EvaluateRule{0}).asks() == "http://192.0.2.9:80/a.xml");
  phone.take(CutOff{});
  auto changed = take_lease(phone.device, {std::vector<DhcpOption>{{66, "http://192.0.2.8"}}, {}});
  CHECK_FALSE(changed.has_new_address);
  CHECK(changed.has_new_time);
  changed = take_lease(phone.device, {{}, "192.0.2.77"});
  CHECK(changed.has_new_address);
  CHECK_FALSE(changed.has_new_time);
  CHECK_FALSE(take_lease(phone.device, {{}, "192.0.2.77"}).has_new_address);
  forget_memory(phone.device);
  forget_settings(phone.device);
  phone.set("Profile_Rule", "/b.xml");
  auto resting = phone.device;
  const auto saved = saved_state_of(resting, phone.device.identity.firmware, {});
  REQUIRE(saved);
  // As the scenario describes it, which knows nothing of what came later.
  phone.device.lease = {{66, "http://192.0.2.9"}, {2, "3600"}};
  phone.device.identity.ip = "192.0.2.1";
  restore(phone.device, *saved);
  CHECK(phone.device.identity.ip == "192.0.2.77");
  CHECK(phone.take(EvaluateRule{0}).asks() == "http://192.0.2.8:80/b.xml");
}

}  // namespace brought_test
