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

// --- timers (timers.cpp)

void arm_boot_delay(Step& s);
// What follows a success: Resync_At where it is valid, else Resync_Periodic.
void arm_schedule(Step& s);
// What follows a failure: Resync_Error_Retry_Delay, and Resync_At beside it.
void arm_error_retry(Step& s);
void arm_upgrade_retry(Step& s);
void arm_resync_at(Step& s);
void clear_schedule(Step& s);
// A pass that was due by `timer` and held back waits for it again (R-RESYNC-05).
void wait_again(Step& s, Timer timer);
// R-RESYNC-12: a list whose text changed is begun anew.
void notice_changed_lists(Step& s);
// Brings trigger_due and due up to date, at the end of a step.
void settle(Step& s);

// --- gates (gates.cpp)

// Says why a pass may not be, and adds the effect; nothing where it may.
bool is_gated(Step& s, PassKind kind);
std::optional<Reason> refusal_of(const Step& s, Origin origin);

struct Hold {
  Reason reason;
  Time until;
};
// What a pass has to wait for (R-RESYNC-36 to R-RESYNC-39).
std::optional<Hold> hold_of(const Step& s, PassKind kind);

// --- passes (passes.cpp)

void begin_pass(Step& s, PassKind kind, Reason why);
// A pass that some timer made due: it starts, waits or is held.
void pass_comes_due(Step& s, PassKind kind, Reason why, Timer timer);
void start_or_defer(Step& s, const DeferredPass& pass);
// The deferred pass starts now, whatever held it.
void release_deferred(Step& s);
void resync_requested(Step& s, const ResyncRequested& request);
void rule_succeeded(Step& s, bool needs_restart);
void rule_skipped(Step& s);
void rule_failed(Step& s, const RuleFailed& failed);
// Whatever waited for the phone to be free.
void go_on(Step& s);

// --- power, restarts and upgrades (restarts.cpp)

void boot(Step& s, Reason why);
void restart_requested(Step& s);
void restart(Step& s, Reason why);
void want_upgrade(Step& s);
void begin_upgrade(Step& s);
void upgrade_skipped(Step& s);
void upgrade_succeeded(Step& s);
void upgrade_failed(Step& s);

// --- reports (reports.cpp)

void report_requested(Step& s);
void report_after_start(Step& s);
void report_is_due(Step& s);
void report_local_change(Step& s);
// What Report_To_Server asks for is armed, and nothing else is.
void keep_report_timer(Step& s);

}  // namespace provphone::resync::detail
