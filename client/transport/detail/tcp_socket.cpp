#include "client/transport/detail/tcp_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace provphone::client::transport::detail {
namespace {

using boost::asio::ip::tcp;

}  // namespace

// Without a port of its own the kernel may share ports between destinations; a fleet has more
// phones than a host has ports.
SystemError bind_source(int socket, const std::string& source) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const tcp::endpoint from(boost::asio::ip::make_address(source), 0);
  return ::bind(socket, from.data(), static_cast<socklen_t>(from.size())) == 0 ? 0 : errno;
}

int open_tcp_socket(bool is_v6) {
  return ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  IPPROTO_TCP);
}

SystemError begin_connecting(int socket, const boost::asio::ip::address& to, std::uint16_t port) {
  const tcp::endpoint server(to, port);
  const int status = ::connect(socket, server.data(), static_cast<socklen_t>(server.size()));
  return status == 0 || errno == EINPROGRESS ? 0 : errno;
}

SystemError connect_error(int socket) {
  int number = 0;
  socklen_t size = sizeof number;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno;
}

}  // namespace provphone::client::transport::detail
