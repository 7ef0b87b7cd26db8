#pragma once

#include "macro/error.hpp"
#include "resync/personality.hpp"
#include "resync/random.hpp"
#include "resync/reason.hpp"
#include "resync/settings.hpp"
#include "resync/time.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <span>
#include <variant>

// The resync state machine of one phone (behaviour rules R-RESYNC-*). Every behaviour in time is
// here and in nothing else: same phone, shared data, event and time give the same effects.
namespace provphone::resync {

enum class State : std::uint8_t { off, idle, pass };

// All that a phone remembers. No pointers: a million of these is one array.
//
// Invariants: `due` is Time::max() exactly when `timer` is none; no timer is armed while off or
// during a pass.
struct Phone {
  std::uint32_t index = 0;  // names the phone's random streams
  State state = State::off;
  Timer timer = Timer::none;
  PassKind kind = PassKind::boot;  // of the pass that runs, or ran last: `$PRVST`
  Reason why = Reason::power_on;   // of the same pass
  std::uint8_t slot = 0;           // the rule under evaluation
  std::uint8_t chained = 0;        // passes that followed one another without a timer
  bool explicit_pending = false;   // a request that came during a pass
  Time due = Time::max();
  Time powered_on{};
  Time pass_started = Time::min();
  Time last_attempt = Time::min();  // start of the pass before the running one; Time::min(): none
  std::uint32_t rules_print_at_start = 0;
  std::uint32_t periodic_print = 0;     // of the list that periodic_index counts in
  std::uint32_t error_retry_print = 0;  // of the list that error_retry_index counts in
  std::uint16_t periodic_index = 0;
  std::uint16_t error_retry_index = 0;
  std::array<std::uint16_t, 3> draws{};  // by Purpose
};
static_assert(sizeof(Phone) <= 80);

// What phones have in common. `settings` are those of the stepped phone as its parameters are now.
struct Shared {
  const Personality& personality;
  const Settings& settings;
  std::uint64_t seed;
};

// --- events: what happened to a phone

struct PoweredOn {};  // power and network are there
struct PoweredOff {};
struct DeadlineReached {};
struct ResyncRequested {};  // of the configured rules, by a person, a web page or a SIP message
struct RuleSkipped {};      // empty, commented out, or no guard held
struct RuleSucceeded {};    // its profile is applied, or it held assignments only
struct RuleFailed {
  Errc error;
};

using Event = std::variant<PoweredOn, PoweredOff, DeadlineReached, ResyncRequested, RuleSkipped,
                           RuleSucceeded, RuleFailed>;

// --- effects: what the phone wants done, and what it decided

// The one effect that asks for something: evaluate this rule against the parameters as they are
// now, fetch and apply what it names, and answer with one Rule... event.
struct EvaluateRule {
  std::uint8_t slot;
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
};
struct PassStarted {
  PassKind kind;
  Reason reason;
};
// A rule's file was not there, and Resync_Fails_On_FNF says that this is no failure.
struct FileNotFoundForgiven {
  std::uint8_t slot;
};
struct PassSucceeded {
  PassKind kind;
  Reason reason;
};
struct PassFailed {
  PassKind kind;
  Reason reason;
  Errc error;
  std::uint8_t slot;  // the rule that failed
};

using Effect = std::variant<EvaluateRule, TimerArmed, PassDue, PassGated, PassDeferred, PassStarted,
                            FileNotFoundForgiven, PassSucceeded, PassFailed>;

// The effects of one step, in the order they were decided.
class Effects {
 public:
  static constexpr std::size_t capacity = 8;

  void add(const Effect& effect) {
    assert(size_ < capacity);
    effects_[size_++] = effect;
  }
  const Effect* begin() const { return effects_.data(); }
  const Effect* end() const { return effects_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<Effect, capacity> effects_{};
  std::size_t size_ = 0;
};

// A phone that was powered on before `now` and has nothing due: what a person meets who asks a
// running phone to resync.
Phone running_phone(std::uint32_t index, const Settings& settings, Time now);

// Takes one event. `now` never goes back. DeadlineReached before `phone.due` does nothing; a
// Rule... event outside a pass is a driver's mistake and asserted.
Effects step(Phone& phone, const Shared& shared, const Event& event, Time now);

// Whole seconds since the last resync attempt, `$PRVTMR`; since power-on where there was none.
std::int64_t seconds_since_attempt(const Phone& phone, Time now);

}  // namespace provphone::resync
