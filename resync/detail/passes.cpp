#include "resync/detail/step.hpp"

#include <algorithm>
#include <utility>

namespace provphone::resync::detail {
namespace {

// R-RESYNC-46: what a failed pass has changed waits for one that succeeds, which then compares with
// what there was before both.
void note_restart_print(Step& s) {
  if (!s.phone.needs_restart) s.phone.restart_print = s.settings().restart_print;
}

// Whether what passes have changed takes a restart, of which nothing is left to do then.
bool take_restart(Step& s) {
  if (!std::exchange(s.phone.needs_restart, false)) return false;
  return s.personality().restart_compares == RestartCompares::each_file ||
         s.phone.restart_print != s.settings().restart_print;
}

// Whether the prints of rules are noted as the pass begins, and not as each is evaluated.
bool notes_rules_at_start(const Personality& personality) {
  return personality.rules_read == RulesRead::at_pass_start ||
         personality.chain_compares == ChainCompares::pass_start;
}

// R-RESYNC-14: the rule is read now, as it reads now.
void read_slot(Step& s, std::uint8_t slot) {
  s.phone.slot = slot;
  if (!notes_rules_at_start(s.personality()))
    s.phone.rules_print += s.settings().profile_rule_prints[slot];
}

void evaluate_slot(Step& s, std::uint8_t slot) {
  read_slot(s, slot);
  s.effects.add(EvaluateRule{slot});
}

// R-RESYNC-42. Unlike begin_pass() it leaves the timer and a deferred pass alone.
void begin_one_time_pass(Step& s) {
  auto& phone = s.phone;
  phone.one_time_waits = false;
  phone.chained = 0;
  phone.state = State::pass;
  phone.scope = Scope::one_time_rule;
  phone.kind = PassKind::explicit_request;
  phone.why = Reason::one_time_request;
  phone.slot = one_time_slot;
  phone.has_file = false;
  phone.pass_started = s.now;
  phone.rules_print = s.settings().profile_rules_print;
  note_restart_print(s);
  s.effects.add(PassStarted{phone.kind, phone.why});
  s.effects.add(EvaluateRule{one_time_slot});
}

// R-RESYNC-39: one pass waits at most; a request is worth more than what a timer made due. The
// earlier deadline stays: that of the pass which a request joins still counts (R-RESYNC-36).
void keep_deferred(Step& s, const DeferredPass& pass, const Hold& hold) {
  auto& phone = s.phone;
  if (!phone.is_deferring) {
    phone.deferred = pass;
    phone.deferred.until = hold.until;
  } else if (pass.kind == PassKind::explicit_request) {
    phone.deferred.kind = pass.kind;
    phone.deferred.why = pass.why;
    phone.deferred.until = std::min(phone.deferred.until, hold.until);
  }
  // Whichever of the two comes first, the timer of the one that was due is set again where the pass
  // is gated in the end, or the phone would never come back (R-RESYNC-05).
  if (phone.deferred.timer == Timer::none) phone.deferred.timer = pass.timer;
  phone.is_deferring = true;
  s.effects.add(PassDeferred{pass.kind, hold.reason, hold.until});
}

void end_pass(Step& s) {
  s.phone.state = State::idle;
  // Only now: while the pass runs, `$PRVTMR` counts from the attempt before it (R-RESYNC-18).
  s.phone.last_attempt = s.phone.pass_started;
}

// R-RESYNC-42: a one-time rule's pass leaves the timers and lists as they are (knob one_time_pass).
bool leaves_timers_alone(const Step& s) {
  return s.phone.scope == Scope::one_time_rule &&
         s.personality().one_time_pass == OneTimePass::leaves_timers;
}

void pass_failed(Step& s, Errc error, Reason reason) {
  s.effects.add(PassFailed{s.phone.kind, reason, error, s.phone.slot});
  end_pass(s);
  if (!leaves_timers_alone(s)) {
    if (s.personality().periodic_index_after_error == PeriodicIndexAfterError::reset)
      s.phone.periodic_index = 0;
    arm_error_retry(s);
  }
  go_on(s);
}

// R-RESYNC-16: on MPP a pass at whose end a Profile_Rule reads otherwise than it was evaluated is
// followed by another at once, a bounded number of times. Fingerprints are compared, so a rule that
// was changed there and back does not count. Says whether the end of the pass is dealt with.
bool chain(Step& s) {
  auto& phone = s.phone;
  const auto limit = s.personality().chained_passes;
  if (limit == 0 || phone.rules_print == s.settings().profile_rules_print) return false;
  if (phone.chained >= limit || phone.chained == UINT16_MAX) {
    pass_failed(s, Errc::chained_pass_limit, Reason::chained_pass_limit);
    return true;
  }
  const auto chained = static_cast<std::uint16_t>(phone.chained + 1);
  // begin_pass() clears what waits and counts chains from 0: right for every pass but this one.
  const bool request_waits = phone.is_deferring;
  s.effects.add(PassSucceeded{phone.kind, Reason::all_rules_done, phone.has_file});
  end_pass(s);
  begin_pass(s, phone.kind, Reason::profile_rule_changed);
  phone.chained = chained;
  phone.is_deferring = request_waits;
  return true;
}

void pass_succeeded(Step& s) {
  auto& phone = s.phone;
  if (chain(s)) return;
  s.effects.add(PassSucceeded{phone.kind, Reason::all_rules_done, phone.has_file});
  end_pass(s);
  if (!leaves_timers_alone(s)) {
    phone.error_retry_index = 0;
    // R-RESYNC-07, R-RESYNC-12: a new list begins with its first element, so it is not stepped on.
    const bool same_list = phone.periodic_print == s.settings().periodic_print;
    if (phone.kind == PassKind::periodic && same_list && phone.periodic_index < UINT16_MAX) {
      ++phone.periodic_index;
    }
    arm_schedule(s);
  }
  want_upgrade(s);
  if (take_restart(s)) {  // R-RESYNC-46
    // It has outlived the passes that failed before this one, and goes here.
    want_restart(s, Reason::restart_for_parameters);
  }
  go_on(s);
}

// R-RESYNC-14: the four rules in sequence, each read when its turn comes. One that is known to come
// to nothing is read all the same, or its change later on would not be noticed (R-RESYNC-16).
void next_rule(Step& s) {
  // one_time_slot lies behind the four rules, so a one-time pass ends here as well.
  while (s.phone.slot + 1U < rule_slots) {
    const auto slot = static_cast<std::uint8_t>(s.phone.slot + 1);
    if (!s.shared.idle_rules[slot]) return evaluate_slot(s, slot);
    read_slot(s, slot);
  }
  pass_succeeded(s);
}

}  // namespace

void begin_pass(Step& s, PassKind kind, Reason why) {
  auto& phone = s.phone;
  clear_schedule(s);
  phone.is_deferring = false;
  phone.awaits_code = false;
  phone.state = State::pass;
  phone.scope = Scope::configured_rules;
  phone.kind = kind;
  phone.why = why;
  phone.has_file = false;
  phone.chained = 0;
  phone.pass_started = s.now;
  const bool at_start = notes_rules_at_start(s.personality());
  phone.rules_print = at_start ? s.settings().profile_rules_print : 0;
  note_restart_print(s);
  s.effects.add(PassStarted{kind, why});
  evaluate_slot(s, 0);
}

void start_or_defer(Step& s, const DeferredPass& pass) {
  if (const auto hold = hold_of(s, pass.kind)) return keep_deferred(s, pass, *hold);
  begin_pass(s, pass.kind, pass.why);
}

void pass_comes_due(Step& s, PassKind kind, Reason why, Timer timer) {
  s.effects.add(PassDue{kind, why});
  if (is_gated(s, kind)) return wait_again(s, timer);
  start_or_defer(s, {kind, why, timer, Time::max()});
}

// R-RESYNC-41: what changed while the pass waited may hold it now.
void release_deferred(Step& s) {
  const auto pass = s.phone.deferred;
  s.phone.is_deferring = false;
  if (is_gated(s, pass.kind)) return wait_again(s, pass.timer);
  begin_pass(s, pass.kind, pass.why);
}

void resync_requested(Step& s, const ResyncRequested& request) {
  constexpr auto kind = PassKind::explicit_request;
  auto& phone = s.phone;
  const bool once = request.scope == Scope::one_time_rule;
  const auto why = once ? Reason::one_time_request : Reason::explicit_request;
  const auto hold = hold_of(s, kind);
  // A call does not put the gates off: what is held now is told now. R-RESYNC-41 looks again later.
  const bool waits_for_work = hold && hold->reason != Reason::call_active;
  s.effects.add(PassDue{kind, why});
  if (const auto refusal = refusal_of(s.settings(), request.origin)) {
    s.effects.add(PassGated{kind, *refusal});
    return;
  }
  // Timers go on as they were. While a pass runs nobody knows yet what it will change.
  if (!waits_for_work && is_gated(s, kind)) return;
  if (!once) return start_or_defer(s, {kind, why, Timer::none, Time::max()});
  if (!hold) return begin_one_time_pass(s);
  // Beside the deferred pass, not in its place: a one-time pass stands for no other (R-RESYNC-42).
  phone.one_time_waits = true;
  s.effects.add(PassDeferred{kind, hold->reason, hold->until});
}

void rule_succeeded(Step& s, const RuleSucceeded& done) {
  s.phone.needs_restart |= done.needs_restart;
  s.phone.has_file |= done.has_file;
  next_rule(s);
}

void rule_skipped(Step& s) {
  next_rule(s);
}

void rule_failed(Step& s, const RuleFailed& failed) {
  s.phone.needs_restart |= failed.needs_restart;
  // R-RESYNC-15: a file that is not there may count as success; the next rule's turn.
  if (failed.error == Errc::file_not_found && !s.settings().resync_fails_on_fnf) {
    s.effects.add(FileNotFoundForgiven{s.phone.slot});
    return next_rule(s);
  }
  pass_failed(s, failed.error, Reason::rule_failed);
}

// R-BOOT-01: nothing is provisioned, and nothing comes due until somebody enters a code; an upgrade
// and a restart that rules before have asked for are not kept from it.
void rule_onboards(Step& s, const RuleOnboards& done) {
  auto& phone = s.phone;
  phone.needs_restart |= done.needs_restart;
  s.effects.add(OnboardingRequested{});
  s.effects.add(PassSucceeded{phone.kind, Reason::awaits_code, phone.has_file});
  end_pass(s);
  clear_schedule(s);
  phone.resync_at_due = Time::max();
  phone.error_retry_index = 0;
  phone.awaits_code = true;
  want_upgrade(s);
  if (take_restart(s)) want_restart(s, Reason::restart_for_parameters);
  go_on(s);
}

// R-BOOT-02: the rule that asks for a code is evaluated again, and has one now.
void code_entered(Step& s) {
  start_or_defer(s, {PassKind::explicit_request, Reason::code_entered, Timer::none, Time::max()});
}

// The order: a restart ends all waiting (R-RESYNC-49), a request comes before what a timer made
// due, and upgrades come last, since a pass may change Upgrade_Rule. What is done beside all of it
// (R-CERT-06) is begun where nothing else is.
void go_on(Step& s) {
  auto& phone = s.phone;
  if (phone.state != State::idle) return;
  const bool free_line = phone.active_calls == 0;
  if (phone.wants_restart && free_line) return restart(s, phone.restart_why);
  if (phone.one_time_waits && free_line) return begin_one_time_pass(s);
  if (phone.is_deferring) {
    const auto hold = hold_of(s, phone.deferred.kind);
    if (!hold) return release_deferred(s);
    return hold_on(s, *hold);
  }
  if (phone.one_time_upgrade_waits && free_line) return begin_one_time_upgrade(s);
  if (phone.upgrade_waits && free_line) return begin_upgrade(s);
  look_at_certificate(s, {});
}

}  // namespace provphone::resync::detail
