#pragma once

#include <cstdint>
#include <optional>

namespace provphone::client::figures {

// How near an expectation is to having failed for good, whatever else may come, by what a part of
// the run has seen.
struct Loss {
  bool is_certain = false;
  // Of a count of all phones together, which parts have each a piece of: more than `most` lose it.
  std::uint64_t counted = 0;
  std::optional<std::uint64_t> most;
};

constexpr bool is_lost(const Loss& loss) {
  return loss.is_certain || (loss.most && loss.counted > *loss.most);
}

// Of the same expectation in another part of the run.
constexpr void add(Loss& sum, const Loss& part) {
  sum.is_certain = sum.is_certain || part.is_certain;
  sum.counted += part.counted;
  sum.most = part.most;
}

}  // namespace provphone::client::figures
