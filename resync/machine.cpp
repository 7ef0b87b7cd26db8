#include "resync/machine.hpp"

#include "resync/detail/step.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using detail::is_up;
using detail::Step;

template <class... Handlers>
struct Overload : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overload(Handlers...) -> Overload<Handlers...>;

PassKind pass_kind_of(Timer timer) {
  switch (timer) {
    case Timer::periodic:
      return PassKind::periodic;
    case Timer::error_retry:
      return PassKind::error_retry;
    default:
      return PassKind::boot;
  }
}

Reason reason_of(Timer timer) {
  switch (timer) {
    case Timer::periodic:
      return Reason::periodic_interval;
    case Timer::error_retry:
      return Reason::error_retry_delay;
    default:
      return Reason::power_on;
  }
}

// The timer is put down first: what holds the pass back then arms it anew (R-RESYNC-05), and a pass
// that is deferred leaves it down, or a second one would come due meanwhile.
void timer_ran_out(Step& s) {
  const auto timer = s.phone.timer;
  detail::clear_schedule(s);
  detail::pass_comes_due(s, pass_kind_of(timer), reason_of(timer), timer);
}

void resync_at_came(Step& s) {
  s.phone.resync_at_due = Time::max();
  detail::pass_comes_due(s, PassKind::periodic, Reason::resync_at, Timer::resync_at);
}

void upgrade_is_due(Step& s) {
  s.phone.upgrade_due = Time::max();
  s.phone.upgrade_waits = true;
  detail::go_on(s);
}

// One deadline a step; the driver comes back for the next, which may be the same instant. Of
// several the order here decides: a pass that already waits comes before one that comes due now,
// and passes before upgrades.
void deadline_reached(Step& s) {
  const auto& phone = s.phone;
  if (s.now < phone.due) return;
  if (phone.state == State::restarting) return detail::boot(s, phone.restart_why);
  if (phone.is_deferring && phone.deferred.until <= s.now) return detail::release_deferred(s);
  if (detail::learn_time(s)) return detail::arm_resync_at(s);
  if (phone.timer_due <= s.now) return timer_ran_out(s);
  if (phone.resync_at_due <= s.now) return resync_at_came(s);
  if (phone.trigger_due <= s.now)
    return detail::pass_comes_due(s, PassKind::periodic, Reason::trigger_holds, Timer::trigger);
  if (phone.upgrade_due <= s.now) return upgrade_is_due(s);
  if (phone.report_due <= s.now) detail::report_is_due(s);
}

// R-RESYNC-02. The draws go on counting, or the phone would draw the same delays after every power
// cut (R-RESYNC-19).
void powered_off(Step& s) {
  const auto index = s.phone.index;
  const auto draws = s.phone.draws;
  const bool link_is_down = s.phone.link_is_down;
  s.phone = Phone{};
  s.phone.link_is_down = link_is_down;
  s.phone.index = index;
  s.phone.draws = draws;
}

void call_started(Step& s) {
  auto& phone = s.phone;
  // A count that wrapped would take the line for free.
  if (phone.active_calls == UINT8_MAX) return;
  if (++phone.active_calls > 1 || !phone.is_deferring) return;
  // R-RESYNC-37: a new call stops the count of Forced_Resync_Delay.
  if (const auto hold = hold_of(s, phone.deferred.kind)) detail::hold_on(s, *hold);
}

void call_ended(Step& s) {
  auto& phone = s.phone;
  if (phone.active_calls == 0 || --phone.active_calls > 0) return;
  phone.quiet_from = s.now + std::chrono::seconds(s.settings().forced_resync_delay);
  detail::go_on(s);
}

void registration_lost(Step& s, std::uint8_t line) {
  auto& since = s.phone.unregistered_since;
  // Lost twice is lost since the first time.
  if (line < since.size()) since[line] = std::min(since[line], s.now);
}

void registration_restored(Step& s, std::uint8_t line) {
  if (line < tracked_lines) s.phone.unregistered_since[line] = Time::max();
}

