#pragma once

#include "macro/error.hpp"
#include "resync/tftp_habits.hpp"

#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// The UDP socket that a phone asks a TFTP server from.
namespace provphone::client::transport::detail {

using TftpSocket = boost::asio::basic_datagram_socket<boost::asio::ip::udp,
                                                      boost::asio::io_context::executor_type>;
using TftpEndpoint = boost::asio::ip::udp::endpoint;

// The ports that MPP phones ask from, of which the knob tftp_client_port takes the first free one.
inline constexpr std::uint16_t first_client_port = 53240;
inline constexpr std::uint16_t last_client_port = 53245;

// Opens `socket` for a transfer with `server`, from the address `source` where that is not empty.
// Fails with no_socket, no_local_port, or bad_argument for a source that is not this machine's.
Result<void> open_tftp_socket(TftpSocket& socket, const TftpEndpoint& server,
                              const std::string& source, const resync::TftpHabits& habits);

enum class Sent : std::uint8_t {
  on_its_way,
  unreachable,     // there is no way to there, `error` says why
  lacks_port,      // nor is a port free to send from
  port_is_closed,  // word came that nobody listens where an earlier or this packet went
};

// Nothing blocks: a packet that the system does not take is lost, as on any network.
// `error` says more where it is not on its way.
Sent send_tftp(TftpSocket& socket, std::string_view packet, const TftpEndpoint& to,
               boost::system::error_code& error);

// Whether, of the words that came about packets sent from here, one says that nobody listens at
// `server`. Packets for others, to whom error 5 was said, do not count. Takes these words away.
bool is_port_closed(TftpSocket& socket, const TftpEndpoint& server);

}  // namespace provphone::client::transport::detail
