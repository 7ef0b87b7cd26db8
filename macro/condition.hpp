#pragma once

#include "macro/error.hpp"
#include "macro/version.hpp"

#include <cstdint>
#include <string_view>

// Conditional expressions of rules and resync triggers, after macro expansion (behaviour rules
// R-COND-*).
namespace provphone::macro {

enum class UserInfo : std::uint8_t { refused, login };              // user:password@ in a URL
enum class UpgradeOptions : std::uint8_t { credentials, refused };  // brackets in an upgrade rule

// How one generation of firmware reads rules and conditions. resync/personality.hpp makes it of a
// phone's knobs.
struct Dialect {
  VersionOrder versions = VersionOrder::mpp;
  // Legacy leftovers: `! 1.0.33` and `<1.0`, whose left side is the running firmware.
  bool implicit_software_version = false;
  // A value whose first character is `#` is commented out.
  bool leading_hash_comments = false;
  UserInfo user_info = UserInfo::refused;
  UpgradeOptions upgrade_options = UpgradeOptions::credentials;
};

// True for a rule or trigger that says nothing: empty, blank, or commented out. Look before
// evaluate_condition(), to which a condition that is not there is an error.
bool is_blank(std::string_view value, const Dialect& dialect);

// Evaluates `expanded` without parentheses around it. `software_version` is `$SWVER`, the left side
// that legacy comparisons leave out. Fails with Errc::condition_syntax, condition_type or
// version_format, whatever the comparisons in front of the fault came to (R-COND-03). The detail
// has offsets into `expanded` and none of its text (R-RULE-24).
Result<bool> evaluate_condition(std::string_view expanded, const Dialect& dialect,
                                std::string_view software_version);

}  // namespace provphone::macro
