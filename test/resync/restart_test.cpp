#include "resync/restart.hpp"

#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace restart_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;
constexpr auto periodic = PassKind::periodic;
constexpr auto retry = PassKind::error_retry;

Script booted(profile::Generation generation = profile::Generation::mpp12) {
  Script phone(generation);
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  return phone;
}

// The same with an Upgrade_Rule.
Script upgrading() {
  auto phone = booted();
  phone.set("Upgrade_Rule", "http://192.0.2.1/sip88xx.12-0-2MPP0001-116.loads");
  return phone;
}

profile::ParameterId id(const char* name) {
  return *profile::find_parameter(name);
}

}  // namespace

TEST_CASE("a pass that changed what takes a restart is followed by one, without a boot pass",
          "[R-RESYNC-46][R-RESYNC-47][R-RESYNC-48]") {
  booted()
      .rule_succeeds_and_needs_restart()
      .pass_succeeds()
      .restarted_because(Reason::restart_for_parameters)
      .boots_at(60s, Reason::restart_for_parameters)
      .saw_gate(boot, Reason::restart_off_boot_pass)
      .passes_at(3660s, periodic);
}

TEST_CASE("the knob boot_pass_after_update gives that restart a boot pass", "[R-RESYNC-47]") {
  booted()
      .knob("boot_pass_after_update=yes")
      .rule_succeeds_and_needs_restart()
      .pass_succeeds()
      .boots_at(60s, Reason::restart_for_parameters)
      .passes_at(60s, boot);
}

TEST_CASE("a failed pass restarts nothing, and the success after it does", "[R-RESYNC-46]") {
  booted()
      .rule_succeeds_and_needs_restart()
      .rule_fails()
      .nothing_started()
      .passes_at(60s, retry)
      .pass_succeeds()
      .restarted_because(Reason::restart_for_parameters);
}

TEST_CASE("values that a pass changes there and back restart nothing", "[R-RESYNC-46]") {
  constexpr auto* factory = "1";
  auto phone = booted();
  phone.rule_succeeds_and_needs_restart();
  phone.set("VLAN_ID", factory).pass_succeeds().ended_with_success().passes_at(3600s, periodic);
  auto knob = booted();
  knob.knob("restart_compares=each_file").rule_succeeds_and_needs_restart();
  knob.set("VLAN_ID", factory).pass_succeeds().restarted_because(Reason::restart_for_parameters);
}

TEST_CASE("what a failed pass changed and the next one changes back restarts nothing",
          "[R-RESYNC-46]") {
  booted()
      .rule_succeeds_and_needs_restart()
      .rule_fails()
      .passes_at(60s, retry)
      .set("VLAN_ID", "1")  // the factory's
      .pass_succeeds()
      .ended_with_success()
      .passes_at(3660s, periodic);
}

TEST_CASE("the first change made at a phone that has come up starts no upgrade", "[R-RESYNC-50]") {
  for (const auto* boots : {"Yes", "No"}) {
    auto phone = Script();
    phone.set("Resync_Random_Delay", "0").set("Resync_On_Reset", boots);
    phone.set("Upgrade_Rule", "http://192.0.2.1/sip88xx.12-0-2MPP0001-116.loads").powered_on();
    if (std::string_view(boots) == "No") {
      phone.set("GPP_A", "x").parameters_changed().nothing_started().quiet_forever();
      phone.set("Upgrade_Rule", "http://192.0.2.1/other.loads").parameters_changed();
      phone.asked_for_upgrade();
    } else {
      phone.passes_at(0s, boot).pass_succeeds().asked_for_upgrade().upgrade_skipped();
      phone.set("GPP_A", "x").parameters_changed().nothing_started();
    }
  }
}

