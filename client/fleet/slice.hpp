#pragma once

#include "client/figures/fleet_result.hpp"

#include <cstdint>
#include <optional>

// How the phones of a run are shared out over machines (shards) and threads (workers).
namespace provphone::client::fleet {

// Every so many-th phone of a scenario: what one worker of one shard drives. Together the slices of
// all shards and workers are all phones, each once. Interleaved, so that the phones of one group,
// which tend to act together, are everybody's.
struct Slice {
  std::uint32_t phones = 0;  // of the scenario
  std::uint32_t first = 0;
  std::uint32_t step = 1;

  std::uint32_t count() const { return first < phones ? (phones - first - 1) / step + 1 : 0; }
  std::uint32_t number(std::size_t index) const {
    return first + static_cast<std::uint32_t>(index) * step;
  }
  // The inverse of number(); nothing for a phone that is not of the slice.
  std::optional<std::uint32_t> index(std::uint32_t number) const {
    if (number < first || (number - first) % step != 0) return std::nullopt;
    return (number - first) / step;
  }
};

// `worker` counts from 0, a shard's number from 1.
inline Slice slice_of(std::uint32_t phones, figures::Shard shard, unsigned worker,
                      unsigned workers) {
  return {phones, shard.number - 1 + shard.of * worker, shard.of * workers};
}

}  // namespace provphone::client::fleet
