#include "test/e2e/ports.hpp"

#include "test/e2e/socket.hpp"

#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <random>
#include <string_view>
#include <sys/socket.h>

namespace provphone::e2e {
namespace {

std::uint16_t free_port(int type) {
  const Socket socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  bind_to_loopback(socket, 0);
  return port_of(socket);
}

}  // namespace

std::uint16_t free_tcp_port() {
  return free_port(SOCK_STREAM);
}

std::uint16_t free_udp_port() {
  return free_port(SOCK_DGRAM);
}

std::string unused_loopback_address() {
  std::random_device random;
  std::string address = "127";
  for (int i = 0; i < 3; ++i) address += "." + std::to_string(2 + random() % 250);
  return address;
}

bool accepts_connections(std::uint16_t port) {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto peer = loopback(port);
  return ::connect(socket.fd(), as_sockaddr(peer), sizeof peer) == 0;
}

bool answers_tftp(const std::string& address, std::uint16_t port) {
  constexpr std::string_view request{"\0\1/no-such-file-for-probing\0octet\0", 34};
  const Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  auto peer = loopback(port);
  ::inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  if (::sendto(socket.fd(), request.data(), request.size(), 0, as_sockaddr(peer), sizeof peer) <
      0) {
    return false;
  }
  pollfd readable{socket.fd(), POLLIN, 0};
  return ::poll(&readable, 1, 100) == 1 && (readable.revents & POLLIN) != 0;
}

void send_datagram(std::uint16_t port, const std::string& text) {
  const Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto peer = loopback(port);
  ::sendto(socket.fd(), text.data(), text.size(), 0, as_sockaddr(peer), sizeof peer);
}

}  // namespace provphone::e2e
