#pragma once

#include <compare>
#include <cstdint>

namespace provphone::client::figures {

// Which part of a run's phones: `number`, from 1, of `of` parts. Every of-th phone is its.
struct Shard {
  unsigned number = 1, of = 1;

  bool has(std::uint32_t phone) const { return phone % of == number - 1; }

  friend auto operator<=>(const Shard&, const Shard&) = default;
};

}  // namespace provphone::client::figures
