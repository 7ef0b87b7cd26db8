#pragma once

#include "client/transport/tftp_packet.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

// What both sides of a TFTP transfer do alike (RFC 1350): blocks one after the other, and patience
// with a peer that does not answer. No socket and no clock.
namespace provphone::client::transport::tftp {

inline constexpr std::uint16_t usual_block_octets = 512;

// Blocks are counted from 1 and beyond the 16 bits that they have in packets: behind 65535 comes 0.
constexpr std::uint16_t on_the_wire(std::uint64_t block) {
  return static_cast<std::uint16_t>(block);
}

// Blocks of one content on their way to the peer. Only the acknowledgement of the block that was
// sent last moves it on; a repeated one is never answered, because that would double every block
// that follows.
class OutgoingBlocks {
 public:
  OutgoingBlocks(std::uint64_t content_octets, std::uint16_t block_octets)
      : content_octets_(content_octets), block_octets_(block_octets) {}

  // Sent last; 0: none yet, and the peer's word for "go on" acknowledges block 0.
  std::uint64_t block() const { return block_; }
  bool is_acknowledged_by(std::uint16_t block) const { return block == on_the_wire(block_); }
  void advance() { ++block_; }

  // Of the block that was sent last, which must not be block 0.
  std::uint64_t offset() const { return (block_ - 1) * block_octets_; }
  std::size_t size() const;
  // A content that fills its last block ends with an empty one (R-TFTP-03).
  bool is_last() const { return block_ > 0 && size() < block_octets_; }

 private:
  std::uint64_t content_octets_;
  std::uint16_t block_octets_;
  std::uint64_t block_ = 0;
};

// Blocks that come from the peer.
class IncomingBlocks {
 public:
  explicit IncomingBlocks(std::uint16_t block_octets) : block_octets_(block_octets) {}

  enum class Place : std::uint8_t {
    next,      // to be taken, and acknowledged
    repeated,  // the one that was taken last: the peer has missed its acknowledgement
    stray,     // of another time or another transfer, or longer than a block: not to be answered
  };
  Place place_of(const Data& data) const;
  // Of the next one. The content is complete with the first block that is not full (R-TFTP-03).
  void take(const Data& data);

  std::uint64_t block() const { return block_; }  // taken last; 0: none
  bool is_complete() const { return is_complete_; }

 private:
  std::uint16_t block_octets_;
  std::uint64_t block_ = 0;
  bool is_complete_ = false;
};

// How often a packet is sent that is not answered, and how long each of them is waited for.
struct Patience {
  enum class Pace : std::uint8_t { steady, doubling };

  std::chrono::milliseconds first;
  Pace pace;
  int tries;

  // Behind the packet that was sent for the `sent`th time, from 1; nothing: that was enough.
  std::optional<std::chrono::milliseconds> wait_behind(int sent) const;
};

}  // namespace provphone::client::transport::tftp
