#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace interaction_test {

// What may start a pass, against what may be in its way: one row a way, one column an obstacle.
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::Origin;
using resync::PassKind;
using resync::Reason;

enum class Outcome { passes, held, deferred };

enum class Way { boot, periodic, resync_at, error_retry, notify, web, menu, execute };

enum class Obstacle {
  provisioning_disabled,
  trigger_false,
  call_active,
  clock_unset,
  resync_from_sip_off,
  direct_action_url_off,
  user_resync_off,
  web_server_off,
  web_admin_off,
};

constexpr std::array ways{Way::boot,   Way::periodic, Way::resync_at, Way::error_retry,
                          Way::notify, Way::web,      Way::menu,      Way::execute};

Script& raise(Script& phone, Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::provisioning_disabled:
      return phone.set("Provision_Enable", "No");
    case Obstacle::trigger_false:
      return phone.set("Resync_Trigger_1", "1 eq 2");
    case Obstacle::call_active:
      return phone.call_started();
    case Obstacle::clock_unset:
      return phone.clock({}, {}, resync::ClockIsKnown::never);
    case Obstacle::resync_from_sip_off:
      return phone.set("Resync_From_SIP", "No");
    case Obstacle::direct_action_url_off:
      return phone.set("Enable_Direct_Action_Url", "No");
    case Obstacle::user_resync_off:
      return phone.set("User_Configurable_Resync", "No");
    case Obstacle::web_server_off:
      return phone.set("Enable_Web_Server", "No");
    case Obstacle::web_admin_off:
      return phone.set("Enable_Web_Admin_Access", "No");
  }
  return phone;
}

Origin origin_of(Way way) {
  switch (way) {
    case Way::notify:
      return Origin::sip_notify;
    case Way::web:
      return Origin::web;
    case Way::menu:
      return Origin::phone_menu;
    default:
      return Origin::xml_execute;
  }
}

// A phone for which everything but the last step of `way` has happened.
Script prepared(Way way, Obstacle obstacle) {
  Script phone;
  phone.set("Resync_Random_Delay", "0").clock(resync::sys_seconds{});
  if (way == Way::boot) {
    if (obstacle != Obstacle::call_active) raise(phone, obstacle);
    phone.powered_on();
    if (obstacle == Obstacle::call_active) raise(phone, obstacle);
    return phone;
  }
  if (way == Way::resync_at) phone.set("Resync_At__HHmm_", "0100");
  if (obstacle == Obstacle::clock_unset) raise(phone, obstacle);
  phone.powered_on().passes_at(0s, PassKind::boot);
  way == Way::error_retry ? phone.rule_fails() : phone.pass_succeeds();
  raise(phone.at(10s), obstacle);
  return phone;
}

Outcome outcome(Way way, Obstacle obstacle) {
  auto phone = prepared(way, obstacle);
  const auto before = phone.passes_started();
  if (way >= Way::notify) {
    phone.resync_requested(origin_of(way));
  } else if (phone.due() == resync::Time::max()) {
    return Outcome::held;
  } else {
    phone.deadline_comes();
  }
  if (phone.passes_started() > before) return Outcome::passes;
  return phone.phone().is_deferring ? Outcome::deferred : Outcome::held;
}

}  // namespace

