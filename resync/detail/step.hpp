#pragma once

#include "resync/machine.hpp"

// The parts of one step of the machine, by subject: what is armed, what holds a pass back, what a
// pass does, and what happens around it.
namespace provphone::resync::detail {

// Nothing that repeats may do so more often than this (R-RESYNC-11).
inline constexpr Duration shortest_repeat = std::chrono::seconds(1);

// One step under way: the phone, what it may look at, and the effects so far.
struct Step {
  Phone& phone;
  const Shared& shared;
  Time now;
  Effects& effects;
  bool waits_again = false;  // for an element of a list that was waited for already

  const Settings& settings() const { return shared.settings; }
  const Personality& personality() const { return shared.personality; }
};

inline bool is_up(const Phone& phone) {
  return phone.state != State::off && phone.state != State::restarting &&
         phone.state != State::migrated;
}

// --- the time (timers.cpp)

// Whether anybody gives the phone the time, sooner or later (R-RESYNC-29).
bool may_have_time(const Shared& shared);
// Whether a phone that comes up now has it already.
bool has_time_from_boot(const Shared& shared);
// Takes the time where it is there by now; says whether it was not known before.
bool learn_time(Step& s);

// --- timers (timers.cpp)

void arm_boot_delay(Step& s);
// What follows a success: Resync_At where it is valid, else Resync_Periodic. The index into its
// list is stepped on by whoever ends the pass.
void arm_schedule(Step& s);
// What follows a failure: Resync_Error_Retry_Delay, and Resync_At beside it. Steps its list on.
void arm_error_retry(Step& s);
// What follows an upgrade that failed (R-RESYNC-53). Steps its list on, also where it is disabled:
// an index above 0 is how a failure is remembered.
void arm_upgrade_retry(Step& s, Errc failure);
// The day's instant that is still ahead, or none; says so in either case, but for one that was off
// and stays off.
void arm_resync_at(Step& s);
// Forgets the one timer of boot delay, Resync_Periodic and retries, without an effect. Resync_At
// has a deadline of its own and goes on.
void clear_schedule(Step& s);
// A pass that was due by `timer` and held back waits for it again, for the same element of its list
// (R-RESYNC-05). Where no timer made it due, nothing is armed.
void wait_again(Step& s, Timer timer);
// R-RESYNC-12: a list whose text changed is begun anew.
void notice_changed_lists(Step& s);
// Brings report_due, trigger_due and due up to date, at the end of every step. Whatever a step
// changes before that need not keep `due` right.
void settle(Step& s);

// --- gates (gates.cpp)

// Says why a pass may not be, and adds the effect; nothing where it may.
bool is_gated(Step& s, PassKind kind);
// What holds a pass back, and until when at the latest; Time::max(): until something ends it.
struct Hold {
  Reason reason;
  Time until;
};
// What a pass has to wait for (R-RESYNC-36 to R-RESYNC-39); nothing: it may start now. With the
// knob forced_resync_delay at maximum_wait `until` is reckoned from `s.now`, not from when the pass
// was due.
std::optional<Hold> hold_of(const Step& s, PassKind kind);
// The deferred pass waits on, for what holds it now.
void hold_on(Step& s, const Hold& hold);

// --- passes (passes.cpp)

// Starts with Profile_Rule, and drops the timer and the deferred pass; Resync_At, a retry of an
// upgrade and a report go on. That the pass may start is for the caller to know.
void begin_pass(Step& s, PassKind kind, Reason why);
// A pass that some timer made due: it starts, waits or is held.
void pass_comes_due(Step& s, PassKind kind, Reason why, Timer timer);
// `pass.until` is not looked at; the hold says it.
void start_or_defer(Step& s, const DeferredPass& pass);
// The deferred pass starts now, whatever held it.
void release_deferred(Step& s);
void resync_requested(Step& s, const ResyncRequested& request);
void rule_succeeded(Step& s, const RuleSucceeded& done);
void rule_skipped(Step& s);
void rule_failed(Step& s, const RuleFailed& failed);
void rule_onboards(Step& s, const RuleOnboards& done);
void code_entered(Step& s);
// Whatever waited for the phone to be free: a restart, a one-time pass, the deferred pass, an
// upgrade, the first of them that may. For the end of everything that kept them waiting; it does
// nothing while the phone is busy.
void go_on(Step& s);

// --- power, restarts and upgrades (restarts.cpp)

// The phone is up again: power_on, or the reason of the restart that is over.
void boot(Step& s, Reason why);
void restart_requested(Step& s);
void factory_reset_requested(Step& s);
// One restart serves all that want one, and what follows it is for the most that was asked for.
// go_on() begins it.
void want_restart(Step& s, Reason why);
// Goes down at once; what waits is dropped, but for the upgrade behind changed parameters. What
// this step has told of timers is taken back.
void restart(Step& s, Reason why);
// Notes that Upgrade_Rule is to be looked at (R-RESYNC-50). go_on() begins it.
void want_upgrade(Step& s);
// Asks for the evaluation of Upgrade_Rule, or says what holds it (R-RESYNC-51).
void begin_upgrade(Step& s);
// The same for a rule that comes with a request, or that has waited (R-UPGRADE-10).
void upgrade_requested(Step& s, const UpgradeRequested& request);
void begin_one_time_upgrade(Step& s);
void upgrade_skipped(Step& s);
void upgrade_succeeded(Step& s, const UpgradeSucceeded& done);
void upgrade_failed(Step& s, const UpgradeFailed& failed);

// Has the phone's certificate renewed, where its parameters say so (R-CERT-06).
void look_at_certificate(Step& s, RenewCertificate wanted);

// --- reports (reports.cpp)

void report_requested(Step& s);
void report_after_start(Step& s);
void report_is_due(Step& s);
void report_local_change(Step& s);
// What Report_To_Server asks for is armed, and nothing else is: it looks at the settings anew,
// since any event may have changed them.
void keep_report_timer(Step& s);

}  // namespace provphone::resync::detail
