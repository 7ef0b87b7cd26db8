#pragma once

#include "client/transport/fetcher.hpp"
#include "macro/said.hpp"

#include <algorithm>
#include <cstddef>

namespace provphone::client::transport::detail {

// How many of the next `size` octets of an answer's body are kept, where `so_far` are already.
inline std::size_t kept_of(Keep keep, std::size_t so_far, std::size_t size) {
  if (keep == Keep::body) return size;
  return std::min(size, macro::most_heard - std::min(so_far, macro::most_heard));
}

}  // namespace provphone::client::transport::detail
