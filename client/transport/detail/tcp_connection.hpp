#pragma once

#include "client/transport/detail/connection.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>

namespace provphone::client::transport::detail {

// A socket to an HTTP server.
class TcpConnection final : public Connection {
 public:
  // Takes the socket over.
  TcpConnection(int socket, std::string host, std::uint16_t port, std::string address);
  ~TcpConnection() override;

  int socket() const { return socket_; }
  const std::string& address() const { return address_; }
  bool leads_to(const std::string& host, std::uint16_t port) const;
  // The server has neither closed it nor said anything more.
  bool is_idle() const;

 private:
  int socket_;
  std::string host_;
  std::uint16_t port_;
  std::string address_;
};

}  // namespace provphone::client::transport::detail
