#pragma once

#include "client/check/detail/addresses.hpp"
#include "client/check/observations.hpp"

#include <chrono>

// Packets that no phone sends, to see how a TFTP server takes them (RFC 1350, RFC 2347). A server
// that does not answer leaves what a probe would have filled in empty, except for options.
namespace provphone::client::check {

// Where to ask. Each probe is one transfer of at most 2 MB; nothing is written. Goes to allowed
// targets only, and to the first of a name's addresses. The probes block.
struct TftpProbe {
  const macro::Url& url;
  detail::AddressBook& address_book;
  // For each packet.
  std::chrono::milliseconds patience;
};

// Asks with options and ends the transfer at the first answer.
void probe_options(const TftpProbe& probe, TftpSeen& seen);

// Reads two blocks, between which an error packet comes from another port.
void probe_stranger(const TftpProbe& probe, TftpSeen& seen);

// Reads the whole file and notes the block that ends it.
void probe_end(const TftpProbe& probe, TftpSeen& seen);

}  // namespace provphone::client::check
