#pragma once

#include "client/evidence/guess.hpp"

#include <string>
#include <vector>

namespace provphone::client::evidence::detail {

// Who a phone is as far as its rules' macros go.
struct Person {
  const SeenPhone* phone;
  std::string model,
      release;  // of its last User-Agent that says so, or of a message; empty: none does
};

Person person_of(const Seen& seen, const SeenPhone& phone);

// `path` as the rule has it that this phone asked by: `$MA`, `$MAU`, `$MAC`, `$SN`, `$PN`, `$PSN`.
// Empty where no rule can have it: blanks, `$` and what rules take for their own.
std::string rule_path(const Person& person, const std::string& path);

// `path` with `*` for all that is the phone's own, as rule_path() finds it.
std::string path_pattern(const Person& person, const std::string& path);

// Fills in rules, seldom and period. All of `people` are of the group.
void guess_rules(const Seen& seen, const std::vector<Person>& people, GuessedGroup& group);

}  // namespace provphone::client::evidence::detail
