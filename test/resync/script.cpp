#include "test/resync/script.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace provphone::test {
namespace {

using resync::PassKind;
using resync::Time;

template <class T>
const T* find(const resync::Effects& effects) {
  const T* found = nullptr;
  for (const auto& effect : effects) {
    if (const auto* match = std::get_if<T>(&effect)) found = match;
  }
  return found;
}

struct Describe {
  std::string operator()(const resync::EvaluateRule& e) const {
    return fmt::format("evaluate rule {}", e.slot);
  }
  std::string operator()(const resync::EvaluateUpgrade& e) const {
    return e.is_retry ? "evaluate the upgrade again" : "evaluate the upgrade";
  }
  std::string operator()(const resync::SendReports& e) const {
    return fmt::format("send reports: {}", name(e.reason));
  }
  std::string operator()(const resync::Booted& e) const {
    return fmt::format("booted: {}", name(e.reason));
  }
  std::string operator()(const resync::Restarting& e) const {
    return fmt::format("restarting: {}", name(e.reason));
  }
  std::string operator()(const resync::UpgradeHeld& e) const {
    return fmt::format("upgrade held: {}", name(e.reason));
  }
  std::string operator()(const resync::UpgradeDeferred& e) const {
    return fmt::format("upgrade deferred: {}", name(e.reason));
  }
  std::string operator()(const resync::FetchCustomCa&) const { return "custom CA wanted"; }
  std::string operator()(const resync::CustomCaHeld& e) const {
    return fmt::format("custom CA held: {}", name(e.reason));
  }
  std::string operator()(const resync::LinkDown&) const { return "link down"; }
  std::string operator()(const resync::OnboardingRequested&) const { return "asks for a code"; }
  std::string operator()(const resync::Migrated&) const { return "migrated"; }
  std::string operator()(const resync::RenewCertificate& e) const {
    return e.has_come_up ? "renew the certificate, having come up" : "renew the certificate";
  }
  std::string operator()(const resync::TimerArmed& e) const {
    if (e.due == Time::max()) return fmt::format("{} stays off: {}", name(e.timer), name(e.reason));
    return fmt::format("{} due at {} ms: {}", name(e.timer), e.due.time_since_epoch().count(),
                       name(e.reason));
  }
  std::string operator()(const resync::PassDue& e) const {
    return fmt::format("{} pass due", name(e.kind));
  }
  std::string operator()(const resync::PassGated& e) const {
    return fmt::format("{} pass gated: {}", name(e.kind), name(e.reason));
  }
  std::string operator()(const resync::PassDeferred& e) const {
    return fmt::format("{} pass deferred: {}", name(e.kind), name(e.reason));
  }
  std::string operator()(const resync::PassStarted& e) const {
    return fmt::format("{} pass started: {}", name(e.kind), name(e.reason));
  }
  std::string operator()(const resync::FileNotFoundForgiven& e) const {
    return fmt::format("rule {}: not found, forgiven", e.slot);
  }
  std::string operator()(const resync::PassSucceeded& e) const {
    return fmt::format("{} pass succeeded", name(e.kind));
  }
  std::string operator()(const resync::PassFailed& e) const {
    return fmt::format("{} pass failed: {}", name(e.kind), name(e.error));
  }
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text.append(line).append("\n");
  return text;
}

Time at_time(resync::Duration t) {
  return Time{t};
}

}  // namespace

Script::Script(profile::Generation generation)
    : personality_(resync::personality_of(generation)),
      parameters_(profile::factory_values(generation)) {}

Script& Script::set(std::string_view parameter, std::string_view value) {
  const auto id = profile::find_parameter(parameter);
  REQUIRE(id);
  parameters_.set(*id, value);
  return *this;
}

Script& Script::knob(std::string_view assignment) {
  REQUIRE(resync::set_knob(personality_, assignment));
  return *this;
}

Script& Script::seed(std::uint64_t seed) {
  seed_ = seed;
  return *this;
}

Script& Script::clock(resync::sys_seconds utc, resync::Zone zone, resync::ClockIsKnown known) {
  wall_ = {utc, std::move(zone), known};
  return *this;
}

Script& Script::lease(const resync::LeaseTime& time) {
  lease_ = time;
  return *this;
}

Script& Script::idle_rules(std::bitset<resync::rule_slots> slots) {
  idle_rules_ = slots;
  return *this;
}

Script& Script::feed(const resync::Event& event) {
  const auto settings = resync::settings_of(parameters_, personality_);
  const resync::MacroSource source{identity_, personality_, parameters_, state_};
  const auto facts = resync::lookup_of(source);
  last_ = resync::step(phone_, {personality_, settings, wall_, seed_, facts, lease_, idle_rules_},
                       event, now_);
  for (const auto& effect : last_) {
    transcript_.push_back(fmt::format("{:>10} ms  {}", now_.time_since_epoch().count(),
                                      std::visit(Describe{}, effect)));
    if (std::holds_alternative<resync::PassStarted>(effect)) ++passes_started_;
  }
  CHECK((phone_.timer == resync::Timer::none) == (phone_.timer_due == Time::max()));
  return *this;
}

