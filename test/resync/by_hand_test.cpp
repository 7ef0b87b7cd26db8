#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace by_hand_test {

// What a person changes at a phone or submits on its web page, where that takes a restart.
namespace {

using namespace provphone;
using namespace provphone::test;
using profile::Generation;
using resync::ByHand;
using resync::PassKind;
using resync::Reason;

// Up, behind a boot pass that succeeded at 0 s.
Script up(Generation generation = Generation::mpp12) {
  Script phone(generation);
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  return phone;
}

}  // namespace

TEST_CASE("a change at the phone that takes a restart restarts it, and a boot pass follows",
          "[R-RESYNC-56]") {
  auto phone = up();
  phone.set("VLAN_ID", "7").at(100s).parameters_changed(ByHand::set, true);
  phone.restarted_because(Reason::restart_for_local_change).told_of_no_timer();
  phone.boots_at(160s, Reason::restart_for_local_change).passes_at(160s, PassKind::boot);
}

TEST_CASE("a change at the phone that takes no restart restarts nothing", "[R-RESYNC-56]") {
  auto phone = up();
  phone.at(100s).parameters_changed(ByHand::set, false).nothing_started();
  phone.passes_at(3600s, PassKind::periodic);
}

TEST_CASE("behind that restart Resync_On_Reset and the knob have their say", "[R-RESYNC-56]") {
  auto phone = up();
  phone.set("Resync_On_Reset", "No").at(100s).parameters_changed(ByHand::set, true);
  phone.boots_at(160s, Reason::restart_for_local_change);
  phone.saw_gate(PassKind::boot, Reason::resync_on_reset_off).quiet_forever();

  auto other = up();
  other.knob("boot_pass_after_local_change=no").at(100s).parameters_changed(ByHand::set, true);
  other.boots_at(160s, Reason::restart_for_local_change);
  other.saw_gate(PassKind::boot, Reason::local_change_off_boot_pass);
  // R-RESYNC-48: the schedule goes on from there.
  other.passes_at(3760s, PassKind::periodic);
}

TEST_CASE("a restart for a change waits for calls, passes and upgrades", "[R-RESYNC-49]") {
  auto phone = up();
  phone.at(10s).call_started().at(20s).parameters_changed(ByHand::submitted).nothing_started();
  phone.at(30s).call_ended().restarted_because(Reason::restart_for_submit);

  Script in_pass;
  in_pass.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot);
  in_pass.parameters_changed(ByHand::set, true).nothing_started().pass_succeeds();
  in_pass.ended_with_success().restarted_because(Reason::restart_for_local_change);

  Script failing;
  failing.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot);
  failing.parameters_changed(ByHand::submitted).rule_fails();
  failing.restarted_because(Reason::restart_for_submit).told_of_no_timer();
}

TEST_CASE("Submit All Changes restarts the phone and has it resync at once", "[R-RESYNC-57]") {
  auto phone = up();
  // Neither the random delay nor Resync_On_Reset is in the way, and nothing need have changed.
  phone.set("Resync_Random_Delay", "3").set("Resync_On_Reset", "No");
  phone.at(100s).parameters_changed(ByHand::submitted);
  phone.restarted_because(Reason::restart_for_submit);
  phone.boots_at(160s, Reason::restart_for_submit).started_because(Reason::submitted);
  CHECK(phone.phone().kind == PassKind::boot);
  phone.pass_succeeds().passes_at(3760s, PassKind::periodic);
}

