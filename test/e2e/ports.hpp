#pragma once

#include <cstdint>
#include <string>

namespace provphone::e2e {

// A port of 127.0.0.1 that was free a moment ago. Whoever opens it must be ready to lose the race
// and take another.
std::uint16_t free_tcp_port();
std::uint16_t free_udp_port();

// An address of 127.0.0.0/8 that hardly anybody else uses, for servers that cannot leave their
// well-known port.
std::string unused_loopback_address();

// Whether something accepts connections at 127.0.0.1:port.
bool accepts_connections(std::uint16_t port);

// Whether anything answers a TFTP read request at address:port within a tenth of a second.
bool answers_tftp(const std::string& address, std::uint16_t port);

// Sends one datagram to 127.0.0.1:port.
void send_datagram(std::uint16_t port, const std::string& text);

}  // namespace provphone::e2e
