#include "client/cli/gentle_pace.hpp"

#include <algorithm>
#include <cstdint>

namespace provphone::client::cli {

std::optional<double> gentle_pace(double rate, resync::Duration since) {
  constexpr std::int64_t steps_to_rate = 10;
  const auto step =
      std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(since).count() + 1, 1);
  if (step > 2 * steps_to_rate) return std::nullopt;
  return std::max(1.0, rate * static_cast<double>(step) / static_cast<double>(steps_to_rate));
}

}  // namespace provphone::client::cli
