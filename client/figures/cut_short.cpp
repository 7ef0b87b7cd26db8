#include "client/figures/cut_short.hpp"

#include <fmt/format.h>

namespace provphone::client::figures {

std::optional<VoidReason> cut_short(const FleetResult& result, const Aim& aim) {
  std::uint64_t powered_on = 0, converged = 0;
  for (const auto& group : result.figures.groups) {
    powered_on += group.powered_on;
    converged += group.converged;
  }
  const bool is_early = aim.length && result.length < *aim.length;
  // Nothing is left to come of it, as where it ends by itself.
  const bool has_come_true = aim.until_converged && converged == result.phones;
  const bool is_expected_more = (aim.is_judged && is_early) || aim.until_converged;
  if (powered_on == result.phones && (has_come_true || !is_expected_more)) return std::nullopt;
  return VoidReason{std::string(cut_short_run),
                    fmt::format("ended when {} of {} phones had been switched on and {} had "
                                "provisioned themselves",
                                powered_on, result.phones, converged),
                    "let it come to its end, or give it less time with --for"};
}

}  // namespace provphone::client::figures
