#pragma once

#include "client/transport/dhcp_question.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Packets of DHCP for IPv6 (RFC 8415) as a phone writes and reads them. Pure.
namespace provphone::client::transport::dhcp6 {

inline constexpr std::uint16_t server_port = 547;
inline constexpr std::uint16_t client_port = 546;

// Of all relays and servers on a link.
inline constexpr std::string_view everybody = "ff02::1:2";

// SOLICIT, REQUEST, RENEW, REBIND, INFORMATION-REQUEST or RELEASE; the phone's identifier is made
// of its MAC address (R-DHCP-13).
std::string format_packet(const dhcp::Asker& asker, const dhcp::Question& question);

// ADVERTISE and REPLY. An answer whose status is no success, in itself or for the address, is a
// nak; so is a REPLY that takes the address away. Fails with protocol_error as dhcp::parse_packet
// does; `mac` is that of the identifier which the server repeats, 0 where it is no such one.
Result<dhcp::Answer> parse_packet(std::string_view packet);

}  // namespace provphone::client::transport::dhcp6
