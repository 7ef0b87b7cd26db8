#pragma once

#include "client/transport/detail/transfer.hpp"

#include <cstdint>

namespace provphone::client::transport::detail {

// Holds back what curl sends first, and lets it go. In between curl looks for an answer that cannot
// be there yet: a fast server's would be read unseen.
void hold_request(curl_socket_t socket);
void release_request(curl_socket_t socket);

enum class Inbound : std::uint8_t { nothing, from_peer };

// Looks at the next datagram of a TFTP transfer before curl does: curl would take blocks from
// anybody. The first packet from the server's address fixes the port (R-TFTP-07); datagrams from
// elsewhere are taken away and answered with error 5. Notes an error that the server sends, since
// curl tells neither all numbers apart nor the text.
Inbound drop_strays(TftpPeer& peer, const Targets& targets);

}  // namespace provphone::client::transport::detail