// R-RESYNC-29: a phone that nobody gives the time does not take it from here either.
void clock_set(Step& s) {
  if (s.shared.wall.known == ClockIsKnown::never || !detail::may_have_time(s.shared)) return;
  s.phone.clock_is_known = true;
  if (s.phone.state == State::idle) detail::arm_resync_at(s);
}

// R-RESYNC-29: a clock that does not know the time is not put anywhere. The sum stays within its 16
// bits, some three weeks.
void clock_moved(Step& s, std::chrono::minutes by) {
  auto& ahead = s.phone.clock_ahead;
  if (!s.phone.clock_is_known) return;
  ahead =
      static_cast<std::int16_t>(std::clamp<std::int64_t>(ahead + by.count(), INT16_MIN, INT16_MAX));
  // Also within a pass, of which a one-time one would leave the deadline as it was.
  detail::arm_resync_at(s);
}

// R-DHCP-11: a new address takes a restart, which waits as any other. A phone that is down comes up
// with the lease as it is then.
void lease_changed(Step& s, const LeaseChanged& changed) {
  if (!is_up(s.phone)) return;
  if (changed.has_new_address) detail::want_restart(s, Reason::ip_changed);
  // R-RESYNC-30, as for a clock that was moved.
  if (changed.has_new_time && s.phone.clock_is_known) detail::arm_resync_at(s);
  detail::go_on(s);
}

// What a person changes counts from the next time it is looked at; Resync_At (R-RESYNC-25) and
// Upgrade_Rule (R-RESYNC-50) are looked at now. During a pass or an upgrade its end does that.
// R-RESYNC-56, R-RESYNC-57: a restart that it takes waits as any other.
void parameters_changed(Step& s, const ParametersChanged& changed) {
  auto& phone = s.phone;
  detail::report_local_change(s);
  if (changed.how == ByHand::submitted)
    detail::want_restart(s, Reason::restart_for_submit);
  else if (changed.needs_restart)
    detail::want_restart(s, Reason::restart_for_local_change);
  if (phone.state != State::idle) return;
  const bool had_set_time = phone.resync_at_due != Time::max();
  const bool has_set_time = s.settings().resync_at.has_value();
  // A retry or boot delay under way goes on: the schedule is armed behind the pass that it leads
  // to.
  const bool waits_for_schedule = phone.timer == Timer::none || phone.timer == Timer::periodic;
  if (had_set_time != has_set_time && waits_for_schedule) {
    detail::arm_schedule(s);
  } else if (has_set_time) {
    detail::arm_resync_at(s);
  }
  if (phone.upgrade_rule_print != s.settings().upgrade_rule_print) detail::want_upgrade(s);
  detail::go_on(s);
}

std::optional<Time> unregistered_since(const Phone& phone, std::size_t line) {
  const auto since = phone.unregistered_since[line];
  return since == Time::max() ? std::nullopt : std::optional(since);
}

// R-TLS-22: it is fetched beside whatever the phone does.
void custom_ca_requested(Step& s, const CustomCaRequested& request) {
  if (const auto refusal = refusal_of(s.settings(), request.origin)) {
    s.effects.add(CustomCaHeld{*refusal});
  } else {
    s.effects.add(FetchCustomCa{});
  }
}

// R-CERT-06. A phone that is down meanwhile comes up with it anyway.
void certificate_renewed(Step& s) {
  if (!is_up(s.phone)) return;
  detail::want_restart(s, Reason::restart_for_certificate);
  detail::go_on(s);
}

// R-RESYNC-63: schedule and state stay as they are, and passes fail until it is back.
void link_lost(Step& s) {
  if (!s.phone.link_is_down) s.effects.add(LinkDown{});
  s.phone.link_is_down = true;
}

