#include "resync/detail/step.hpp"

namespace provphone::resync::detail {
namespace {

// R-RESYNC-02: power-on and a restart forget everything but who the phone is, which random numbers
// it has drawn, what time it is, and its link (R-RESYNC-63).
Phone fresh_phone(const Step& s) {
  Phone fresh;
  fresh.link_is_down = s.phone.link_is_down;
  fresh.index = s.phone.index;
  fresh.draws = s.phone.draws;
  fresh.state = State::idle;
  fresh.powered_on = s.now;
  const bool keeps_clock = s.phone.state == State::restarting && s.phone.clock_is_known;
  fresh.clock_is_known = has_time_from_boot(s.shared) ||
                         (keeps_clock && s.shared.wall.known == ClockIsKnown::once_told);
  // The upgrade that the pass before the restart has asked for would else wait for another pass.
  fresh.upgrade_waits = s.phone.state == State::restarting && s.phone.upgrade_waits;
  // R-RESYNC-50: a phone that comes up has the rule that it has; nobody has changed it.
  fresh.upgrade_rule_print = s.phone.state == State::restarting ? s.phone.upgrade_rule_print
                                                                : s.settings().upgrade_rule_print;
  return fresh;
}

// R-RESYNC-57
bool resyncs_at_once(const Step& s, Reason why) {
  return why == Reason::restart_for_submit &&
         s.personality().pass_after_submit != PassAfterSubmit::as_restart;
}

// Why a phone that has come up makes no boot pass; nothing where it makes one.
std::optional<Reason> no_boot_pass(const Step& s, Reason why) {
  if (why == Reason::restart_for_parameters) {  // R-RESYNC-47
    if (s.personality().boot_pass_after_update == BootPassAfterUpdate::yes) return std::nullopt;
    return Reason::restart_off_boot_pass;
  }
  if (why == Reason::restart_for_certificate) {  // R-CERT-06
    if (s.personality().boot_pass_after_update == BootPassAfterUpdate::yes) return std::nullopt;
    return Reason::certificate_off_boot_pass;
  }
  const bool is_local = why == Reason::restart_for_local_change;
  if (is_local && s.personality().boot_pass_after_local_change == BootPassAfterLocalChange::no)
    return Reason::local_change_off_boot_pass;  // R-RESYNC-56
  if (why == Reason::restart_for_upgrade) {     // R-RESYNC-54
    if (s.settings().resync_after_upgrade_attempt) return std::nullopt;
    return Reason::resync_after_upgrade_off;
  }
  if (resyncs_at_once(s, why) || s.settings().resync_on_reset) return std::nullopt;
  return Reason::resync_on_reset_off;
}

// What a person has changed, and has restarted the phone.
bool is_by_hand(Reason why) {
  return why == Reason::restart_for_local_change || why == Reason::restart_for_submit;
}

// By whose rule an upgrade was. The retries of Upgrade_Rule are no matter of another rule's.
enum class Upgrade : std::uint8_t { by_parameter, one_time };

Upgrade end_upgrade(Step& s) {
  const bool was_one_time = s.phone.in_one_time_upgrade;
  s.phone.in_one_time_upgrade = false;
  s.phone.state = State::idle;
  return was_one_time ? Upgrade::one_time : Upgrade::by_parameter;
}

// How much of a pass follows: of two that want a restart the one counts that asks for more.
int weight_of(Reason why) {
  switch (why) {
    case Reason::factory_reset:
      return 4;
    case Reason::restart_for_submit:
      return 3;
    case Reason::restart_requested:
    case Reason::ip_changed:
      return 2;
    case Reason::restart_for_local_change:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

void boot(Step& s, Reason why) {
  // Before fresh_phone(), which makes the state idle.
  const bool was_restarting = s.phone.state == State::restarting;
  s.phone = fresh_phone(s);
  notice_changed_lists(s);
  s.effects.add(Booted{why});
  report_after_start(s);
  look_at_certificate(s, {.has_come_up = true});
  if (is_by_hand(why)) report_local_change(s);
  // R-RESYNC-64: behind the boot pass, as any restart that waits.
  if (why == Reason::restart_for_upgrade &&
      s.personality().starts_after_upgrade == StartsAfterUpgrade::twice)
    want_restart(s, Reason::second_restart);
  if (const auto reason = no_boot_pass(s, why)) {
    s.effects.add(PassGated{PassKind::boot, *reason});
    // R-RESYNC-48: the pass before the restart succeeded, so its schedule goes on. R-RESYNC-04:
    // after power-on nothing arms the periodic timer before a first success.
    const bool schedule_goes_on = was_restarting && *reason != Reason::resync_on_reset_off;
    schedule_goes_on ? arm_schedule(s) : arm_resync_at(s);
    return go_on(s);
  }
  arm_resync_at(s);
  if (!resyncs_at_once(s, why)) return arm_boot_delay(s);
  const bool is_asked = s.personality().pass_after_submit == PassAfterSubmit::explicit_request;
  pass_comes_due(s, is_asked ? PassKind::explicit_request : PassKind::boot, Reason::submitted,
                 Timer::boot_delay);
}

// R-RESYNC-49: a restart waits for a free line and for the end of what is under way.
void restart_requested(Step& s) {
  want_restart(s, Reason::restart_requested);
  go_on(s);
}

// R-RESYNC-59: a restart like any other, by which everything is forgotten that was set.
void factory_reset_requested(Step& s) {
  want_restart(s, Reason::factory_reset);
  go_on(s);
}

void want_restart(Step& s, Reason why) {
  auto& phone = s.phone;
  if (!phone.wants_restart || weight_of(why) > weight_of(phone.restart_why))
    phone.restart_why = why;
  phone.wants_restart = true;
}

void restart(Step& s, Reason why) {
  auto& phone = s.phone;
  // Whoever ends a pass or an upgrade arms what follows, and nothing of that follows now.
  s.effects.drop_timers();
  const bool changed = why == Reason::restart_for_parameters ||
                       why == Reason::restart_for_certificate || is_by_hand(why);
  const bool upgrade_waits = phone.upgrade_waits && changed;
  s.effects.add(Restarting{why});
  clear_schedule(s);
  phone.state = State::restarting;
  phone.restart_why = why;
  phone.wants_restart = false;
  phone.is_deferring = false;
  phone.one_time_waits = false;
  phone.upgrade_waits = upgrade_waits;
  phone.one_time_upgrade_waits = false;
  phone.in_one_time_upgrade = false;
  phone.active_calls = 0;
  phone.resync_at_due = Time::max();
  phone.upgrade_due = Time::max();
  phone.report_due = Time::max();
  phone.restarted = s.now + s.personality().restart_duration;
}

void look_at_certificate(Step& s, RenewCertificate wanted) {
  if (s.settings().certificate_renewal_print != 0) s.effects.add(wanted);
}

// R-RESYNC-50: Upgrade_Rule is looked at behind every pass that succeeded, and when it changes. A
// changed rule forgets the failures of the one before.
void want_upgrade(Step& s) {
  auto& phone = s.phone;
  if (phone.upgrade_rule_print != s.settings().upgrade_rule_print) {
    phone.upgrade_rule_print = s.settings().upgrade_rule_print;
    phone.upgrade_retry_index = 0;
    phone.upgrade_due = Time::max();
  }
  if (!s.settings().has_upgrade_rule) return;
  const bool failed_before = phone.upgrade_retry_index > 0;
  if (failed_before) return;  // its own timer brings it back
  phone.upgrade_waits = true;
}

// R-RESYNC-51: Upgrade_Enable holds upgrades and nothing else.
void begin_upgrade(Step& s) {
  auto& phone = s.phone;
  phone.upgrade_waits = false;
  phone.upgrade_due = Time::max();
  if (!s.settings().upgrade_enable) {
    s.effects.add(UpgradeHeld{Reason::upgrade_disabled});
    return;
  }
  phone.state = State::upgrade;
  s.effects.add(EvaluateUpgrade{phone.upgrade_retry_index > 0});
}

// R-UPGRADE-10: who may not ask is told so, and so is who has to wait. Of two that wait the later
// rule counts.
void upgrade_requested(Step& s, const UpgradeRequested& request) {
  auto refusal = refusal_of(s.settings(), request.origin);
  if (!refusal && !s.settings().upgrade_enable) refusal = Reason::upgrade_disabled;
  if (refusal) {
    s.effects.add(UpgradeHeld{*refusal, true});
    return;
  }
  s.phone.one_time_upgrade_waits = true;
  if (const auto hold = hold_of(s, PassKind::explicit_request)) {
    s.effects.add(UpgradeDeferred{hold->reason});
    return;
  }
  begin_one_time_upgrade(s);
}

void begin_one_time_upgrade(Step& s) {
  auto& phone = s.phone;
  phone.one_time_upgrade_waits = false;
  if (!s.settings().upgrade_enable) {
    s.effects.add(UpgradeHeld{Reason::upgrade_disabled, true});
    return go_on(s);
  }
  phone.state = State::upgrade;
  phone.in_one_time_upgrade = true;
  s.effects.add(EvaluateUpgrade{false, true});
}

// Nothing to load ends the failures before it too: `$UPGST` is 1 again.
void upgrade_skipped(Step& s) {
  if (end_upgrade(s) == Upgrade::by_parameter) s.phone.upgrade_retry_index = 0;
  go_on(s);
}

namespace {

// R-UPGRADE-14: whatever it waited for.
void migrate(Step& s) {
  Phone left;
  left.index = s.phone.index;
  left.draws = s.phone.draws;
  left.state = State::migrated;
  s.phone = left;
  s.effects.add(Migrated{});
}

}  // namespace

// R-RESYNC-52: this restart does not wait for a call that has begun meanwhile.
void upgrade_succeeded(Step& s, const UpgradeSucceeded& done) {
  if (done.is_migration) return migrate(s);
  s.phone.last_upgrade = s.now;
  s.phone.state = State::idle;
  // R-RESYNC-57, R-RESYNC-59: neither is lost, whatever Resync_After_Upgrade_Attempt says.
  const auto wanted = s.phone.wants_restart ? s.phone.restart_why : Reason::restart_for_upgrade;
  const bool is_more = wanted == Reason::restart_for_submit || wanted == Reason::factory_reset;
  restart(s, is_more ? wanted : Reason::restart_for_upgrade);
}

void upgrade_failed(Step& s, const UpgradeFailed& failed) {
  s.phone.last_upgrade = s.now;
  if (end_upgrade(s) == Upgrade::by_parameter) arm_upgrade_retry(s, failed.error);
  if (s.settings().resync_after_upgrade_attempt) {  // R-RESYNC-54
    // Timer::none: where it is held nothing waits for it again, the schedule goes on as it was.
    pass_comes_due(s, PassKind::boot, Reason::upgrade_attempted, Timer::none);
  }
  go_on(s);
}

}  // namespace provphone::resync::detail
