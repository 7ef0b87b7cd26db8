#pragma once

#include "macro/expand.hpp"
#include "resync/machine.hpp"
#include "resync/macros.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What stood behind a decision, for whoever has to explain it (client/trace/facts.cpp). No secret
// is in any of it (R-RULE-45). All of it is read at the moment of the decision: a pass may change
// what it went by.
namespace provphone::resync {

// A parameter that a decision went by.
struct SettingFact {
  std::string_view name;
  std::string text;       // as it is set
  std::string note;       // how the phone reads it where that is a surprise
  std::size_t element{};  // 1-based, of a delay list: the one that counts now; 0: no list
  std::size_t elements{};

  friend bool operator==(const SettingFact&, const SettingFact&) = default;
};

// The parameters behind a reason, as they are set; none where no parameter is.
std::vector<SettingFact> settings_behind(Reason reason, const MacroSource& source);

// The same for a timer that was armed for that reason; of a delay list of several elements, which
// one. `phone` is to be as it is right behind the step that armed it.
std::vector<SettingFact> settings_behind(Timer timer, Reason reason, const Phone& phone,
                                         const MacroSource& source);

// What a phone's zone comes from, beside Resync_At: those parameters that differ from the factory,
// each with how it is read where that is a surprise. `parsed` are the phone's settings.
void add_zone(std::vector<SettingFact>& settings, const Settings& parsed, const MacroSource& source,
              const LeaseTime& lease);

// Notes on Resync_At where clocks do not show that time on the day of `due` (R-RESYNC-24).
void note_skipped_time(std::vector<SettingFact>& settings, const DailyWindow& window,
                       const PhoneClock& clock, Time due);

// A trigger and what it came to; an error in `holds` counts as false (R-RESYNC-31).
struct ConditionFact {
  std::string_view name;  // Resync_Trigger_1, Resync_Trigger_2
  std::string text;       // as written
  std::string expanded;
  Result<bool> holds;

  friend bool operator==(const ConditionFact&, const ConditionFact&) = default;
};

// The triggers that are set, as they read at that moment.
std::vector<ConditionFact> describe_triggers(const Settings& settings, const Timers& timers,
                                             const macro::Lookup& facts,
                                             const Personality& personality);

struct MacroFact {
  std::string name;
  std::string value;

  friend bool operator==(const MacroFact&, const MacroFact&) = default;
};

// The macros that an expansion of `text` as a rule takes, each once, in the order of the text.
// Secret values are hidden: those of secret macros, and whatever a rule has as a key or password.
std::vector<MacroFact> macros_in(std::string_view text, const macro::Lookup& lookup,
                                 const Personality& personality);

struct GuardFact {
  std::string text;  // expanded; empty: an alternative without a condition
  Result<bool> holds;

  friend bool operator==(const GuardFact&, const GuardFact&) = default;
};

struct RuleFacts {
  std::string text;  // as written
  std::string expanded;
  std::vector<MacroFact> macros;
  std::vector<GuardFact> guards;  // one an alternative; none where no alternative has a condition
  std::vector<std::string> remarks;  // on what in it was hardly meant so (R-MACRO-26)

  friend bool operator==(const RuleFacts&, const RuleFacts&) = default;
};

// A profile rule as it reads now. Conditions are read behind the alternative that is taken, too.
RuleFacts describe_rule(std::string_view rule, const MacroSource& source);

// What in a rule was hardly meant so, a sentence each (macro/remarks.hpp).
std::vector<std::string> remarks_on_rule(std::string_view rule, const MacroSource& source);

// The names of the rules behind `slot` that say something; a pass that fails there does not come to
// them. None behind the last slot.
std::vector<std::string_view> rules_behind(std::size_t slot, const MacroSource& source);

// Any text without the secrets of rules (macro/hide.hpp), and whether a parameter is one.
std::string without_secrets(std::string_view text);
// What may be told of that which comes along with a request (brought.hpp): a code is secret whole.
std::string told_of(const Event& request, std::string_view rule);
bool is_secret_parameter(std::string_view name);

}  // namespace provphone::resync
