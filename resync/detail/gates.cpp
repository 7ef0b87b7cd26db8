#include "resync/detail/step.hpp"

#include <algorithm>

namespace provphone::resync::detail {
namespace {

constexpr bool is_scheduled(PassKind kind) {
  return kind != PassKind::explicit_request;
}

// R-RESYNC-31: on MPP, triggers that are set hold a scheduled pass back unless one is true.
bool trigger_holds_back(const Step& s, PassKind kind) {
  const bool gates_passes = s.personality().trigger_semantics == TriggerSemantics::gate;
  if (!gates_passes || !is_scheduled(kind) || !s.settings().has_triggers()) return false;
  auto timers = timers_of(s.phone, s.now);
  // `$PRVST` of the pass that asks to start: a trigger may let boot passes through and no others.
  timers.prvst = static_cast<std::int64_t>(kind);
  return !any_trigger_holds(s.settings(), timers, s.shared.facts, s.shared.personality);
}

// R-RESYNC-36, for a pass that comes due now.
std::optional<Hold> hold_by_maximum_wait(const Step& s) {
  const auto longest = std::chrono::seconds(s.settings().forced_resync_delay);
  if (s.phone.active_calls == 0 || longest.count() == 0) return std::nullopt;
  return Hold{Reason::call_active, s.now + longest};
}

// R-RESYNC-37. During a call no end of the wait is known: the count begins when it ends.
std::optional<Hold> hold_by_idle_timer(const Step& s) {
  if (s.phone.active_calls > 0) return Hold{Reason::call_active, Time::max()};
  if (s.now < s.phone.quiet_from) return Hold{Reason::forced_resync_delay, s.phone.quiet_from};
  return std::nullopt;
}

}  // namespace

// R-RESYNC-03: Provision_Enable blocks every resync, asked for or due.
bool is_gated(Step& s, PassKind kind) {
  const bool disabled = !s.settings().provision_enable;
  if (!disabled && !trigger_holds_back(s, kind)) return false;
  s.effects.add(PassGated{kind, disabled ? Reason::provisioning_disabled : Reason::trigger_false});
  return true;
}

// A pass or an upgrade under way comes first: it holds requests too (R-RESYNC-17, R-RESYNC-52).
std::optional<Hold> hold_of(const Step& s, PassKind kind) {
  if (s.phone.state == State::pass) return Hold{Reason::pass_in_progress, Time::max()};
  if (s.phone.state == State::upgrade) return Hold{Reason::upgrade_in_progress, Time::max()};
  if (!is_scheduled(kind)) {  // R-RESYNC-38: a request waits for the line and for nothing else
    if (s.phone.active_calls == 0) return std::nullopt;
    return Hold{Reason::call_active, Time::max()};
  }
  switch (s.personality().forced_resync_delay) {
    case ForcedResyncDelay::idle_timer:
      return hold_by_idle_timer(s);
    case ForcedResyncDelay::maximum_wait:
      return hold_by_maximum_wait(s);
  }
  return std::nullopt;
}

// R-RESYNC-36: the longest wait counts from when the pass was due, whatever happens in the
// meantime.
void hold_on(Step& s, const Hold& hold) {
  auto& until = s.phone.deferred.until;
  const bool counts_on = s.personality().forced_resync_delay == ForcedResyncDelay::maximum_wait;
  until = counts_on ? std::min(until, hold.until) : hold.until;
}

}  // namespace provphone::resync::detail

// R-RESYNC-40
namespace provphone::resync {

std::optional<Reason> page_refusal_of(const Settings& settings) {
  if (!settings.web_server) return Reason::web_server_off;
  if (!settings.web_admin_access) return Reason::web_admin_off;
  return std::nullopt;
}

std::optional<Reason> refusal_of(const Settings& settings, ByHand how) {
  switch (how) {
    case ByHand::set:
      break;
    case ByHand::submitted:
      return page_refusal_of(settings);
    case ByHand::pushed:
      return refusal_of(settings, Origin::web);
  }
  return std::nullopt;
}

std::optional<Reason> refusal_of(const Settings& settings, Origin origin) {
  switch (origin) {
    case Origin::sip_notify:
      if (!settings.resync_from_sip) return Reason::resync_from_sip_off;
      break;
    case Origin::web:
      if (const auto closed = page_refusal_of(settings)) return closed;
      if (!settings.direct_action_url) return Reason::direct_action_url_off;
      break;
    case Origin::phone_menu:
      if (!settings.user_configurable_resync) return Reason::user_resync_off;
      break;
    case Origin::xml_execute:
      if (!settings.web_server) return Reason::web_server_off;
      break;
    case Origin::operator_:
      break;
  }
  return std::nullopt;
}

}  // namespace provphone::resync
