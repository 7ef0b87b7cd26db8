#pragma once

#include "client/figures/fleet_result.hpp"

#include <cstdint>
#include <optional>

namespace provphone::client::fleet {

// Every so many-th phone of a scenario: what one worker of one shard drives. Together the slices of
// all shards and workers are all phones, each once.
struct Slice {
  std::uint32_t phones = 0;  // of the scenario
  std::uint32_t first = 0;
  std::uint32_t step = 1;

  std::uint32_t count() const { return first < phones ? (phones - first - 1) / step + 1 : 0; }
  std::uint32_t number(std::size_t index) const {
    return first + static_cast<std::uint32_t>(index) * step;
  }
  std::optional<std::uint32_t> index(std::uint32_t number) const {
    if (number < first || (number - first) % step != 0) return std::nullopt;
    return (number - first) / step;
  }
};

inline Slice slice_of(std::uint32_t phones, figures::Shard shard, unsigned worker,
                      unsigned workers) {
  return {phones, shard.number - 1 + shard.of * worker, shard.of * workers};
}

}  // namespace provphone::client::fleet
