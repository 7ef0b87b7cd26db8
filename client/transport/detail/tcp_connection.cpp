#include "client/transport/detail/tcp_connection.hpp"

#include <unistd.h>

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace provphone::client::transport::detail {

TcpConnection::TcpConnection(int socket, std::string host, std::uint16_t port, std::string address)
    : socket_(socket), host_(std::move(host)), port_(port), address_(std::move(address)) {}

TcpConnection::~TcpConnection() {
  ::close(socket_);
}

bool TcpConnection::leads_to(const std::string& host, std::uint16_t port) const {
  return host_ == host && port_ == port;
}

bool TcpConnection::is_idle() const {
  char octet = 0;
  return ::recv(socket_, &octet, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace provphone::client::transport::detail
