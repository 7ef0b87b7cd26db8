#pragma once

#include "client/serve/fault.hpp"

#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provphone::client::serve {

// A socket beside one that listens: same address, a port of its own. Nothing where none is left, or
// no descriptor.
std::optional<boost::asio::ip::udp::socket> open_beside(boost::asio::ip::udp::socket& listening);

// The way to one client, from a port that is the transfer's TID, and what goes wrong with packets
// on it. Nothing blocks: a packet that the system does not take is lost.
class TftpWire {
 public:
  using Endpoint = boost::asio::ip::udp::endpoint;

  TftpWire(boost::asio::ip::udp::socket socket, Endpoint client,
           const std::optional<MatchedFault>& met);

  boost::asio::ip::udp::socket& socket() { return socket_; }
  const Endpoint& client() const { return client_; }

  void send(const std::string& packet);
  void send_to(const std::string& packet, const Endpoint& to);  // nothing goes wrong with these

 private:
  bool happens(PerMillion share);
  void send_stray(std::string_view packet);

  boost::asio::ip::udp::socket socket_;
  Endpoint client_;
  Noise noise_;
  std::uint64_t stream_;
  std::uint64_t drawn_ = 0;
  std::string late_;  // comes once more behind the next packet
};

}  // namespace provphone::client::serve
