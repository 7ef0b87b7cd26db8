#pragma once

#include "resync/machine.hpp"

#include <bitset>
#include <chrono>
#include <string>
#include <vector>

// Drives the machine of one phone step by step and reads as a transcript. Deadlines are tested from
// both sides: silence one tick before, the pass on the tick. A failing expectation prints all that
// happened so far.
namespace provphone::test {

using namespace std::chrono_literals;

class Script {
 public:
  explicit Script(profile::Generation generation = profile::Generation::mpp12);

  // --- the situation
  Script& set(std::string_view parameter, std::string_view value);
  Script& knob(std::string_view assignment);
  Script& seed(std::uint64_t seed);
  // What the phone's clock shows at 0 s, local to `zone`; it knows so from boot, unless it is told.
  Script& clock(resync::sys_seconds utc, resync::Zone zone = {},
                resync::ClockIsKnown known = resync::ClockIsKnown::from_boot);

  Script& lease(const resync::LeaseTime& time);
  // The driver knows of those rules that they come to nothing.
  Script& idle_rules(std::bitset<resync::rule_slots> slots);

  // --- events
  Script& powered_on();
  Script& powered_off();
  Script& resync_requested(resync::Origin origin = resync::Origin::operator_,
                           resync::Scope scope = resync::Scope::configured_rules);
  Script& restart_requested();
  Script& factory_reset_requested();
  Script& lease_changed(const resync::LeaseChanged& changed);
  Script& upgrade_requested(resync::Origin origin = resync::Origin::web);
  Script& call_started();
  Script& call_ended();
  Script& registration_lost(std::uint8_t line = 0);
  Script& registration_restored(std::uint8_t line = 0);
  Script& clock_set();
  Script& clock_moved(std::chrono::minutes by);
  Script& parameters_changed(resync::ByHand how = resync::ByHand::set, bool needs_restart = false);
  Script& report_requested();
  Script& certificate_renewed();
  Script& upgrade_skipped();
  Script& upgrade_succeeded();
  Script& upgrade_fails(Errc error = Errc::service_unavailable);
  Script& upgrade_migrates();
  Script& code_entered();
  Script& at(resync::Duration t);  // moves time; nothing may be due before it
  // Every rule of the running pass succeeds (rules that are empty are skipped).
  Script& pass_succeeds();
  // The rule under evaluation ends so. One that needs a restart has changed VLAN_ID.
  Script& rule_succeeds();
  Script& rule_succeeds_and_needs_restart();
  Script& rule_skipped();
  Script& rule_onboards();
  Script& rule_fails(Errc error = Errc::service_unavailable);

  // --- expectations
  // Nothing happens a millisecond before `t`; at `t` a pass of that kind starts.
  Script& passes_at(resync::Duration t, resync::PassKind kind);
  // The same, but the pass is held.
  Script& gated_at(resync::Duration t, resync::PassKind kind, resync::Reason reason);
  // The same, but the pass waits.
  Script& defers_at(resync::Duration t, resync::PassKind kind, resync::Reason reason);
  // A pass that was due at `t`, before now, starts at once.
  Script& passes_late(resync::Duration t, resync::PassKind kind);
  // Whatever is due happens when it is due.
  Script& deadline_comes();
  // The next pass starts in from..to; time moves to that instant.
  Script& passes_within(resync::Duration from, resync::Duration to, resync::PassKind kind);
  // At `t`, and not before, a restart is over.
  Script& boots_at(resync::Duration t, resync::Reason reason);
  Script& asks_for_upgrade_at(resync::Duration t);
  Script& quiet_forever();
  // Nothing comes of the step before.
  Script& nothing_started();
  Script& restarted_because(resync::Reason reason);
  Script& told_of_no_timer();  // in the step before
  Script& asked_for_upgrade();
  Script& asked_for_one_time_upgrade();
  Script& wanted_a_certificate(resync::RenewCertificate wanted);
  Script& wanted_no_certificate();
  Script& held_upgrade(resync::Reason reason);
  Script& deferred_upgrade(resync::Reason reason);
  Script& reports_at(resync::Duration t, resync::Reason reason);
  Script& sent_reports(resync::Reason reason);
  Script& sent_no_reports();
  Script& evaluates_slot(std::size_t slot);
  Script& ended_with_success();
  Script& ended_with(Errc error);
  Script& saw_gate(resync::PassKind kind, resync::Reason reason);
  Script& saw_deferral(resync::Reason reason);
  Script& started_because(resync::Reason reason);

  resync::Time due() const { return phone_.due; }
  const resync::Phone& phone() const { return phone_; }
  std::size_t passes_started() const { return passes_started_; }

 private:
  Script& feed(const resync::Event& event);
  Script& reach_deadline();
  Script& reach_deadline_at(resync::Duration t);

  resync::Personality personality_;
  profile::ParameterSet parameters_;
  resync::Identity identity_;
  resync::MacroState state_;
  resync::WallClock wall_;
  resync::Phone phone_;
  resync::Time now_{};
  std::uint64_t seed_ = 1;
  resync::LeaseTime lease_;
  std::bitset<resync::rule_slots> idle_rules_;
  std::size_t passes_started_ = 0;
  int last_vlan_ = 100;
  resync::Effects last_;
  std::vector<std::string> transcript_;
};

}  // namespace provphone::test