TEST_CASE("only parameters of network, VLAN, web server and ACS take a restart", "[R-RESYNC-45]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  const std::vector harmless{id("Proxy_1_"), id("Profile_Rule")};
  const std::vector network{id("Proxy_1_"), id("VLAN_ID")};
  CHECK_FALSE(resync::needs_restart({}, personality));
  CHECK_FALSE(resync::needs_restart(harmless, personality));
  CHECK(resync::needs_restart(network, personality));
  REQUIRE(resync::set_knob(personality, "restart_on_change=never"));
  CHECK_FALSE(resync::needs_restart(network, personality));
  REQUIRE(resync::set_knob(personality, "restart_on_change=any"));
  CHECK(resync::needs_restart(harmless, personality));
  CHECK_FALSE(resync::needs_restart({}, personality));
}

TEST_CASE("a restart that was asked for is a boot like any other", "[R-RESYNC-49]") {
  booted()
      .pass_succeeds()
      .at(100s)
      .restart_requested()
      .restarted_because(Reason::restart_requested)
      .boots_at(160s, Reason::restart_requested)
      .passes_at(160s, boot);
}

TEST_CASE("a restart waits for the end of the call and of the pass", "[R-RESYNC-49]") {
  booted().restart_requested().nothing_started().pass_succeeds().restarted_because(
      Reason::restart_requested);
  booted()
      .pass_succeeds()
      .at(10s)
      .call_started()
      .restart_requested()
      .nothing_started()
      .at(50s)
      .call_ended()
      .restarted_because(Reason::restart_requested);
}

TEST_CASE("a phone that restarts takes no notice of anything", "[R-RESYNC-02]") {
  booted()
      .pass_succeeds()
      .at(100s)
      .restart_requested()
      .call_started()
      .resync_requested()
      .nothing_started()
      .restart_requested()
      .nothing_started()
      .boots_at(160s, Reason::restart_requested);
}

TEST_CASE("the knob restart_duration is how long a restart takes", "[R-RESYNC-49]") {
  booted()
      .knob("restart_duration=90s")
      .pass_succeeds()
      .restart_requested()
      .boots_at(90s, Reason::restart_requested);
}

TEST_CASE("Upgrade_Rule is looked at behind a pass that succeeded", "[R-RESYNC-50]") {
  upgrading().pass_succeeds().asked_for_upgrade().upgrade_skipped().passes_at(3600s, periodic);
  upgrading().rule_fails().nothing_started();
  booted().pass_succeeds().nothing_started();
}

TEST_CASE("an upgrade leads to a restart and to a boot pass", "[R-RESYNC-52][R-RESYNC-54]") {
  upgrading()
      .pass_succeeds()
      .at(20s)
      .upgrade_succeeded()
      .restarted_because(Reason::restart_for_upgrade)
      .boots_at(80s, Reason::restart_for_upgrade)
      .passes_at(80s, boot);
}

TEST_CASE("a phone with that defect starts twice behind an upgrade, with a boot pass each time",
          "[R-RESYNC-64]") {
  upgrading()
      .knob("starts_after_upgrade=twice")
      .pass_succeeds()
      .at(20s)
      .upgrade_succeeded()
      .boots_at(80s, Reason::restart_for_upgrade)
      .passes_at(80s, boot)
      .pass_succeeds()
      .restarted_because(Reason::second_restart)
      .boots_at(140s, Reason::second_restart)
      .passes_at(140s, boot);
}

TEST_CASE("with Resync_After_Upgrade_Attempt off no boot pass follows an upgrade",
          "[R-RESYNC-54][R-RESYNC-48]") {
  upgrading()
      .set("Resync_After_Upgrade_Attempt", "No")
      .pass_succeeds()
      .at(20s)
      .upgrade_succeeded()
      .boots_at(80s, Reason::restart_for_upgrade)
      .saw_gate(boot, Reason::resync_after_upgrade_off)
      .passes_at(3680s, periodic);
}

