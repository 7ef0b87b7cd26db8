#include "client/cli/gentle_pace.hpp"

#include <algorithm>

namespace provphone::client::cli {

std::optional<double> gentle_pace(double rate, resync::Duration since) {
  constexpr int steps = 10;
  const auto step = std::chrono::floor<std::chrono::seconds>(since).count() + 1;
  if (step >= steps) return std::nullopt;
  return std::max(1.0, rate * static_cast<double>(std::max<std::int64_t>(step, 1)) / steps);
}

}  // namespace provphone::client::cli