Script& Script::powered_on() {
  return feed(resync::PoweredOn{});
}
Script& Script::powered_off() {
  return feed(resync::PoweredOff{});
}
Script& Script::resync_requested(resync::Origin origin, resync::Scope scope) {
  return feed(resync::ResyncRequested{origin, scope});
}
Script& Script::restart_requested() {
  return feed(resync::RestartRequested{});
}
Script& Script::lease_changed(const resync::LeaseChanged& changed) {
  return feed(changed);
}

Script& Script::factory_reset_requested() {
  return feed(resync::FactoryResetRequested{});
}
Script& Script::upgrade_requested(resync::Origin origin) {
  return feed(resync::UpgradeRequested{origin});
}
Script& Script::call_started() {
  return feed(resync::CallStarted{});
}
Script& Script::call_ended() {
  return feed(resync::CallEnded{});
}
Script& Script::registration_lost(std::uint8_t line) {
  return feed(resync::RegistrationLost{line});
}
Script& Script::registration_restored(std::uint8_t line) {
  return feed(resync::RegistrationRestored{line});
}
Script& Script::clock_set() {
  return feed(resync::ClockSet{});
}
Script& Script::clock_moved(std::chrono::minutes by) {
  return feed(resync::ClockMoved{by});
}
Script& Script::parameters_changed(resync::ByHand how, bool needs_restart) {
  return feed(resync::ParametersChanged{how, needs_restart});
}
Script& Script::report_requested() {
  return feed(resync::ReportRequested{});
}
Script& Script::certificate_renewed() {
  return feed(resync::CertificateRenewed{});
}
Script& Script::upgrade_skipped() {
  return feed(resync::UpgradeSkipped{});
}
Script& Script::upgrade_succeeded() {
  return feed(resync::UpgradeSucceeded{});
}
Script& Script::upgrade_fails(Errc error) {
  return feed(resync::UpgradeFailed{error});
}
Script& Script::upgrade_migrates() {
  return feed(resync::UpgradeSucceeded{true});
}
Script& Script::code_entered() {
  return feed(resync::CodeEntered{});
}

Script& Script::at(resync::Duration t) {
  INFO(joined(transcript_));
  REQUIRE(at_time(t) >= now_);
  REQUIRE(phone_.due >= at_time(t));
  now_ = at_time(t);
  return *this;
}

Script& Script::pass_succeeds() {
  const auto first = phone_.slot;
  if (first == resync::one_time_slot) return rule_succeeds();
  for (std::size_t slot = first; slot < resync::rule_slots; ++slot) rule_succeeds();
  return *this;
}

Script& Script::rule_succeeds() {
  return feed(resync::RuleSucceeded{});
}
Script& Script::rule_succeeds_and_needs_restart() {
  // Another VLAN than before, whatever that was.
  set("VLAN_ID", std::to_string(++last_vlan_));
  return feed(resync::RuleSucceeded{true});
}
Script& Script::rule_skipped() {
  return feed(resync::RuleSkipped{});
}
Script& Script::rule_onboards() {
  return feed(resync::RuleOnboards{});
}
Script& Script::rule_fails(Errc error) {
  return feed(resync::RuleFailed{error});
}

Script& Script::reach_deadline() {
  INFO(joined(transcript_));
  const auto deadline = phone_.due;
  if (deadline > now_) {
    now_ = deadline - 1ms;
    feed(resync::DeadlineReached{});
    REQUIRE(last_.size() == 0);
  }
  now_ = deadline;
  return feed(resync::DeadlineReached{});
}

Script& Script::passes_at(resync::Duration t, PassKind kind) {
  return passes_within(t, t, kind);
}

Script& Script::gated_at(resync::Duration t, PassKind kind, resync::Reason reason) {
  return reach_deadline_at(t).saw_gate(kind, reason);
}

Script& Script::defers_at(resync::Duration t, PassKind kind, resync::Reason reason) {
  reach_deadline_at(t).saw_deferral(reason);
  CHECK(find<resync::PassDeferred>(last_)->kind == kind);
  return nothing_started();
}

Script& Script::passes_late(resync::Duration t, PassKind kind) {
  INFO(joined(transcript_));
  REQUIRE(phone_.due == at_time(t));
  REQUIRE(phone_.due < now_);
  feed(resync::DeadlineReached{});
  const auto* started = find<resync::PassStarted>(last_);
  REQUIRE(started != nullptr);
  REQUIRE(started->kind == kind);
  return *this;
}

Script& Script::deadline_comes() {
  return reach_deadline();
}

Script& Script::passes_within(resync::Duration from, resync::Duration to, PassKind kind) {
  INFO(joined(transcript_));
  REQUIRE(phone_.due >= at_time(from));
  REQUIRE(phone_.due <= at_time(to));
  reach_deadline();
  const auto* started = find<resync::PassStarted>(last_);
  REQUIRE(started != nullptr);
  REQUIRE(started->kind == kind);
  return *this;
}