TEST_CASE("a failed upgrade is tried again along its own list, and a pass follows at once",
          "[R-RESYNC-53][R-RESYNC-54]") {
  auto phone = upgrading();
  phone.set("Upgrade_Error_Retry_Delay", "100,200").pass_succeeds().at(10s).upgrade_fails();
  phone.started_because(Reason::upgrade_attempted).pass_succeeds().nothing_started();
  phone.asks_for_upgrade_at(110s);
  CHECK(resync::timers_of(phone.phone(), resync::Time{110s}).upgst == 2);
  CHECK(resync::timers_of(phone.phone(), resync::Time{110s}).upgtmr == 100);
  phone.set("Resync_After_Upgrade_Attempt", "No").upgrade_fails().asks_for_upgrade_at(310s);
}

TEST_CASE("a changed Upgrade_Rule forgets the failures of the old one", "[R-RESYNC-50]") {
  upgrading()
      .set("Resync_After_Upgrade_Attempt", "No")
      .pass_succeeds()
      .upgrade_fails()
      .at(10s)
      .set("Upgrade_Rule", "http://192.0.2.1/sip88xx.12-0-3MPP0001-119.loads")
      .parameters_changed()
      .asked_for_upgrade();
}

TEST_CASE("Upgrade_Enable off holds upgrades and no resync", "[R-RESYNC-51]") {
  upgrading()
      .set("Upgrade_Enable", "No")
      .pass_succeeds()
      .held_upgrade(Reason::upgrade_disabled)
      .passes_at(3600s, periodic);
}

TEST_CASE("Provision_Enable off holds no upgrade", "[R-RESYNC-51]") {
  upgrading()
      .set("Upgrade_Error_Retry_Delay", "100")
      .set("Resync_After_Upgrade_Attempt", "No")
      .pass_succeeds()
      .upgrade_fails()
      .set("Provision_Enable", "No")
      .asks_for_upgrade_at(100s);
}

TEST_CASE("an upgrade waits for a free line", "[R-RESYNC-52]") {
  upgrading()
      .call_started()
      .pass_succeeds()
      .nothing_started()
      .at(50s)
      .call_ended()
      .asked_for_upgrade();
}

TEST_CASE("upgrade and resync do not overlap", "[R-RESYNC-52]") {
  auto phone = upgrading();
  phone.set("Resync_Periodic", "30").pass_succeeds().asked_for_upgrade().quiet_forever();
  phone.at(5s).resync_requested().saw_deferral(Reason::upgrade_in_progress);
  phone.at(40s).upgrade_skipped().started_because(Reason::explicit_request);
}

TEST_CASE("a periodic pass that came due during an upgrade is made after it", "[R-RESYNC-52]") {
  auto phone = upgrading();
  phone.set("Resync_Periodic", "30").pass_succeeds().asked_for_upgrade();
  phone.at(40s).upgrade_skipped().passes_late(30s, periodic);
}

TEST_CASE("what needs a phone that is up is missed by one that is not", "[R-RESYNC-02]") {
  using namespace resync;
  Phone up, down, restarting;
  up.state = State::idle;
  restarting.state = State::restarting;
  for (const Event& event : {Event{ResyncRequested{}}, Event{RestartRequested{}},
                             Event{CallStarted{}}, Event{CallEnded{}}, Event{RegistrationLost{0}},
                             Event{RegistrationRestored{0}}, Event{ClockSet{}}, Event{ClockMoved{}},
                             Event{ParametersChanged{}}, Event{ReportRequested{}}}) {
    CHECK_FALSE(missed(event, up));
    CHECK(missed(event, down) == Missed::off);
    CHECK(missed(event, restarting) == Missed::restarting);
  }
  for (const Event& event : {Event{PoweredOn{}}, Event{PoweredOff{}}, Event{DeadlineReached{}}})
    CHECK_FALSE(missed(event, down));
}

TEST_CASE("no timer is told of that the restart in the same step takes away",
          "[R-RESYNC-46][R-RESYNC-49]") {
  auto changed = booted();
  changed.rule_succeeds_and_needs_restart().pass_succeeds();
  changed.restarted_because(Reason::restart_for_parameters).told_of_no_timer();
  auto asked = booted();
  asked.restart_requested().rule_fails();
  asked.restarted_because(Reason::restart_requested).told_of_no_timer();
}

}  // namespace restart_test
