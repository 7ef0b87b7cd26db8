#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>

namespace provphone::client::transport::detail {

// A number of the system's for what went wrong; 0: nothing did.
using SystemError = int;

// Has a socket send from that address, of IPv4 or IPv6, and from whatever port is free there when
// it connects. `source` is an address.
SystemError bind_source(int socket, const std::string& source);

// A socket that never blocks; -1 with errno where the machine has none.
int open_tcp_socket(bool is_v6);

// Begins to connect. Where that ends later the socket becomes writable, and connect_error() has
// what came of it; 0 says that neither is known to have failed.
SystemError begin_connecting(int socket, const boost::asio::ip::address& to, std::uint16_t port);
SystemError connect_error(int socket);

}  // namespace provphone::client::transport::detail
