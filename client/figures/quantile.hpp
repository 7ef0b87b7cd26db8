#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace provphone::client::figures {

// The bucket that holds the quantile `q` in 0..1 of `total` counted things, of which there is at
// least one; one behind the last bucket when the counts do not add up to it.
template <class Counts>
std::size_t bucket_at(const Counts& counts, std::uint64_t total, double q) {
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    if (seen >= std::max<std::uint64_t>(rank, 1)) return i;
  }
  return counts.size();
}

}  // namespace provphone::client::figures
