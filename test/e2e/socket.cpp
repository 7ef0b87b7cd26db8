#include "test/e2e/socket.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace provphone::e2e {

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void bind_to_loopback(const Socket& socket, std::uint16_t port) {
  const auto address = loopback(port);
  if (::bind(socket.fd(), as_sockaddr(address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind");
  }
}

std::uint16_t port_of(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace provphone::e2e
