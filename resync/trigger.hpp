#pragma once

#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "resync/macros.hpp"
#include "resync/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

// Resync_Trigger_1 and Resync_Trigger_2 (behaviour rules R-RESYNC-31 to R-RESYNC-33).
namespace provphone::resync {

// What the phone's timers show; they are what makes a trigger's value change with time. `prvst` is
// a PassKind; `upgst` is 1, and 2 behind an upgrade that failed.
struct Timers {
  std::int64_t prvst = 0;
  std::int64_t prvtmr = 0;  // seconds, like the following
  std::int64_t upgst = 1;
  std::int64_t upgtmr = 0;
  std::optional<std::int64_t> regtmr1, regtmr2;  // nothing: registered, which reads 0
};

// Since when they count. `attempt` and `upgrade` are power-on where there was none (R-RESYNC-18); a
// line that is registered has no time.
struct TimerOrigins {
  std::int64_t prvst = 0;
  std::int64_t upgst = 1;
  Time attempt, upgrade;
  std::optional<Time> unregistered1, unregistered2;

  // What they show at `now` if nothing happens before.
  Timers at(Time now) const;
};

// Puts them where rules and log messages see them. A line that is registered leaves its macro as it
// was, which a person may have set.
void show_timers(MacroState& state, const Timers& timers);

// A lookup that answers the timers itself and asks `facts` for every other name. Both must outlive
// it.
macro::Lookup with_timers(const Timers& timers, const macro::Lookup& facts);

// A trigger with its macros expanded, whose names reach as far as in any text (R-MACRO-13). No
// secret comes out.
std::string expand_trigger(std::string_view trigger, const macro::Lookup& facts,
                           const Personality& personality);

// Whether one trigger holds, which must not be blank. Fails as macro::evaluate_condition does, with
// offsets of `trigger`. No secret is expanded in it.
Result<bool> trigger_holds(const std::string& trigger, const Timers& timers,
                           const macro::Lookup& facts, const Personality& personality);

// Whether a trigger that is set holds; one that cannot be read does not.
bool any_trigger_holds(const Settings& settings, const Timers& timers, const macro::Lookup& facts,
                       const Personality& personality);

// The first instant from `now` on at which a trigger holds, if nothing but time changes;
// Time::max() where none ever does. Costs an evaluation or two for every number in the triggers and
// every timer, at the end of each step of a phone whose triggers start passes.
Time next_trigger(const Settings& settings, const TimerOrigins& origins, const macro::Lookup& facts,
                  const Personality& personality, Time now);

}  // namespace provphone::resync
