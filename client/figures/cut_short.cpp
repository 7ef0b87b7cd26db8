#include "client/figures/cut_short.hpp"

#include <fmt/format.h>

namespace provphone::client::figures {

std::optional<VoidReason> cut_short(const Outcome& outcome, resync::Duration length,
                                    const Aim& aim) {
  // Whatever might still have come: that the lost one has failed stays.
  if (outcome.end == RunEnd::lost)
    return VoidReason{std::string(cut_short_run),
                      "ended as soon as an expectation could no longer hold",
                      "limits.abort_when says so"};
  if (!is_interruption(outcome.end)) return std::nullopt;
  const auto& extent = outcome.extent;
  const bool is_early = aim.length && length < *aim.length;
  // Nothing is left to come of it, as where it ends by itself.
  const bool has_come_true = aim.until_converged && extent.provisioned == extent.phones;
  const bool is_expected_more = (aim.is_judged && is_early) || aim.until_converged;
  if (extent.powered == extent.phones && (has_come_true || !is_expected_more)) return std::nullopt;
  return VoidReason{
      std::string(cut_short_run),
      fmt::format("ended by {} when {} of {} phones had been switched on and {} had "
                  "been provisioned",
                  name(outcome.end), extent.powered, extent.phones, extent.provisioned),
      "let it come to its end, or give it less time with --for"};
}

}  // namespace provphone::client::figures
