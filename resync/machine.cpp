#include "resync/machine.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

template <class... Handlers>
struct Overload : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overload(Handlers...) -> Overload<Handlers...>;

// One step under way: the phone, what it may look at, and the effects so far.
struct Step {
  Phone& phone;
  const Shared& shared;
  Time now;
  Effects& effects;
};

// Nothing that repeats may do so more often than this (R-RESYNC-11).
constexpr Duration shortest_repeat = std::chrono::seconds(1);

std::uint32_t next_draw(Phone& phone, Purpose purpose) {
  return phone.draws[static_cast<std::size_t>(purpose)]++;
}

Duration random_up_to(const Step& s, Purpose purpose, std::int64_t limit, Duration unit) {
  const Stream stream{s.shared.seed, s.phone.index, purpose};
  const auto bounded = static_cast<std::uint32_t>(std::min<std::int64_t>(limit, UINT32_MAX));
  const auto drawn = draw_up_to(stream, next_draw(s.phone, purpose), bounded);
  return static_cast<std::int64_t>(drawn) * unit;
}

void arm(Step& s, Timer timer, Time due, Reason reason) {
  s.phone.timer = timer;
  s.phone.due = due;
  s.effects.add(TimerArmed{timer, due, reason});
}

void leave_unarmed(Step& s, Timer timer, Reason reason) {
  s.phone.timer = Timer::none;
  s.phone.due = Time::max();
  s.effects.add(TimerArmed{timer, Time::max(), reason});
}

// R-RESYNC-08: `a+b` is drawn from a..a+b; the last element repeats, but never without a pause.
Duration wait_of(const Step& s, const DelayList& list, std::uint16_t index, Purpose purpose) {
  const Delay delay = delay_at(list, index);
  Duration wait = std::chrono::seconds(delay.seconds);
  if (delay.spread > 0) wait += random_up_to(s, purpose, delay.spread, std::chrono::seconds(1));
  return is_repeating(list, index) ? std::max(wait, shortest_repeat) : wait;
}

// R-RESYNC-12: a list whose text changed is begun anew.
void notice_changed_lists(Step& s) {
  if (s.phone.periodic_print != s.shared.settings.periodic_print) {
    s.phone.periodic_print = s.shared.settings.periodic_print;
    s.phone.periodic_index = 0;
  }
  if (s.phone.error_retry_print != s.shared.settings.error_retry_print) {
    s.phone.error_retry_print = s.shared.settings.error_retry_print;
    s.phone.error_retry_index = 0;
  }
}

void arm_periodic(Step& s) {
  notice_changed_lists(s);
  const auto& list = s.shared.settings.periodic;
  if (is_disabled(list)) return leave_unarmed(s, Timer::periodic, Reason::periodic_disabled);
  const auto wait = wait_of(s, list, s.phone.periodic_index, Purpose::periodic);
  arm(s, Timer::periodic, s.now + wait, Reason::periodic_interval);
}

// R-RESYNC-13: the delay counts from the failure; 0 means no retry unless the knob says otherwise.
void arm_error_retry(Step& s) {
  notice_changed_lists(s);
  const auto& list = s.shared.settings.error_retry;
  if (!is_disabled(list)) {
    const auto wait = wait_of(s, list, s.phone.error_retry_index, Purpose::error_retry);
    if (s.phone.error_retry_index < UINT16_MAX) ++s.phone.error_retry_index;
    return arm(s, Timer::error_retry, s.now + wait, Reason::error_retry_delay);
  }
  if (s.shared.personality[Knob::error_retry_zero] != 0) {
    return arm(s, Timer::error_retry, s.now + shortest_repeat, Reason::error_retry_delay);
  }
  leave_unarmed(s, Timer::error_retry, Reason::error_retry_disabled);
}

void begin_pass(Step& s, PassKind kind, Reason reason) {
  s.phone.state = State::pass;
  s.phone.timer = Timer::none;
  s.phone.due = Time::max();
  s.phone.kind = kind;
  s.phone.why = reason;
  s.phone.slot = 0;
  s.phone.pass_started = s.now;
  s.phone.rules_print_at_start = s.shared.settings.profile_rules_print;
  s.effects.add(PassStarted{kind, reason});
  s.effects.add(EvaluateRule{0});
}

// R-RESYNC-03: Provision_Enable blocks every resync, asked for or due.
bool is_gated(Step& s, PassKind kind) {
  if (s.shared.settings.provision_enable) return false;
  s.effects.add(PassGated{kind, Reason::provisioning_disabled});
  return true;
}

void power_on(Step& s) {
  Phone fresh;
  fresh.index = s.phone.index;
  fresh.draws = s.phone.draws;
  fresh.state = State::idle;
  fresh.powered_on = s.now;
  s.phone = fresh;
  notice_changed_lists(s);
  if (!s.shared.settings.resync_on_reset) {  // R-RESYNC-04: nothing arms the periodic timer before
                                             // a first success
    s.effects.add(PassGated{PassKind::boot, Reason::resync_on_reset_off});
    return;
  }
  // R-RESYNC-06: uniform over 0..Resync_Random_Delay units, for the boot pass alone.
  const auto longest =
      s.shared.settings.resync_random_delay * s.shared.personality[Knob::resync_random_delay_unit];
  if (longest == 0) return arm(s, Timer::boot_delay, s.now, Reason::no_random_delay);
  const auto delay = random_up_to(s, Purpose::boot_delay, longest, std::chrono::milliseconds(1));
  arm(s, Timer::boot_delay, s.now + delay, Reason::random_delay);
}

PassKind kind_of(Timer timer) {
  switch (timer) {
    case Timer::periodic:
      return PassKind::periodic;
    case Timer::error_retry:
      return PassKind::error_retry;
    case Timer::none:
    case Timer::boot_delay:
      break;
  }
  return PassKind::boot;
}