void take(Step& s, const Event& event) {
  std::visit(Overload{
                 [&](const PoweredOn&) {
                   // Power-on without power-off: not a restart, so the schedule does not go on
                   // (R-RESYNC-48).
                   s.phone.state = State::off;
                   detail::boot(s, Reason::power_on);
                 },
                 [&](const PoweredOff&) { powered_off(s); },
                 [&](const DeadlineReached&) { deadline_reached(s); },
                 [&](const ResyncRequested& request) { detail::resync_requested(s, request); },
                 [&](const RestartRequested&) { detail::restart_requested(s); },
                 [&](const RuleSkipped&) { detail::rule_skipped(s); },
                 [&](const RuleSucceeded& done) { detail::rule_succeeded(s, done); },
                 [&](const RuleFailed& failed) { detail::rule_failed(s, failed); },
                 [&](const RuleOnboards& done) { detail::rule_onboards(s, done); },
                 [&](const CodeEntered&) { detail::code_entered(s); },
                 [&](const CallStarted&) { call_started(s); },
                 [&](const CallEnded&) { call_ended(s); },
                 [&](const RegistrationLost& lost) { registration_lost(s, lost.line); },
                 [&](const RegistrationRestored& back) { registration_restored(s, back.line); },
                 [&](const ClockSet&) { clock_set(s); },
                 [&](const ClockMoved& moved) { clock_moved(s, moved.by); },
                 [&](const ParametersChanged& changed) { parameters_changed(s, changed); },
                 [&](const ReportRequested&) { detail::report_requested(s); },
                 [](const Notified&) {},
                 [&](const UpgradeRequested& request) { detail::upgrade_requested(s, request); },
                 [&](const FactoryResetRequested&) { detail::factory_reset_requested(s); },
                 [&](const CustomCaRequested& request) { custom_ca_requested(s, request); },
                 [&](const LinkLost&) { link_lost(s); },
                 [&](const LinkRestored&) { s.phone.link_is_down = false; },
                 [&](const LeaseChanged& changed) { lease_changed(s, changed); },
                 [&](const UpgradeSkipped&) { detail::upgrade_skipped(s); },
                 [&](const UpgradeSucceeded& done) { detail::upgrade_succeeded(s, done); },
                 [&](const UpgradeFailed& failed) { detail::upgrade_failed(s, failed); },
                 [&](const CertificateRenewed&) { certificate_renewed(s); },
             },
             event);
}

// Whether only a phone that is up takes notice of it. An answer comes to no other.
constexpr Overload needs_phone_up{
    [](const ResyncRequested&) { return true; },  [](const RestartRequested&) { return true; },
    [](const CallStarted&) { return true; },      [](const CallEnded&) { return true; },
    [](const RegistrationLost&) { return true; }, [](const RegistrationRestored&) { return true; },
    [](const ClockSet&) { return true; },         [](const ParametersChanged&) { return true; },
    [](const ReportRequested&) { return true; },  [](const Notified&) { return true; },
    [](const UpgradeRequested&) { return true; }, [](const FactoryResetRequested&) { return true; },
    [](const ClockMoved&) { return true; },       [](const CustomCaRequested&) { return true; },
    [](const CodeEntered&) { return true; },      [](const auto&) { return false; }};

bool comes_by_network(Origin origin) {
  return origin == Origin::sip_notify || origin == Origin::web || origin == Origin::xml_execute;
}

// Whether only a phone whose link is up hears of it (R-RESYNC-63).
constexpr Overload needs_link{
    [](const ResyncRequested& request) { return comes_by_network(request.origin); },
    [](const UpgradeRequested& request) { return comes_by_network(request.origin); },
    [](const CustomCaRequested& request) { return comes_by_network(request.origin); },
    [](const RestartRequested& request) { return request.notified.has_value(); },
    [](const ReportRequested&) { return true; },
    [](const Notified&) { return true; },
    [](const ParametersChanged& changed) { return changed.how != ByHand::set; },
    [](const auto&) { return false; }};

// A driver answers what it was asked, and nothing else. Only asserted.
[[maybe_unused]] bool is_expected(const Phone& phone, const Event& event) {
  if (std::holds_alternative<RuleSkipped>(event) || std::holds_alternative<RuleSucceeded>(event) ||
      std::holds_alternative<RuleFailed>(event) || std::holds_alternative<RuleOnboards>(event)) {
    return phone.state == State::pass;
  }
  if (std::holds_alternative<UpgradeSkipped>(event) ||
      std::holds_alternative<UpgradeSucceeded>(event) ||
      std::holds_alternative<UpgradeFailed>(event)) {
    return phone.state == State::upgrade;
  }
  return true;
}

}  // namespace

