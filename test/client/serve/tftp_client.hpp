#pragma once

#include "client/transport/tftp_packet.hpp"
#include "test/client/serve/world.hpp"

#include <boost/asio/ip/udp.hpp>
#include <poll.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace provphone::client::serve {

namespace asio = boost::asio;
using namespace transport::tftp;
using asio::ip::udp;

inline std::string acknowledgement(std::uint64_t block) {
  return {'\0', '\4', static_cast<char>((block >> 8U) & 0xffU), static_cast<char>(block & 0xffU)};
}

// A client that says exactly what the test wants it to.
class TftpClient {
 public:
  TftpClient() : socket_(loop_, udp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {}

  void ask(const World& world, const std::string& request) {
    send(request, {asio::ip::make_address("127.0.0.1"), world.port("tftp")});
  }
  void answer(const std::string& packet) { send(packet, from_); }
  void send(const std::string& packet, const udp::endpoint& to) {
    socket_.send_to(asio::buffer(packet), to);
  }

  // The next packet that is no repetition of an earlier one; empty where none comes in time. A
  // server sends again what is not answered within a second, which a busy machine may not give us.
  std::string hear(std::chrono::milliseconds patience = std::chrono::seconds{100}) {
    while (true) {
      auto packet = hear_any(patience);
      if (packet.empty() || heard_.emplace(from_, packet).second) return packet;
    }
  }
  bool hears_nothing() { return hear(std::chrono::milliseconds{100}).empty(); }

  // The next packet, whatever it is.
  std::string hear_any(std::chrono::milliseconds patience = std::chrono::seconds{100}) {
    pollfd ready{socket_.native_handle(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) != 1) return {};
    std::string packet(70'000, '\0');
    packet.resize(socket_.receive_from(asio::buffer(packet), from_));
    return packet;
  }

  const udp::endpoint& server() const { return from_; }

 private:
  asio::io_context loop_;
  udp::socket socket_;
  udp::endpoint from_;
  std::set<std::pair<udp::endpoint, std::string>> heard_;
};

inline std::string request_for(const std::string& file, const std::string& options = {}) {
  return std::string("\0\1", 2) + file + std::string("\0octet\0", 7) + options;
}

// Goes on with a transfer whose block `block` is the next to come; the content from there on.
inline std::string take_blocks(TftpClient& client, std::size_t block_octets,
                               std::uint64_t block = 1) {
  std::string content;
  while (true) {
    const auto packet = client.hear();
    if (packet.substr(0, 4) != format_data(static_cast<std::uint16_t>(block), {})) {
      return "unexpected packet";
    }
    content += packet.substr(4);
    client.answer(acknowledgement(block++));
    if (packet.size() < block_octets + 4) return content;
  }
}

}  // namespace provphone::client::serve
