#pragma once

#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "resync/local_time.hpp"
#include "resync/machine_values.hpp"
#include "resync/personality.hpp"
#include "resync/phone_clock.hpp"
#include "resync/random.hpp"
#include "resync/reason.hpp"
#include "resync/settings.hpp"
#include "resync/time.hpp"
#include "resync/trigger.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

// The resync state machine of one phone (behaviour rules R-RESYNC-*). Every behaviour in time is
// here and in nothing else: same phone, shared data, event and time give the same effects.
namespace provphone::resync {

// `migrated` is for good (R-UPGRADE-14).
enum class State : std::uint8_t { off, idle, pass, upgrade, restarting, migrated };

inline constexpr std::uint8_t one_time_slot = rule_slots;
inline constexpr std::size_t tracked_lines = 2;  // $REGTMR1 and $REGTMR2

// A pass that is due and waits, for the end of a call or of another pass.
struct DeferredPass {
  PassKind kind = PassKind::boot;
  Reason why = Reason::power_on;
  Timer timer = Timer::none;  // that made it due
  Time until = Time::max();   // it starts then at the latest; Time::max(): when the phone is free

  friend bool operator==(const DeferredPass&, const DeferredPass&) = default;
};

// All that a phone remembers. No pointers: a million of these is one array.
//
// Invariants: `due` is the earliest deadline of the members above it, and Time::max() while the
// phone is off, in a pass or in an upgrade. `timer` is none exactly when `timer_due` is
// Time::max().
struct Phone {
  std::uint32_t index = 0;  // names the phone's random streams
  State state = State::off;
  Scope scope = Scope::configured_rules;  // of the running pass
  PassKind kind = PassKind::boot;         // of the pass that runs, or ran last: `$PRVST`
  Reason why = Reason::power_on;          // of the same pass
  std::uint8_t slot = 0;                  // the rule under evaluation
  std::uint8_t active_calls = 0;
  Timer timer = Timer::none;        // boot_delay, periodic or error_retry
  bool clock_is_known : 1 = false;  // eight in an octet: the phone is in as little space as may be
  bool is_deferring : 1 = false;
  bool one_time_waits : 1 = false;
  bool has_file : 1 = false;  // a rule of the running pass brought one
  bool one_time_upgrade_waits : 1 = false;
  bool in_one_time_upgrade : 1 = false;
  bool link_is_down : 1 = false;
  bool awaits_code : 1 = false;  // R-BOOT-01
  bool upgrade_waits = false;
  bool needs_restart = false;  // a pass changed what takes effect with a restart
  bool wants_restart = false;  // somebody asked for one
  Reason restart_why = Reason::power_on;
  std::uint16_t chained = 0;     // passes that followed one another without a timer
  std::int16_t clock_ahead = 0;  // minutes that its clock was put forward since it came up
  // Of what takes a restart, as it was before the first pass that has changed it (R-RESYNC-46).
  std::uint32_t restart_print = 0;
  DeferredPass deferred;  // where is_deferring
  Time timer_due = Time::max();
  Time resync_at_due = Time::max();
  Time trigger_due = Time::max();
  Time upgrade_due = Time::max();
  Time report_due = Time::max();
  Time restarted = Time::max();  // end of the restart
  Time due = Time::max();
  Time powered_on{};
  Time pass_started = Time::min();
  Time last_attempt = Time::min();  // start of the pass before the running one; Time::min(): none
  Time last_upgrade = Time::min();  // start of the last upgrade attempt
  Time quiet_from = Time::min();    // Forced_Resync_Delay after the last call (knob)
  std::array<Time, tracked_lines> unregistered_since{Time::max(), Time::max()};
  // Of the Profile_Rules that the running pass goes by (R-RESYNC-16).
  std::uint32_t rules_print = 0;
  std::uint32_t periodic_print = 0;     // of the list that periodic_index counts in
  std::uint32_t error_retry_print = 0;  // of the list that error_retry_index counts in
  std::uint32_t upgrade_rule_print = 0;
  std::uint16_t periodic_index = 0;
  std::uint16_t error_retry_index = 0;
  std::uint16_t upgrade_retry_index = 0;
  EnumArray<Purpose, std::uint16_t> draws;
};
static_assert(sizeof(Phone) <= 184);

// What phones have in common. `settings` are those of the stepped phone as its parameters are now.
struct Shared {
  const Personality& personality;
  const Settings& settings;
  const WallClock& wall;
  std::uint64_t seed;
  const macro::Lookup& facts;  // the phone's macros; asked only where a trigger is set
  LeaseTime lease{};
  // Of the rules behind the first: those of which the driver knows already that they come to
  // RuleSkipped as parameters are now. They are passed over without being asked for; none: all are.
  std::bitset<rule_slots> idle_rules{};
};

// A phone that was powered on before `now` and has nothing due: what a person meets who asks a
// running phone to resync.
Phone running_phone(std::uint32_t index, const Shared& shared, Time now);

// Why the phone takes no notice of the event, of which step() then makes nothing: what is asked of
// a phone, set at it or happens to its lines and clock needs one that is up. Asked before the step.
std::optional<Missed> missed(const Event& event, const Phone& phone);

// Whether it answers who comes to it over the network: it is up, and so is its link (R-FACE-01,
// R-RESYNC-63).
bool is_reachable(const Phone& phone);

// Why who asks in that way may not; nothing where he may (R-RESYNC-40).
std::optional<Reason> refusal_of(const Settings& settings, Origin origin);
// Why nobody can change parameters in that way; nothing where somebody can.
std::optional<Reason> refusal_of(const Settings& settings, ByHand how);
// Why nobody can submit anything on the phone's web page.
std::optional<Reason> page_refusal_of(const Settings& settings);

// Whether the machine has taken up the rule that came with a request (R-RESYNC-42, R-UPGRADE-10):
// it is evaluated now, or waits. Of what step() made of that request.
bool takes_rule(const Effects& effects);

// Takes one event, or one deadline: `phone.due` may be `now` again behind it. `now` never goes
// back. DeadlineReached before `phone.due` does nothing; a Rule... event outside a pass, or an
// Upgrade... event outside an upgrade, is a driver's mistake and asserted.
Effects step(Phone& phone, const Shared& shared, const Event& event, Time now);

// What the phone's clock shows, if it knows the time. Refers to `wall` and `settings`.
PhoneClock clock_of(const Phone& phone, const Settings& settings, const Personality& personality,
                    const WallClock& wall, const LeaseTime& lease);

// Since when the phone's timers count, and what they show.
TimerOrigins timer_origins_of(const Phone& phone);
Timers timers_of(const Phone& phone, Time now);

}  // namespace provphone::resync