TEST_CASE("the pass behind Submit All Changes is gated as its kind is", "[R-RESYNC-57]") {
  struct Row {
    const char* knob;
    const char* parameter;
    const char* value;
    std::optional<Reason> gate;
  };
  const Row rows[] = {
      {"pass_after_submit=boot", "Provision_Enable", "No", Reason::provisioning_disabled},
      {"pass_after_submit=boot", "Resync_Trigger_1", "1 eq 2", Reason::trigger_false},
      {"pass_after_submit=explicit", "Provision_Enable", "No", Reason::provisioning_disabled},
      {"pass_after_submit=explicit", "Resync_Trigger_1", "1 eq 2", std::nullopt},
      {"pass_after_submit=as_restart", "Resync_On_Reset", "No", Reason::resync_on_reset_off},
  };
  for (const auto& row : rows) {
    INFO(row.knob << ", " << row.parameter);
    const bool is_asked = std::string_view(row.knob).ends_with("explicit");
    const auto kind = is_asked ? PassKind::explicit_request : PassKind::boot;
    auto phone = up();
    phone.knob(row.knob).at(100s).set(row.parameter, row.value);
    phone.parameters_changed(ByHand::submitted).boots_at(160s, Reason::restart_for_submit);
    if (!row.gate) {
      phone.started_because(Reason::submitted);
      CHECK(phone.phone().kind == kind);
      continue;
    }
    phone.saw_gate(kind, *row.gate).nothing_started();
    // R-RESYNC-05: a pass that was held comes back by the schedule.
    if (row.gate == Reason::resync_on_reset_off) continue;
    CHECK(phone.due() == resync::Time{160s + 3600s});
  }
}

TEST_CASE("legacy phones wait as behind any restart when changes were submitted", "[R-RESYNC-57]") {
  auto phone = up(Generation::spa);
  phone.set("Resync_Random_Delay", "1").at(100s).parameters_changed(ByHand::submitted);
  phone.boots_at(160s, Reason::restart_for_submit).nothing_started();
  phone.passes_within(160s, 180s, PassKind::boot);
}

TEST_CASE("one restart serves all that want one, and what asks for more counts", "[R-RESYNC-58]") {
  auto phone = up();
  phone.at(10s).call_started().parameters_changed(ByHand::submitted).restart_requested();
  phone.parameters_changed(ByHand::set, true).at(20s).call_ended();
  phone.restarted_because(Reason::restart_for_submit);

  auto other = up();
  other.at(10s).call_started().parameters_changed(ByHand::set, true).restart_requested();
  other.at(20s).call_ended().restarted_because(Reason::restart_requested);

  // A pass that takes a restart does not take the boot pass away that somebody asked for.
  Script in_pass;
  in_pass.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot);
  in_pass.restart_requested().rule_succeeds_and_needs_restart().pass_succeeds();
  in_pass.restarted_because(Reason::restart_requested);
  in_pass.boots_at(60s, Reason::restart_requested).passes_at(60s, PassKind::boot);
}

TEST_CASE("what was submitted during an upgrade is followed by its pass all the same",
          "[R-RESYNC-57]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").set("Upgrade_Rule", "http://h/x.loads");
  phone.set("Resync_After_Upgrade_Attempt", "No");
  phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds().asked_for_upgrade();
  phone.at(10s).parameters_changed(ByHand::submitted).nothing_started().upgrade_succeeded();
  phone.restarted_because(Reason::restart_for_submit);
  phone.boots_at(70s, Reason::restart_for_submit).started_because(Reason::submitted);
}

TEST_CASE("a new Upgrade_Rule outlives the restart that the same change takes", "[R-RESYNC-50]") {
  auto phone = up();
  phone.set("Upgrade_Rule", "http://h/x.loads").at(100s).parameters_changed(ByHand::submitted);
  phone.restarted_because(Reason::restart_for_submit);
  phone.boots_at(160s, Reason::restart_for_submit).rule_fails().asked_for_upgrade();
}

TEST_CASE("a change that is to be reported is, although it has restarted the phone",
          "[R-REPORT-05]") {
  auto phone = up();
  phone.set("Report_Rule", "http://h/up").set("Report_To_Server", "On Local Change");
  phone.set("Upload_Delay_On_Local_Change", "30").at(100s);
  phone.parameters_changed(ByHand::submitted).boots_at(160s, Reason::restart_for_submit);
  phone.pass_succeeds().reports_at(190s, Reason::local_change);
}

