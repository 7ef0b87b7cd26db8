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

// The name that an upgrade goes by whose rule came with a request (R-UPGRADE-10).
inline constexpr std::string_view one_time_upgrade_name = "one_time_upgrade";

// What a phone remembers of an attempt, and compares with the next (R-UPGRADE-03).
struct UpgradeTarget {
  std::string rule;  // as it stands in Upgrade_Rule
  macro::Url url;

  friend bool operator==(const UpgradeTarget&, const UpgradeTarget&) = default;
};

struct UpgradeFetch {
  UpgradeTarget target;
  std::string load;  // that the phone says it runs, once it has it (resync/load.hpp)
  std::optional<Login> login;
  bool takes_licence = false;  // R-UPGRADE-13
};

struct UpgradePlan {
  int alternative = 0;
  Reason why_not = Reason::rule_empty;  // where there is no `fetch`
  std::vector<macro::Assignment> assignments;
  std::optional<UpgradeFetch> fetch;
};

// The request for the licence that enterprise firmware takes, of Trans_Auth_Rule, which is
// evaluated as a profile rule is. Fails with not_licensed where there is none, whatever the reason.
Result<Request> plan_licence(const MacroSource& source, const std::vector<DhcpOption>& lease);

// Expands and evaluates Upgrade_Rule. `last` is the attempt that is not to be repeated; a retry of
// a failed one comes without it. Fails with a code of stage rule. A rule that leads to no fetch is
// no failure: `why_not` says why, and what it assigns counts all the same.
Result<UpgradePlan> plan_upgrade(std::string_view rule, const MacroSource& source,
                                 const std::optional<UpgradeTarget>& last);

}  // namespace provphone::resync
