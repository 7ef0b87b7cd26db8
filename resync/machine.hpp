#pragma once

#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "resync/local_time.hpp"
#include "resync/personality.hpp"
#include "resync/random.hpp"
#include "resync/reason.hpp"
#include "resync/settings.hpp"
#include "resync/time.hpp"
#include "resync/trigger.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

// The resync state machine of one phone (behaviour rules R-RESYNC-*). Every behaviour in time is
// here and in nothing else: same phone, shared data, event and time give the same effects.
namespace provphone::resync {

enum class State : std::uint8_t { off, idle, pass, upgrade, restarting };

// Which rules a pass evaluates.
enum class Scope : std::uint8_t {
  configured_rules,  // Profile_Rule, then _B, _C and _D
  one_time_rule,     // the one that came with the request
};

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
  Timer timer = Timer::none;  // boot_delay, periodic or error_retry
  bool clock_is_known = false;
  bool is_deferring = false;
  bool one_time_waits = false;
  bool upgrade_waits = false;
  bool needs_restart = false;  // a pass changed what takes effect with a restart
  bool has_file = false;       // a rule of the running pass brought one
  bool wants_restart = false;  // somebody asked for one
  Reason restart_why = Reason::power_on;
  std::uint16_t chained = 0;  // passes that followed one another without a timer
  DeferredPass deferred;      // where is_deferring
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
  std::uint32_t rules_print_at_start = 0;
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
};

// --- events: what happened to a phone

struct PoweredOn {};  // power and network are there
struct PoweredOff {};
struct DeadlineReached {};

struct ResyncRequested {
  Origin origin = Origin::operator_;
  Scope scope = Scope::configured_rules;
};
struct RestartRequested {};
struct RuleSkipped {};         // empty, commented out, or no guard held
struct RuleSucceeded {         // its profile is applied, or it held assignments only
  bool needs_restart = false;  // resync/restart.hpp says which changes do
  bool has_file = false;       // a profile came, be it the one that was applied before
};
struct RuleFailed {
  Errc error;
  bool needs_restart = false;  // by what was applied all the same
};
struct CallStarted {};  // one more line is in use
struct CallEnded {};
struct RegistrationLost {
  std::uint8_t line;  // 0-based
};
struct RegistrationRestored {
  std::uint8_t line;
};
struct ClockSet {};           // the phone learnt what time it is
struct ParametersChanged {};  // by a person, not by a pass
struct ReportRequested {};    // by a SIP message
struct UpgradeSkipped {};     // nothing to load
struct UpgradeSucceeded {};
struct UpgradeFailed {
  Errc error;
};

using Event =
    std::variant<PoweredOn, PoweredOff, DeadlineReached, ResyncRequested, RestartRequested,
                 RuleSkipped, RuleSucceeded, RuleFailed, CallStarted, CallEnded, RegistrationLost,
                 RegistrationRestored, ClockSet, ParametersChanged, ReportRequested, UpgradeSkipped,
                 UpgradeSucceeded, UpgradeFailed>;

// --- effects: what the phone wants done, and what it decided

// Asks for something: evaluate this rule against the parameters as they are now, fetch and apply
// what it names, and answer with one Rule... event. `slot` may be one_time_slot.
struct EvaluateRule {
  std::uint8_t slot;
};
// Asks for something: evaluate Upgrade_Rule, load what it names, and answer with one Upgrade...
// event.
struct EvaluateUpgrade {
  bool is_retry;
};
// Asks for something that needs no answer: evaluate Report_Rule and send what it names.
struct SendReports {
  Reason reason;
};
// The phone is up; a boot pass may follow.
struct Booted {
  Reason reason;
};
// The phone goes down and comes back by itself.
struct Restarting {
  Reason reason;
};
// `due` is Time::max() where the timer stays off; `reason` says why.
struct TimerArmed {
  Timer timer;
  Time due;
  Reason reason;
};
struct PassDue {
  PassKind kind;
  Reason reason;
};
struct PassGated {
  PassKind kind;
  Reason reason;
};
struct PassDeferred {
  PassKind kind;
  Reason reason;
  Time until;  // Time::max(): until the phone is free
};
struct PassStarted {
  PassKind kind;
  Reason reason;
};
// A rule's file was not there, and Resync_Fails_On_FNF says that this is no failure.
struct FileNotFoundForgiven {
  std::uint8_t slot;
};
// A phone is provisioned once a pass succeeded that brought a profile. Where every rule was passed
// over, held assignments only or led to a file whose absence was forgiven, nothing came.
struct PassSucceeded {
  PassKind kind;
  Reason reason;
  bool has_file = false;
};
struct PassFailed {
  PassKind kind;
  Reason reason;
  Errc error;
  std::uint8_t slot;  // the rule that failed
};
struct UpgradeHeld {
  Reason reason;
};

using Effect = std::variant<EvaluateRule, EvaluateUpgrade, SendReports, Booted, Restarting,
                            TimerArmed, PassDue, PassGated, PassDeferred, PassStarted,
                            FileNotFoundForgiven, PassSucceeded, PassFailed, UpgradeHeld>;

// The effects of one step, in the order they were decided. No step has more than `capacity`: add()
// asserts it.
class Effects {
 public:
  static constexpr std::size_t capacity = 12;

  void add(const Effect& effect) {
    assert(size_ < capacity);
    effects_[size_++] = effect;
  }
  void drop_timers();  // takes back what was told of those that come to nothing in this step
  const Effect* begin() const { return effects_.data(); }
  const Effect* end() const { return effects_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<Effect, capacity> effects_;  // NOLINT: the first size_ count
  std::size_t size_ = 0;
};

// A phone that was powered on before `now` and has nothing due: what a person meets who asks a
// running phone to resync.
Phone running_phone(std::uint32_t index, const Shared& shared, Time now);

// Why the phone takes no notice of the event, of which step() then makes nothing: what is asked of
// a phone, set at it or happens to its lines and clock needs one that is up. Asked before the step.
std::optional<Missed> missed(const Event& event, const Phone& phone);

// Takes one event, or one deadline: `phone.due` may be `now` again behind it. `now` never goes
// back. DeadlineReached before `phone.due` does nothing; a Rule... event outside a pass, or an
// Upgrade... event outside an upgrade, is a driver's mistake and asserted.
Effects step(Phone& phone, const Shared& shared, const Event& event, Time now);

// Since when the phone's timers count, and what they show.
TimerOrigins timer_origins_of(const Phone& phone);
Timers timers_of(const Phone& phone, Time now);

}  // namespace provphone::resync
