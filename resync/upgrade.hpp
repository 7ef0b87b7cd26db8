#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"
#include "resync/plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What an upgrade rule asks for (behaviour rules R-UPGRADE-*).
namespace provphone::resync {

// Why there is nothing to fetch.
enum class NoUpgrade : std::uint8_t {
  upgrade_disabled,   // Upgrade_Enable is No
  rule_empty,         // nothing in the rule, or commented out
  no_guard_held,      // every alternative has a guard, and all are false
  no_url,             // the alternative holds assignments only
  already_running,    // the rule's load is the one that runs
  already_tried,      // neither the rule nor what it leads to has changed since the last attempt
  downgrade_refused,  // the load is older than Downgrade_Rev_Limit
};

std::string_view name(NoUpgrade why);  // the enumerator

// What a phone remembers of an attempt.
struct UpgradeTarget {
  std::string rule;  // as it stands in Upgrade_Rule
  macro::Url url;

  friend bool operator==(const UpgradeTarget&, const UpgradeTarget&) = default;
};

struct UpgradeFetch {
  UpgradeTarget target;
  std::string load;  // the file's name without directory and suffix
  std::optional<Login> login;
};

struct UpgradePlan {
  int alternative = 0;
  NoUpgrade why_not = NoUpgrade::rule_empty;  // where there is no `fetch`
  std::vector<macro::Assignment> assignments;
  std::optional<UpgradeFetch> fetch;
};

// Expands and evaluates Upgrade_Rule. `last` is the attempt that is not to be repeated; a retry of
// a failed one comes without it. Fails with a code of stage rule.
Result<UpgradePlan> plan_upgrade(std::string_view rule, const MacroSource& source,
                                 const std::optional<UpgradeTarget>& last);

// `sip88xx.11-3-2MPP0001-609` of `/fw/sip88xx.11-3-2MPP0001-609.loads?x`.
std::string_view load_name(std::string_view path);

}  // namespace provphone::resync