Script& Script::reach_deadline_at(resync::Duration t) {
  INFO(joined(transcript_));
  REQUIRE(phone_.due == at_time(t));
  return reach_deadline();
}

Script& Script::boots_at(resync::Duration t, resync::Reason reason) {
  reach_deadline_at(t);
  INFO(joined(transcript_));
  const auto* booted = find<resync::Booted>(last_);
  REQUIRE(booted != nullptr);
  REQUIRE(booted->reason == reason);
  return *this;
}

Script& Script::asks_for_upgrade_at(resync::Duration t) {
  return reach_deadline_at(t).asked_for_upgrade();
}

Script& Script::nothing_started() {
  INFO(joined(transcript_));
  REQUIRE(find<resync::PassStarted>(last_) == nullptr);
  REQUIRE(find<resync::Restarting>(last_) == nullptr);
  REQUIRE(find<resync::EvaluateUpgrade>(last_) == nullptr);
  return *this;
}

Script& Script::restarted_because(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* restarting = find<resync::Restarting>(last_);
  REQUIRE(restarting != nullptr);
  REQUIRE(restarting->reason == reason);
  return *this;
}

Script& Script::told_of_no_timer() {
  INFO(joined(transcript_));
  CHECK(find<resync::TimerArmed>(last_) == nullptr);
  return *this;
}

Script& Script::asked_for_upgrade() {
  INFO(joined(transcript_));
  REQUIRE(find<resync::EvaluateUpgrade>(last_) != nullptr);
  return *this;
}

Script& Script::wanted_a_certificate(resync::RenewCertificate wanted) {
  INFO(joined(transcript_));
  const auto* asked = find<resync::RenewCertificate>(last_);
  REQUIRE(asked != nullptr);
  REQUIRE(asked->has_come_up == wanted.has_come_up);
  return *this;
}

Script& Script::wanted_no_certificate() {
  INFO(joined(transcript_));
  REQUIRE(find<resync::RenewCertificate>(last_) == nullptr);
  return *this;
}

Script& Script::asked_for_one_time_upgrade() {
  INFO(joined(transcript_));
  const auto* asked = find<resync::EvaluateUpgrade>(last_);
  REQUIRE(asked != nullptr);
  REQUIRE(asked->is_one_time);
  CHECK_FALSE(asked->is_retry);
  return *this;
}

Script& Script::deferred_upgrade(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* deferred = find<resync::UpgradeDeferred>(last_);
  REQUIRE(deferred != nullptr);
  REQUIRE(deferred->reason == reason);
  return *this;
}

Script& Script::reports_at(resync::Duration t, resync::Reason reason) {
  return reach_deadline_at(t).sent_reports(reason);
}

Script& Script::sent_reports(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* sent = find<resync::SendReports>(last_);
  REQUIRE(sent != nullptr);
  REQUIRE(sent->reason == reason);
  return *this;
}

Script& Script::sent_no_reports() {
  INFO(joined(transcript_));
  REQUIRE(find<resync::SendReports>(last_) == nullptr);
  return *this;
}

Script& Script::held_upgrade(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* held = find<resync::UpgradeHeld>(last_);
  REQUIRE(held != nullptr);
  REQUIRE(held->reason == reason);
  return *this;
}

Script& Script::quiet_forever() {
  INFO(joined(transcript_));
  REQUIRE(phone_.state != resync::State::pass);
  REQUIRE(phone_.due == Time::max());
  return *this;
}

Script& Script::evaluates_slot(std::size_t slot) {
  INFO(joined(transcript_));
  const auto* evaluate = find<resync::EvaluateRule>(last_);
  REQUIRE(evaluate != nullptr);
  REQUIRE(evaluate->slot == slot);
  return *this;
}

Script& Script::ended_with_success() {
  INFO(joined(transcript_));
  REQUIRE(find<resync::PassSucceeded>(last_) != nullptr);
  return *this;
}

Script& Script::ended_with(Errc error) {
  INFO(joined(transcript_));
  const auto* failed = find<resync::PassFailed>(last_);
  REQUIRE(failed != nullptr);
  REQUIRE(failed->error == error);
  return *this;
}

Script& Script::saw_gate(PassKind kind, resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* gated = find<resync::PassGated>(last_);
  REQUIRE(gated != nullptr);
  REQUIRE(gated->kind == kind);
  REQUIRE(gated->reason == reason);
  return *this;
}

Script& Script::saw_deferral(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* deferred = find<resync::PassDeferred>(last_);
  REQUIRE(deferred != nullptr);
  REQUIRE(deferred->reason == reason);
  return *this;
}

Script& Script::started_because(resync::Reason reason) {
  INFO(joined(transcript_));
  const auto* started = find<resync::PassStarted>(last_);
  REQUIRE(started != nullptr);
  REQUIRE(started->reason == reason);
  return *this;
}

}  // namespace provphone::test
