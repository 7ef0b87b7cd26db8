#include "client/serve/tftp_wire.hpp"

#include "client/transport/tftp_packet.hpp"

#include <boost/asio/buffer.hpp>

#include <utility>

namespace provphone::client::serve {

using boost::asio::ip::udp;
namespace tftp = transport::tftp;

std::optional<udp::socket> open_beside(udp::socket& listening) {
  boost::system::error_code error;
  const udp::endpoint any_port(listening.local_endpoint(error).address(), 0);
  udp::socket socket(listening.get_executor());
  if (!error) socket.open(any_port.protocol(), error);
  if (!error) socket.bind(any_port, error);
  if (!error) socket.non_blocking(true, error);
  if (error) return std::nullopt;
  return socket;
}

TftpWire::TftpWire(udp::socket socket, Endpoint client, const std::optional<MatchedFault>& met)
    : socket_(std::move(socket)),
      client_(std::move(client)),
      noise_(met ? met->fault->noise : Noise{}),
      stream_(met ? met->stream : 0) {}

// The first number of the stream has said whether the request is concerned at all.
bool TftpWire::happens(PerMillion share) {
  return is_drawn(stream_, ++drawn_, share);
}

// A lost datagram is the network's business: the peer asks again, or the timer does.
void TftpWire::send_to(const std::string& packet, const Endpoint& to) {
  boost::system::error_code ignored;
  socket_.send_to(boost::asio::buffer(packet), to, 0, ignored);
}

void TftpWire::send(const std::string& packet) {
  const bool lost = happens(noise_.loss);
  const bool twice = happens(noise_.duplicate);
  const bool again_later = happens(noise_.reorder);
  const bool stray = happens(noise_.stale_tid);
  if (!lost) send_to(packet, client_);
  if (!lost && twice) send_to(packet, client_);
  if (!late_.empty()) send_to(late_, client_);
  late_ = again_later ? packet : std::string();
  // Never before the right one: the first packet that a client sees fixes the port it listens to.
  if (!lost && stray) send_stray(packet);
}

// What a transfer that was given up long ago may still say: the packet that would be next, with
// other content, from another port.
void TftpWire::send_stray(std::string_view packet) {
  std::string wrong;
  if (const auto data = tftp::data_of(packet)) {
    wrong = tftp::format_data(static_cast<std::uint16_t>(data->block + 1), "from another transfer");
  } else if (const auto block = tftp::acknowledged_block(packet)) {
    wrong = tftp::format_acknowledgement(static_cast<std::uint16_t>(*block + 1));
  } else {
    return;
  }
  boost::system::error_code ignored;
  if (auto other = open_beside(socket_)) {
    other->send_to(boost::asio::buffer(wrong), client_, 0, ignored);
  }
}

}  // namespace provphone::client::serve
