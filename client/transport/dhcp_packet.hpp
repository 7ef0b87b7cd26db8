#pragma once

#include "client/transport/dhcp_question.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Packets of DHCP for IPv4 (RFC 2131, RFC 2132) as a phone writes and reads them. Pure.
namespace provphone::client::transport::dhcp {

inline constexpr std::uint16_t server_port = 67;
inline constexpr std::uint16_t client_port = 68;

// With the broadcast flag, since no address is the phone's before the answer (R-DHCP-13).
std::string format_packet(const Asker& asker, const Question& question);

// Whatever came to the port. Fails with protocol_error, which says where, for what is no answer of
// a server to a client: too short, not of DHCP, or with an option that goes beyond its field
// (R-DHCP-14).
Result<Answer> parse_packet(std::string_view packet);

// The value of an option as resync/dhcp.hpp takes it: lists of addresses and numbers in words where
// the option is one, text where it is printable, else `0x...`.
std::string value_of(int option, std::string_view octets);

}  // namespace provphone::client::transport::dhcp
