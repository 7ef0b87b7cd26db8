#include "client/transport/detail/tftp_peer.hpp"

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <netinet/udp.h>
#include <optional>
#include <sys/socket.h>

namespace provphone::client::transport::detail {
namespace {

using boost::asio::ip::udp;

// A flood of strays must not keep the loop; what is left is looked at when the socket is next
// ready.
constexpr int most_strays_at_once = 64;

constexpr std::array<unsigned char, 5> unknown_transfer_id = {0, 5, 0, 5, 0};

constexpr unsigned char error_opcode = 5;
constexpr std::size_t error_header = 4;
constexpr std::size_t most_text = 120;

struct Datagram {
  udp::endpoint from;
  std::array<unsigned char, error_header + most_text> head;
  std::size_t size = 0;  // of what is in head
};

std::optional<Datagram> receive(int fd, int flags) {
  Datagram datagram;
  auto length = static_cast<socklen_t>(datagram.from.capacity());
  const ssize_t size = ::recvfrom(fd, datagram.head.data(), datagram.head.size(),
                                  flags | MSG_DONTWAIT, datagram.from.data(), &length);
  if (size < 0) return std::nullopt;
  datagram.size = static_cast<std::size_t>(size);
  datagram.from.resize(length);
  return datagram;
}

// R-TFTP-08.
std::optional<TftpError> error_in(const Datagram& datagram) {
  const auto& head = datagram.head;
  if (datagram.size < error_header || head[0] != 0 || head[1] != error_opcode) return std::nullopt;
  TftpError error{head[2] << 8 | head[3], {}};
  for (std::size_t i = error_header; i < datagram.size && head.at(i) != 0; ++i) {
    const unsigned char c = head.at(i);
    error.text += c >= ' ' && c < 0x7F ? static_cast<char>(c) : '?';
  }
  return error;
}

// A corked UDP socket keeps its datagram until the cork is out.
void set_cork(curl_socket_t socket, int on) {
  ::setsockopt(socket, IPPROTO_UDP, UDP_CORK, &on, sizeof on);
}

bool is_peer(TftpPeer& peer, const udp::endpoint& from) {
  if (peer.port != 0 && from.port() != peer.port) return false;
  if (from.address() != peer.server) return false;
  peer.port = from.port();
  return true;
}

}  // namespace

void hold_request(curl_socket_t socket) {
  set_cork(socket, 1);
}

void release_request(curl_socket_t socket) {
  set_cork(socket, 0);
}

Inbound drop_strays(TftpPeer& peer, const Targets& targets) {
  for (int i = 0; i < most_strays_at_once; ++i) {
    // Looked at and left there: what is from the peer is curl's to read.
    const auto next = receive(peer.socket, MSG_PEEK);
    if (!next) return Inbound::nothing;
    const udp::endpoint& from = next->from;
    if (is_peer(peer, from)) {
      peer.error = error_in(*next);
      return Inbound::from_peer;
    }
    receive(peer.socket, 0);
    if (!targets.allows_address(from.address().to_string())) continue;
    ::sendto(peer.socket, unknown_transfer_id.data(), unknown_transfer_id.size(), MSG_NOSIGNAL,
             from.data(), static_cast<socklen_t>(from.size()));
  }
  return Inbound::nothing;
}

}  // namespace provphone::client::transport::detail