TEST_CASE("what starts a pass meets what may be in its way",
          "[R-RESYNC-03][R-RESYNC-31][R-RESYNC-38][R-RESYNC-23][R-RESYNC-40]") {
  using enum Outcome;
  struct Column {
    Obstacle obstacle;
    std::array<Outcome, ways.size()> outcomes;  // as in `ways`
  };
  const std::vector<Column> table{
      // boot, periodic, at, retry, notify, web, menu, execute
      {Obstacle::provisioning_disabled, {held, held, held, held, held, held, held, held}},
      {Obstacle::trigger_false, {held, held, held, held, passes, passes, passes, passes}},
      {Obstacle::call_active,
       {deferred, deferred, deferred, deferred, deferred, deferred, deferred, deferred}},
      {Obstacle::clock_unset, {passes, passes, held, passes, passes, passes, passes, passes}},
      {Obstacle::resync_from_sip_off,
       {passes, passes, passes, passes, held, passes, passes, passes}},
      {Obstacle::direct_action_url_off,
       {passes, passes, passes, passes, passes, held, passes, passes}},
      {Obstacle::user_resync_off, {passes, passes, passes, passes, passes, passes, held, passes}},
      {Obstacle::web_server_off, {passes, passes, passes, passes, passes, held, passes, held}},
      {Obstacle::web_admin_off, {passes, passes, passes, passes, passes, held, passes, passes}},
  };
  for (const auto& [obstacle, outcomes] : table) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      INFO("obstacle " << static_cast<int>(obstacle) << ", way " << i);
      CHECK(outcome(ways[i], obstacle) == outcomes[i]);
    }
  }
}

TEST_CASE("a request to a rule of its own leaves timers and lists alone", "[R-RESYNC-42]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  phone.at(100s).resync_requested(Origin::web, resync::Scope::one_time_rule);
  phone.started_because(Reason::one_time_request).evaluates_slot(resync::one_time_slot);
  phone.at(105s).rule_fails().passes_at(3600s, PassKind::periodic);
}

TEST_CASE("the knob one_time_pass lets it count as any pass", "[R-RESYNC-42]") {
  Script phone;
  phone.knob("one_time_pass=as_any_pass").set("Resync_Random_Delay", "0");
  phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  phone.at(100s).resync_requested(Origin::web, resync::Scope::one_time_rule).rule_succeeds();
  phone.passes_at(3700s, PassKind::periodic);
}

TEST_CASE("a request to a rule of its own waits for the line and for the running pass",
          "[R-RESYNC-42][R-RESYNC-38]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, PassKind::boot);
  phone.resync_requested(Origin::web, resync::Scope::one_time_rule)
      .saw_deferral(Reason::pass_in_progress)
      .pass_succeeds()
      .started_because(Reason::one_time_request)
      .rule_succeeds();
  phone.at(10s).call_started().resync_requested(Origin::web, resync::Scope::one_time_rule);
  phone.saw_deferral(Reason::call_active).at(20s).call_ended();
  phone.started_because(Reason::one_time_request);
}

TEST_CASE("the knob random_delay_scope spreads periodic passes too", "[R-RESYNC-06]") {
  Script phone;
  phone.knob("random_delay_scope=boot_and_periodic").set("Resync_Random_Delay", "0");
  phone.powered_on().passes_at(0s, PassKind::boot).set("Resync_Random_Delay", "3");
  phone.pass_succeeds().passes_within(3600s, 3660s, PassKind::periodic);
  CHECK(phone.phone().pass_started > resync::Time{3600s});
}

TEST_CASE("the knob periodic_index_after_error begins the period's list anew", "[R-RESYNC-07]") {
  for (const bool reset : {false, true}) {
    Script phone;
    phone.knob(reset ? "periodic_index_after_error=reset" : "periodic_index_after_error=kept");
    phone.set("Resync_Random_Delay", "0").set("Resync_Periodic", "100,200,300");
    phone.set("Resync_Error_Retry_Delay", "10").powered_on().passes_at(0s, PassKind::boot);
    phone.pass_succeeds().passes_at(100s, PassKind::periodic).rule_fails();
    phone.passes_at(110s, PassKind::error_retry).pass_succeeds();
    phone.passes_at(210s, PassKind::periodic).pass_succeeds();
    phone.passes_at(410s, PassKind::periodic).rule_fails();
    phone.passes_at(420s, PassKind::error_retry).pass_succeeds();
    phone.passes_at(reset ? 520s : 620s, PassKind::periodic);
  }
}

}  // namespace interaction_test