void Effects::drop_timers() {
  const auto is_timer = [](const Effect& effect) {
    return std::holds_alternative<TimerArmed>(effect);
  };
  auto* const kept = std::remove_if(effects_.data(), effects_.data() + size_, is_timer);
  size_ = static_cast<std::size_t>(kept - effects_.data());
}

Phone running_phone(std::uint32_t index, const Shared& shared, Time now) {
  Phone phone;
  phone.index = index;
  phone.state = State::idle;
  phone.powered_on = now;
  phone.clock_is_known = detail::has_time_from_boot(shared);
  phone.periodic_print = shared.settings.periodic_print;
  phone.error_retry_print = shared.settings.error_retry_print;
  phone.upgrade_rule_print = shared.settings.upgrade_rule_print;
  return phone;
}

bool is_reachable(const Phone& phone) {
  return is_up(phone) && !phone.link_is_down;
}

std::optional<Missed> missed(const Event& event, const Phone& phone) {
  if (phone.state == State::migrated) return Missed::migrated;
  if (phone.link_is_down && is_up(phone) && std::visit(needs_link, event)) return Missed::no_link;
  if (is_up(phone) && std::holds_alternative<CodeEntered>(event) && !phone.awaits_code)
    return Missed::not_asked;
  if (is_up(phone) || !std::visit(needs_phone_up, event)) return std::nullopt;
  return phone.state == State::off ? Missed::off : Missed::restarting;
}

bool takes_rule(const Effects& effects) {
  const auto takes = Overload{
      [](const EvaluateRule& rule) { return rule.slot == one_time_slot; },
      [](const EvaluateUpgrade& upgrade) { return upgrade.is_one_time; },
      [](const PassDeferred&) { return true; },
      [](const UpgradeDeferred&) { return true; },
      [](const FetchCustomCa&) { return true; },
      // Of a code that was entered: a rule that comes with a request has a slot of its own.
      [](const PassStarted& pass) { return pass.reason == Reason::code_entered; },
      [](const auto&) { return false; },
  };
  return std::any_of(effects.begin(), effects.end(),
                     [&](const Effect& effect) { return std::visit(takes, effect); });
}

Effects step(Phone& phone, const Shared& shared, const Event& event, Time now) {
  assert(is_expected(phone, event));
  Effects effects;
  Step s{phone, shared, now, effects};
  if (!missed(event, phone)) take(s, event);
  detail::settle(s);
  return effects;
}

PhoneClock clock_of(const Phone& phone, const Settings& settings, const Personality& personality,
                    const WallClock& wall, const LeaseTime& lease) {
  // More than that would be no clock, and could stand still or run back.
  constexpr std::uint32_t most = 100'000;
  const auto bounded = [&](std::uint32_t rate) {
    return static_cast<std::int32_t>(std::min(rate, most));
  };
  // R-RESYNC-30
  const bool is_leased = lease.offset && settings.leased_zone;
  const auto& zone = is_leased ? settings.leased_zone : settings.zone;
  return {wall,
          zone ? &*zone : nullptr,
          bounded(personality.clock_gains) - bounded(personality.clock_loses),
          phone.powered_on,
          std::chrono::minutes(phone.clock_ahead),
          is_leased ? *lease.offset : std::chrono::seconds(0)};
}

TimerOrigins timer_origins_of(const Phone& phone) {
  const auto or_power_on = [&](Time time) { return time == Time::min() ? phone.powered_on : time; };
  return {static_cast<std::int64_t>(phone.kind), phone.upgrade_retry_index > 0 ? 2 : 1,
          or_power_on(phone.last_attempt),       or_power_on(phone.last_upgrade),
          unregistered_since(phone, 0),          unregistered_since(phone, 1)};
}

Timers timers_of(const Phone& phone, Time now) {
  return timer_origins_of(phone).at(now);
}

}  // namespace provphone::resync
