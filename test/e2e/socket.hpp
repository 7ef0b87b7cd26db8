#pragma once

#include <cstdint>
#include <netinet/in.h>
#include <sys/socket.h>

namespace provphone::e2e {

// Owns the file descriptor of a socket, or of an eventfd beside one.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket();
  Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port);
const sockaddr* as_sockaddr(const sockaddr_in& address);

void bind_to_loopback(const Socket& socket, std::uint16_t port);  // throws std::system_error
std::uint16_t port_of(const Socket& socket);

}  // namespace provphone::e2e
