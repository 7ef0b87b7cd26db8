#include "tftp_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

namespace provphone::client::transport::test {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::size_t block_size = 512;

udp::socket free_port(asio::io_context& loop) {
  return {loop, udp::endpoint(asio::ip::address_v4::loopback(), 0)};
}

std::string packet(int opcode, std::size_t number, const std::string& rest = {}) {
  std::string text = {'\0', static_cast<char>(opcode), static_cast<char>(number >> 8 & 0xFF),
                      static_cast<char>(number & 0xFF)};
  return text + rest;
}

std::size_t number_in(const std::string& datagram) {
  if (datagram.size() < 4) return 0;
  return static_cast<std::size_t>(static_cast<unsigned char>(datagram[2])) << 8 |
         static_cast<unsigned char>(datagram[3]);
}

}  // namespace

// A port that hands each datagram on.
class TftpPort : public std::enable_shared_from_this<TftpPort> {
 public:
  using OnDatagram = std::function<void(const std::string&, const udp::endpoint&)>;
  TftpPort(asio::io_context& loop, OnDatagram on_datagram)
      : socket_(free_port(loop)), on_datagram_(std::move(on_datagram)) {}

  void receive() {
    socket_.async_receive_from(
        asio::buffer(buffer_), from_,
        [self = shared_from_this()](const error_code& failed, std::size_t size) {
          if (failed == asio::error::operation_aborted) return;
          if (!failed) self->on_datagram_(std::string(self->buffer_.data(), size), self->from_);
          if (self->socket_.is_open()) self->receive();
        });
  }
  void send(const std::string& datagram, const udp::endpoint& to) {
    error_code ignored;
    socket_.send_to(asio::buffer(datagram), to, 0, ignored);
  }
  std::uint16_t number() const { return socket_.local_endpoint().port(); }
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  udp::socket socket_;
  OnDatagram on_datagram_;
  std::array<char, 2048> buffer_{};
  udp::endpoint from_;
};

struct TftpServer::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, TftpScript s) : loop(io), script(std::move(s)) {}

  std::shared_ptr<TftpPort> open(TftpPort::OnDatagram on_datagram) {
    auto port = ports.emplace_back(std::make_shared<TftpPort>(loop, std::move(on_datagram)));
    port->receive();
    return port;
  }

  void listen() {
    well_known = open([this](const std::string& datagram, const udp::endpoint& client) {
      requests.push_back(datagram);
      if (script.requests_lost-- > 0) return;
      if (datagram[1] == 2) return take_write(client);
      if (const auto refusal = refusal_of(datagram)) {
        if (*refusal != 0) open([](const auto&, const auto&) {})->send(error(*refusal), client);
        return;
      }
      serve(client);
      if (script.twice) serve(client);
    });
  }

  static std::string error(std::size_t code) { return packet(5, code, std::string("text\0", 5)); }

  // The error that a read request gets in place of the content; 0: silence.
  std::optional<std::size_t> refusal_of(const std::string& datagram) const {
    const std::string name = datagram.c_str() + 2;
    const auto mode = name.size() + 3;
    const auto behind = datagram.find('\0', mode) + 1;
    if (script.refuses_options && behind < datagram.size()) return 8;
    const auto is_same = [](char one, char other) {
      return std::tolower(static_cast<unsigned char>(one)) ==
             std::tolower(static_cast<unsigned char>(other));
    };
    const auto& own = script.only_name;
    if (own.empty() || std::equal(name.begin(), name.end(), own.begin(), own.end(), is_same))
      return std::nullopt;
    return script.is_silent_about_others ? 0U : 1U;
  }

  void serve(const udp::endpoint& client) {
    auto slot = std::make_shared<std::weak_ptr<TftpPort>>();
    auto port = open([this, slot](const std::string& datagram, const udp::endpoint& from) {
      if (datagram[1] == 5) stray_replies.push_back(datagram);
      if (datagram[1] == 5 && script.obeys_strangers) return slot->lock()->close();
      if (datagram[1] == 4) send_block(*slot->lock(), number_in(datagram) + 1, from);
    });
    *slot = port;
    if (script.error) {
      port->send(packet(5, *script.error, std::string("text\0", 5)), client);
    } else {
      send_block(*port, 1, client);
    }
  }

  void send_block(TftpPort& port, std::size_t number, const udp::endpoint& client) {
    const std::size_t from = (number - 1) * block_size;
    if (from > script.content.size() || number > script.silent_after_block) return;
    if (from == script.content.size() && script.is_without_end) return;
    if (number == 2 && script.stray_block) send_stray(client);
    if (requests.size() > script.requests_in_time) return send_late(port, client);
    port.send(packet(3, number, script.content.substr(from, block_size)), client);
  }

  void send_late(TftpPort& port, const udp::endpoint& client) {
    const auto first = packet(3, 1, script.content.substr(0, block_size));
    port.send(script.late == Late::cut_packets ? first.substr(0, 3) : first, client);
  }

  void send_stray(const udp::endpoint& client) {
    auto stray = open([this](const std::string& datagram, const udp::endpoint&) {
      stray_replies.push_back(datagram);
    });
    stray->send(packet(3, 2, std::string(block_size, '!')), client);
  }

  void take_write(const udp::endpoint& client) {
    auto slot = std::make_shared<std::weak_ptr<TftpPort>>();
    auto port = open([this, slot](const std::string& datagram, const udp::endpoint& from) {
      written += datagram.substr(4);
      slot->lock()->send(packet(4, number_in(datagram)), from);
    });
    *slot = port;
    if (script.error) {
      port->send(packet(5, *script.error, std::string("text\0", 5)), client);
    } else {
      port->send(packet(4, 0), client);
    }
  }

  asio::io_context& loop;
  TftpScript script;
  std::vector<std::shared_ptr<TftpPort>> ports;
  std::shared_ptr<TftpPort> well_known;
  std::vector<std::string> requests;
  std::vector<std::string> stray_replies;
  std::string written;
};

TftpServer::TftpServer(asio::io_context& loop, TftpScript script)
    : state_(std::make_shared<State>(loop, std::move(script))) {
  state_->listen();
}

TftpServer::~TftpServer() {
  for (const auto& port : state_->ports) port->close();
}

std::uint16_t TftpServer::port() const {
  return state_->well_known->number();
}
const std::vector<std::string>& TftpServer::requests() const {
  return state_->requests;
}
const std::vector<std::string>& TftpServer::stray_replies() const {
  return state_->stray_replies;
}
const std::string& TftpServer::written() const {
  return state_->written;
}

}  // namespace provphone::client::transport::test
