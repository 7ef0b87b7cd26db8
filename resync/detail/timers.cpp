#include "resync/detail/step.hpp"

#include <algorithm>

namespace provphone::resync::detail {
namespace {

std::uint32_t next_draw(Phone& phone, Purpose purpose) {
  return phone.draws[purpose]++;
}

Duration random_up_to(const Step& s, Purpose purpose, std::int64_t limit, Duration unit) {
  const Stream stream{s.shared.seed, s.phone.index, purpose};
  // draw_up_to() has 32 bits, some 49 days of milliseconds; what is longer is drawn from those.
  const auto bounded = static_cast<std::uint32_t>(std::min<std::int64_t>(limit, UINT32_MAX));
  const auto drawn = draw_up_to(stream, next_draw(s.phone, purpose), bounded);
  return static_cast<std::int64_t>(drawn) * unit;
}

void arm(Step& s, Timer timer, Time due, Reason reason) {
  s.phone.timer = timer;
  s.phone.timer_due = due;
  s.effects.add(TimerArmed{timer, due, reason});
}

void leave_unarmed(Step& s, Timer timer, Reason reason) {
  s.phone.timer = Timer::none;
  s.phone.timer_due = Time::max();
  s.effects.add(TimerArmed{timer, Time::max(), reason});
}

// R-RESYNC-08: `a+b` is drawn from a..a+b; the last element repeats, but never without a pause
// (R-RESYNC-11). An element in front of it may be 0: it passes once, unless it is waited for again.
Duration wait_of(const Step& s, const DelayList& list, std::uint16_t index, Purpose purpose) {
  const Delay delay = delay_at(list, index);
  Duration wait = std::chrono::seconds(delay.seconds);
  if (delay.spread > 0) wait += random_up_to(s, purpose, delay.spread, std::chrono::seconds(1));
  const bool may_go_on_for_ever = is_repeating(list, index) || s.waits_again;
  return may_go_on_for_ever ? std::max(wait, shortest_repeat) : wait;
}

// R-RESYNC-06: uniform over 0..Resync_Random_Delay units, drawn in milliseconds, so that a fleet
// does not come in bursts of one unit.
Duration drawn_delay(const Step& s) {
  const auto longest = s.settings().resync_random_delay * s.personality().resync_random_delay_unit;
  if (longest == Duration{}) return Duration{};
  return random_up_to(s, Purpose::boot_delay, longest.count(), Duration(1));
}

// R-RESYNC-07, R-RESYNC-12: the list is looked at only now, behind the pass that may have changed
// it.
void arm_periodic(Step& s) {
  notice_changed_lists(s);
  const auto& list = s.settings().periodic;
  if (is_disabled(list)) return leave_unarmed(s, Timer::periodic, Reason::periodic_disabled);
  auto wait = wait_of(s, list, s.phone.periodic_index, Purpose::periodic);
  if (s.personality().random_delay_scope == RandomDelayScope::boot_and_periodic)
    wait += drawn_delay(s);
  arm(s, Timer::periodic, s.now + wait, Reason::periodic_interval);
}

// R-RESYNC-32: on SPA a trigger that holds starts a pass by itself; one that needs no time to pass
// may do so once a second.
Time trigger_deadline(const Step& s) {
  const auto& phone = s.phone;
  const bool starts_passes = s.personality().trigger_semantics == TriggerSemantics::starter;
  if (!starts_passes || !s.settings().has_triggers() || !s.settings().provision_enable ||
      phone.is_deferring) {
    return Time::max();
  }
  auto origins = timer_origins_of(phone);
  // `$PRVST` as it would be in the pass that the trigger starts, not as the last pass left it.
  origins.prvst = static_cast<std::int64_t>(PassKind::periodic);
  const auto next =
      next_trigger(s.settings(), origins, s.shared.facts, s.shared.personality, s.now);
  // Without a bound a trigger that stays true would start pass after pass within one instant.
  const auto soonest =
      phone.last_attempt == Time::min() ? phone.powered_on : phone.last_attempt + shortest_repeat;
  return std::max(next, soonest);
}

// R-RESYNC-29. A phone that waits for somebody to tell it (ClockSet) is not given the time.
Time time_arrives(const Step& s) {
  const bool is_given = s.shared.wall.known == ClockIsKnown::from_boot && may_have_time(s.shared);
  if (s.phone.clock_is_known || !is_given) return Time::max();
  return std::max(s.phone.powered_on + s.personality().time_after, s.now);
}

// While a pass or an upgrade runs nothing comes due: what was due meanwhile is met behind its end.
Time earliest_deadline(const Step& s) {
  const auto& phone = s.phone;
  switch (phone.state) {
    case State::off:
    case State::pass:
    case State::upgrade:
    case State::migrated:
      return Time::max();
    case State::restarting:
      return phone.restarted;
    case State::idle:
      break;
  }
  return std::min({phone.is_deferring ? phone.deferred.until : Time::max(), phone.timer_due,
                   phone.resync_at_due, phone.trigger_due, phone.upgrade_due, phone.report_due,
                   time_arrives(s)});
}

}  // namespace

void notice_changed_lists(Step& s) {
  auto& phone = s.phone;
  if (phone.periodic_print != s.settings().periodic_print) {
    phone.periodic_print = s.settings().periodic_print;
    phone.periodic_index = 0;
  }
  if (phone.error_retry_print != s.settings().error_retry_print) {
    phone.error_retry_print = s.settings().error_retry_print;
    phone.error_retry_index = 0;
  }
}

bool may_have_time(const Shared& shared) {
  switch (shared.personality.time_source) {
    case TimeSource::scenario:
      return true;
    case TimeSource::ntp_server:
      return shared.settings.names_ntp_server || shared.lease.names_server;
    case TimeSource::none:
      break;
  }
  return false;
}

bool has_time_from_boot(const Shared& shared) {
  return shared.wall.known == ClockIsKnown::from_boot && may_have_time(shared) &&
         shared.personality.time_after <= Duration{};
}

bool learn_time(Step& s) {
  if (time_arrives(s) > s.now) return false;
  s.phone.clock_is_known = true;
  return true;
}

// R-RESYNC-06. Network_Startup_Delay (R-RESYNC-35) comes in front, and is no part of the draw.
void arm_boot_delay(Step& s) {
  const bool no_delay = s.settings().resync_random_delay == 0;
  const bool waits = s.personality().network_startup_delay == NetworkStartupDelay::waited;
  const auto startup = std::chrono::seconds(waits ? s.settings().network_startup_delay : 0);
  arm(s, Timer::boot_delay, s.now + startup + drawn_delay(s),
      no_delay ? Reason::no_random_delay : Reason::random_delay);
}

// R-RESYNC-20: a valid Resync_At puts Resync_Periodic out of use. R-RESYNC-23: without a clock it
// waits for one.
void arm_resync_at(Step& s) {
  const bool was_armed = s.phone.resync_at_due != Time::max();
  s.phone.resync_at_due = Time::max();
  if (s.phone.awaits_code) return;  // R-BOOT-01
  if (!s.settings().resync_at) {
    if (was_armed)
      s.effects.add(TimerArmed{Timer::resync_at, Time::max(), Reason::resync_at_not_set});
    return;
  }
  learn_time(s);
  if (!s.phone.clock_is_known) {
    s.effects.add(TimerArmed{Timer::resync_at, Time::max(), Reason::clock_unset});
    return;
  }
  // No draw is counted: next_in_window() counts days, so arming again finds the same instant.
  const Stream stream{s.shared.seed, s.phone.index, Purpose::resync_at};
  const auto clock =
      clock_of(s.phone, s.settings(), s.personality(), s.shared.wall, s.shared.lease);
  s.phone.resync_at_due = next_in_window(*s.settings().resync_at, clock, stream, s.now);
  s.effects.add(TimerArmed{Timer::resync_at, s.phone.resync_at_due, Reason::resync_at});
}

void arm_schedule(Step& s) {
  arm_resync_at(s);
  if (!s.settings().resync_at) return arm_periodic(s);
  if (s.phone.timer == Timer::periodic) leave_unarmed(s, Timer::periodic, Reason::resync_at);
}

// R-RESYNC-13: the delay counts from the failure; 0 means no retry unless the knob says otherwise.
void arm_error_retry(Step& s) {
  notice_changed_lists(s);
  arm_resync_at(s);
  const auto& list = s.settings().error_retry;
  if (!is_disabled(list)) {
    const auto wait = wait_of(s, list, s.phone.error_retry_index, Purpose::error_retry);
    // Stepped on here and not at the failure, since only an element that was used counts;
    // wait_again() takes that back.
    if (s.phone.error_retry_index < UINT16_MAX) ++s.phone.error_retry_index;
    return arm(s, Timer::error_retry, s.now + wait, Reason::error_retry_delay);
  }
  // Even at once is a second away, or a server that refuses were asked without a pause
  // (R-RESYNC-11).
  if (s.personality().error_retry_zero == ErrorRetryZero::immediate) {
    return arm(s, Timer::error_retry, s.now + shortest_repeat, Reason::error_retry_delay);
  }
  leave_unarmed(s, Timer::error_retry, Reason::error_retry_disabled);
}

// R-RESYNC-53; R-UPGRADE-13 has a delay of its own where the licence was missing.
void arm_upgrade_retry(Step& s, Errc failure) {
  auto& phone = s.phone;
  const bool is_licence = failure == Errc::not_licensed;
  const auto& list = is_licence ? s.settings().licence_retry : s.settings().upgrade_retry;
  const bool never = is_disabled(list);
  phone.upgrade_due =
      never ? Time::max()
            : s.now + wait_of(s, list, phone.upgrade_retry_index, Purpose::upgrade_retry);
  if (phone.upgrade_retry_index < UINT16_MAX) ++phone.upgrade_retry_index;
  const auto delay = is_licence ? Reason::licence_retry_delay : Reason::upgrade_retry_delay;
  s.effects.add(TimerArmed{Timer::upgrade_retry, phone.upgrade_due,
                           never ? Reason::upgrade_retry_disabled : delay});
}

void clear_schedule(Step& s) {
  s.phone.timer = Timer::none;
  s.phone.timer_due = Time::max();
}

void wait_again(Step& s, Timer timer) {
  s.waits_again = true;
  switch (timer) {
    case Timer::error_retry:
      if (s.phone.error_retry_index > 0) --s.phone.error_retry_index;
      return arm_error_retry(s);
    case Timer::resync_at:
      return arm_resync_at(s);
    case Timer::boot_delay:
    case Timer::periodic:
      return arm_schedule(s);
    case Timer::none:
    case Timer::trigger:
    case Timer::upgrade_retry:
    case Timer::restart:
    case Timer::report:
      return;
  }
}

// In this order: `due` is the earliest of what the lines in front of it bring up to date.
void settle(Step& s) {
  keep_report_timer(s);
  s.phone.trigger_due = s.phone.state == State::idle ? trigger_deadline(s) : Time::max();
  s.phone.due = earliest_deadline(s);
}

}  // namespace provphone::resync::detail
