#include "resync/trigger.hpp"

#include "macro/condition.hpp"
#include "macro/offsets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace provphone::resync {
namespace {

std::optional<std::int64_t> value_of(const Timers& timers, std::string_view name) {
  if (name == "PRVST") return timers.prvst;
  if (name == "PRVTMR") return timers.prvtmr;
  if (name == "UPGST") return timers.upgst;
  if (name == "UPGTMR") return timers.upgtmr;
  if (name == "REGTMR1" && timers.regtmr1) return timers.regtmr1;
  if (name == "REGTMR2" && timers.regtmr2) return timers.regtmr2;
  return std::nullopt;
}

// No timer will ever show more seconds than this: some 35 000 years. It keeps instants that are
// reckoned from a condition's numbers from overflowing Time.
constexpr std::int64_t longest_timer = std::int64_t{1} << 40U;

// Every number in a condition, each of which a timer may be compared with.
std::vector<std::int64_t> numbers_in(std::string_view text) {
  std::vector<std::int64_t> numbers;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = std::find_if(at, end, is_digit)) != end) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error == std::errc{} && number <= longest_timer) numbers.push_back(number);
    at = stop;
  }
  return numbers;
}

// A comparison of a timer with a number changes its value only when the timer reaches the number or
// leaves it, so it is enough to look then. These are all such instants ahead, with now in front.
// Which timer a number is compared with does not matter: an instant too many costs an evaluation.
std::vector<Time> instants_of_change(const std::vector<std::int64_t>& numbers,
                                     const TimerOrigins& origins, Time now) {
  std::vector<Time> instants{now};
  const auto add_behind = [&](Time origin) {
    for (const auto number : numbers) {
      for (const auto seconds : {number, number + 1}) {
        const auto instant = origin + std::chrono::seconds(seconds);
        if (instant > now) instants.push_back(instant);
      }
    }
  };
  add_behind(origins.attempt);
  add_behind(origins.upgrade);
  if (origins.unregistered1) add_behind(*origins.unregistered1);
  if (origins.unregistered2) add_behind(*origins.unregistered2);
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

std::optional<std::int64_t> seconds_since(std::optional<Time> origin, Time now) {
  if (!origin) return std::nullopt;
  return whole_seconds(now - *origin);
}

}  // namespace

Timers TimerOrigins::at(Time now) const {
  return {prvst,
          whole_seconds(now - attempt),
          upgst,
          whole_seconds(now - upgrade),
          seconds_since(unregistered1, now),
          seconds_since(unregistered2, now)};
}

void show_timers(MacroState& state, const Timers& timers) {
  state.prvst = timers.prvst;
  state.prvtmr = timers.prvtmr;
  state.upgst = timers.upgst;
  state.upgtmr = timers.upgtmr;
  state.regtmr1 = timers.regtmr1.value_or(state.regtmr1);
  state.regtmr2 = timers.regtmr2.value_or(state.regtmr2);
}

macro::Lookup with_timers(const Timers& timers, const macro::Lookup& facts) {
  return [&timers, &facts](std::string_view name, std::string& out) {
    const auto timer = value_of(timers, name);
    if (!timer) return facts(name, out);
    fmt::format_to(std::back_inserter(out), "{}", *timer);
    return true;
  };
}

std::string expand_trigger(std::string_view trigger, const macro::Lookup& facts,
                           const Personality& personality) {
  return macro::expand(trigger, facts, macro::SecretScope::nowhere, personality.macro_name_extent);
}

Result<bool> trigger_holds(const std::string& trigger, const Timers& timers,
                           const macro::Lookup& facts, const Personality& personality) {
  std::string firmware;
  // The left side that legacy comparisons leave out (R-COND-14).
  facts("SWVER", firmware);
  const auto lookup = with_timers(timers, facts);
  auto holds = macro::evaluate_condition(expand_trigger(trigger, lookup, personality),
                                         dialect_of(personality), firmware);
  if (!holds) {
    const macro::Expansion how{lookup, macro::SecretScope::nowhere, personality.macro_name_extent};
    holds.error().detail = macro::with_offsets(holds.error().detail, [&](std::size_t offset) {
      return macro::offset_as_typed(trigger, how, offset);
    });
  }
  return holds;
}

bool any_trigger_holds(const Settings& settings, const Timers& timers, const macro::Lookup& facts,
                       const Personality& personality) {
  return std::any_of(settings.triggers.begin(), settings.triggers.end(), [&](const auto& trigger) {
    return !trigger.empty() && trigger_holds(trigger, timers, facts, personality).value_or(false);
  });
}

Time next_trigger(const Settings& settings, const TimerOrigins& origins, const macro::Lookup& facts,
                  const Personality& personality, Time now) {
  std::vector<std::int64_t> numbers;
  for (const auto& trigger : settings.triggers) {
    const auto more = numbers_in(expand_trigger(trigger, facts, personality));
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  for (const auto instant : instants_of_change(numbers, origins, now)) {
    if (any_trigger_holds(settings, origins.at(instant), facts, personality)) return instant;
  }
  return Time::max();
}

}  // namespace provphone::resync