Reason reason_of(Timer timer) {
  switch (timer) {
    case Timer::periodic:
      return Reason::periodic_interval;
    case Timer::error_retry:
      return Reason::error_retry_delay;
    case Timer::none:
    case Timer::boot_delay:
      break;
  }
  return Reason::power_on;
}

// R-RESYNC-05: a pass that a gate held is no failure. It waits the same element of its list again;
// a held boot pass arms the periodic timer, or the phone would never come back.
void wait_again(Step& s, Timer timer) {
  if (timer != Timer::error_retry) return arm_periodic(s);
  if (s.phone.error_retry_index > 0) --s.phone.error_retry_index;
  arm_error_retry(s);
}

void deadline_reached(Step& s) {
  if (s.phone.timer == Timer::none || s.now < s.phone.due) return;
  const auto timer = s.phone.timer;
  const auto kind = kind_of(timer);
  s.effects.add(PassDue{kind, reason_of(timer)});
  if (is_gated(s, kind)) return wait_again(s, timer);
  s.phone.chained = 0;
  begin_pass(s, kind, reason_of(timer));
}

void resync_requested(Step& s) {
  constexpr auto kind = PassKind::explicit_request;
  if (s.phone.state == State::off) return;
  if (s.phone.state == State::pass) {
    s.phone.explicit_pending = true;
    s.effects.add(PassDeferred{kind, Reason::pass_in_progress});
    return;
  }
  s.effects.add(PassDue{kind, Reason::explicit_request});
  if (is_gated(s, kind)) return;  // timers go on as they were
  s.phone.chained = 0;
  begin_pass(s, kind, Reason::explicit_request);
}

void end_pass(Step& s) {
  s.phone.state = State::idle;
  s.phone.last_attempt = s.phone.pass_started;
}

// A request that came during a pass is served as soon as the pass is over.
void serve_pending_request(Step& s) {
  if (!s.phone.explicit_pending) return;
  s.phone.explicit_pending = false;
  resync_requested(s);
}

void pass_failed(Step& s, Errc error, Reason reason) {
  s.effects.add(PassFailed{s.phone.kind, reason, error, s.phone.slot});
  end_pass(s);
  arm_error_retry(s);
  serve_pending_request(s);
}

// R-RESYNC-16: on MPP a pass that changed a Profile_Rule is followed by another at once, a bounded
// number of times.
bool chain(Step& s) {
  const auto limit = s.shared.personality[Knob::chained_passes];
  if (limit == 0 || s.phone.rules_print_at_start == s.shared.settings.profile_rules_print)
    return false;
  if (s.phone.chained >= limit) {
    pass_failed(s, Errc::chained_pass_limit, Reason::chained_pass_limit);
    return true;
  }
  ++s.phone.chained;
  s.effects.add(PassSucceeded{s.phone.kind, Reason::all_rules_done});
  end_pass(s);
  begin_pass(s, s.phone.kind, Reason::profile_rule_changed);
  return true;
}

void pass_succeeded(Step& s) {
  if (chain(s)) return;
  s.effects.add(PassSucceeded{s.phone.kind, Reason::all_rules_done});
  end_pass(s);
  s.phone.error_retry_index = 0;
  const bool same_list = s.phone.periodic_print == s.shared.settings.periodic_print;
  if (s.phone.kind == PassKind::periodic && same_list && s.phone.periodic_index < UINT16_MAX) {
    ++s.phone.periodic_index;
  }
  arm_periodic(s);
  serve_pending_request(s);
}

// R-RESYNC-14: the four rules in sequence, each read when its turn comes.
void next_rule(Step& s) {
  if (s.phone.slot + 1U == rule_slots) return pass_succeeded(s);
  ++s.phone.slot;
  s.effects.add(EvaluateRule{s.phone.slot});
}

void rule_failed(Step& s, Errc error) {
  // R-RESYNC-15: a file that is not there may count as success; the next rule's turn.
  if (error == Errc::file_not_found && !s.shared.settings.resync_fails_on_fnf) {
    s.effects.add(FileNotFoundForgiven{s.phone.slot});
    return next_rule(s);
  }
  pass_failed(s, error, Reason::rule_failed);
}

}  // namespace

Phone running_phone(std::uint32_t index, const Settings& settings, Time now) {
  Phone phone;
  phone.index = index;
  phone.state = State::idle;
  phone.powered_on = now;
  phone.periodic_print = settings.periodic_print;
  phone.error_retry_print = settings.error_retry_print;
  return phone;
}

Effects step(Phone& phone, const Shared& shared, const Event& event, Time now) {
  Effects effects;
  Step s{phone, shared, now, effects};
  std::visit(Overload{
                 [&](const PoweredOn&) { power_on(s); },
                 [&](const PoweredOff&) {
                   phone.state = State::off;
                   phone.timer = Timer::none;
                   phone.due = Time::max();
                 },
                 [&](const DeadlineReached&) { deadline_reached(s); },
                 [&](const ResyncRequested&) { resync_requested(s); },
                 [&](const RuleSkipped&) {
                   assert(phone.state == State::pass);
                   next_rule(s);
                 },
                 [&](const RuleSucceeded&) {
                   assert(phone.state == State::pass);
                   next_rule(s);
                 },
                 [&](const RuleFailed& failed) {
                   assert(phone.state == State::pass);
                   rule_failed(s, failed.error);
                 },
             },
             event);
  return effects;
}

std::int64_t seconds_since_attempt(const Phone& phone, Time now) {
  const auto since = phone.last_attempt == Time::min() ? phone.powered_on : phone.last_attempt;
  return whole_seconds(now - since);
}

}  // namespace provphone::resync