TEST_CASE("an upgrade that is asked for waits for calls, passes and nothing else",
          "[R-UPGRADE-10]") {
  auto phone = up();
  phone.set("Provision_Enable", "No").at(10s).upgrade_requested().asked_for_one_time_upgrade();
  phone.upgrade_requested().deferred_upgrade(Reason::upgrade_in_progress).nothing_started();
  phone.upgrade_fails().asked_for_one_time_upgrade().upgrade_skipped().nothing_started();

  phone.at(20s).call_started().upgrade_requested().deferred_upgrade(Reason::call_active);
  phone.at(30s).call_ended().asked_for_one_time_upgrade().upgrade_succeeded();
  phone.restarted_because(Reason::restart_for_upgrade);

  Script in_pass;
  in_pass.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot);
  in_pass.upgrade_requested().deferred_upgrade(Reason::pass_in_progress).pass_succeeds();
  in_pass.asked_for_one_time_upgrade();
}

TEST_CASE("an upgrade that is asked for has its switches", "[R-UPGRADE-10][R-RESYNC-40]") {
  struct Row {
    const char* parameter;
    Reason reason;
  };
  for (const auto& [parameter, reason] :
       {Row{"Upgrade_Enable", Reason::upgrade_disabled},
        Row{"Enable_Direct_Action_Url", Reason::direct_action_url_off},
        Row{"Enable_Web_Admin_Access", Reason::web_admin_off},
        Row{"Enable_Web_Server", Reason::web_server_off}}) {
    INFO(parameter);
    auto phone = up();
    phone.set(parameter, "No").at(10s).upgrade_requested().held_upgrade(reason).nothing_started();
    CHECK_FALSE(phone.phone().one_time_upgrade_waits);
  }
  // What has waited is looked at once more.
  auto phone = up();
  phone.at(10s).call_started().upgrade_requested().set("Upgrade_Enable", "No");
  phone.at(20s).call_ended().held_upgrade(Reason::upgrade_disabled).nothing_started();
}

TEST_CASE("one that fails is not tried again, and leaves the retries of Upgrade_Rule alone",
          "[R-UPGRADE-10][R-RESYNC-54]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").set("Upgrade_Rule", "http://h/x.loads");
  phone.set("Upgrade_Error_Retry_Delay", "500").set("Resync_After_Upgrade_Attempt", "No");
  phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds().asked_for_upgrade();
  phone.upgrade_fails().at(100s).upgrade_requested().asked_for_one_time_upgrade();
  phone.at(110s).upgrade_fails().told_of_no_timer().asks_for_upgrade_at(500s);

  auto other = up();
  other.at(10s).upgrade_requested().upgrade_fails().started_because(Reason::upgrade_attempted);
}

TEST_CASE("a restart and power loss forget an upgrade that waits", "[R-UPGRADE-10]") {
  auto phone = up();
  phone.at(10s).call_started().upgrade_requested().restart_requested().at(20s).call_ended();
  phone.restarted_because(Reason::restart_requested).boots_at(80s, Reason::restart_requested);
  phone.passes_at(80s, PassKind::boot).pass_succeeds().nothing_started();
}

TEST_CASE("a factory reset is a restart that is followed as power-on is", "[R-RESYNC-59]") {
  auto phone = up();
  phone.at(10s).call_started().factory_reset_requested().nothing_started();
  phone.parameters_changed(ByHand::submitted).restart_requested();
  phone.at(20s).call_ended().restarted_because(Reason::factory_reset);
  phone.boots_at(80s, Reason::factory_reset).passes_at(80s, PassKind::boot);
}

TEST_CASE("a lease with another address restarts the phone, which waits for a call",
          "[R-DHCP-11]") {
  auto phone = up();
  phone.at(10s).call_started().lease_changed({true, false}).nothing_started();
  phone.at(20s).call_ended().restarted_because(Reason::ip_changed);
  phone.boots_at(80s, Reason::ip_changed).passes_at(80s, PassKind::boot);
}

TEST_CASE("a lease with other options alone starts nothing", "[R-DHCP-10]") {
  auto phone = up();
  phone.at(10s).lease_changed({}).nothing_started();
  phone.lease_changed({false, true}).nothing_started();
}

}  // namespace by_hand_test
