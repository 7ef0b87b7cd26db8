#pragma once

#include "client/transport/tftp_packet.hpp"

#include <cstdint>
#include <optional>

// How this server answers options (RFC 2347, 2348 and 2349).
namespace provphone::client::serve {

// The size that a client says it will write; 0 where it says none.
std::uint64_t announced_octets(const transport::tftp::Request& request);

// What the two sides agree on: the options this server knows, with values it can keep to (blksize
// from 8, timeout from 1 to 255 s, tsize). The rest is left unanswered, as RFC 2347 wants it.
struct Agreement {
  std::uint16_t block_octets = 512;
  std::optional<std::uint8_t> timeout_seconds;
  transport::tftp::Options options;  // to acknowledge, in the client's order
};

// `file_octets` answers tsize: the file's size, or what the client has announced.
Agreement agree(const transport::tftp::Request& request, std::uint64_t file_octets);

}  // namespace provphone::client::serve
