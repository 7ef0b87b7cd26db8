#include "client/transport/tftp_blocks.hpp"

#include <algorithm>

namespace provphone::client::transport::tftp {

std::size_t OutgoingBlocks::size() const {
  return static_cast<std::size_t>(
      std::min<std::uint64_t>(block_octets_, content_octets_ - offset()));
}

IncomingBlocks::Place IncomingBlocks::place_of(const Data& data) const {
  if (data.content.size() > block_octets_) return Place::stray;
  if (block_ > 0 && data.block == on_the_wire(block_)) return Place::repeated;
  const bool is_next = !is_complete_ && data.block == on_the_wire(block_ + 1);
  return is_next ? Place::next : Place::stray;
}

void IncomingBlocks::take(const Data& data) {
  ++block_;
  is_complete_ = data.content.size() < block_octets_;
}

std::optional<std::chrono::milliseconds> Patience::wait_behind(int sent) const {
  if (sent > tries) return std::nullopt;
  return pace == Pace::steady ? first : first * (1 << (sent - 1));
}

}  // namespace provphone::client::transport::tftp
