#include "client/serve/tftp.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>
#include <utility>

namespace provphone::client::serve {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr int tries = 5;
constexpr std::chrono::seconds first_patience{1};
constexpr int receive_buffer_octets = 4 << 20;  // a fleet's first requests arrive all at once
constexpr std::size_t sweep_size = 1024;

// File names come from the network and go to a log line.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
  return text;
}

Served what_is_served(const TftpRequest& request, const udp::endpoint& client) {
  Served served;
  served.protocol = "tftp";
  served.method = request.opcode == Opcode::write_request ? "WRQ" : "RRQ";
  served.path = printable(request.file_name);
  served.client_address = client.address().to_string();
  return served;
}

// A lost datagram is the network's business: the peer asks again, or the timer does.
void send(udp::socket& socket, std::string_view packet, const udp::endpoint& to) {
  boost::system::error_code ignored;
  socket.send_to(asio::buffer(packet.data(), packet.size()), to, 0, ignored);
}

boost::system::error_code open_beside(udp::socket& socket, const udp::socket& listening) {
  boost::system::error_code error;
  const auto address = listening.local_endpoint(error).address();
  const udp::endpoint any_port(address, 0);
  if (!error) socket.open(any_port.protocol(), error);
  if (!error) socket.bind(any_port, error);
  if (!error) socket.non_blocking(true, error);
  return error;
}

}  // namespace

// One file on its way to one client. Only the acknowledgement of the block that was sent last moves
// it on; a repeated one is never answered, because that would double every block that follows.
class TftpTransfer final : public Connection, public std::enable_shared_from_this<TftpTransfer> {
 public:
  TftpTransfer(std::shared_ptr<State> state, udp::socket socket, udp::endpoint client,
               TftpRequest request, OpenFile file)
      : Connection(std::move(state)),
        socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        client_(std::move(client)),
        request_(std::move(request)),
        file_(std::move(file)),
        agreement_(agree(request_, file_.size())) {}

  void start() {
    if (agreement_.options.empty()) {
      next_block();
    } else {
      packet_ = format_options(agreement_);  // acknowledged as block 0
      send_packet();
    }
    receive();
  }

  // The client's request came again: it has not seen the first packet. False where this is another
  // request.
  bool begin_again(const TftpRequest& request) {
    if (block_ > first_block() || !(request == request_) || !socket_.is_open()) return false;
    send(socket_, packet_, client_);
    return true;
  }

  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

  void end(int status) {
    if (!socket_.is_open()) return;
    close();
    auto served = what_is_served(request_, client_);
    served.status = status;
    served.bytes = acknowledged_octets_;
    state().report(served);
  }

 private:
  std::uint64_t first_block() const { return agreement_.options.empty() ? 1 : 0; }
  std::uint64_t octets_before(std::uint64_t block) const {
    return (block - 1) * agreement_.block_octets;
  }
  // A file that fills its last block ends with an empty one.
  bool is_last(std::uint64_t block) const {
    return block > 0 && octets_before(block) + agreement_.block_octets > file_.size();
  }
  // Block numbers have 16 bits; after 65535 comes 0.
  static std::uint16_t on_the_wire(std::uint64_t block) {
    return static_cast<std::uint16_t>(block);
  }

  void next_block() {
    ++block_;
    const auto offset = octets_before(block_);
    const auto size = std::min<std::uint64_t>(agreement_.block_octets, file_.size() - offset);
    std::string content(static_cast<std::size_t>(size), '\0');
    if (!file_.read(offset, content.data(), content.size())) {
      send(socket_, format_error(TftpError::not_defined, "the file has changed"), client_);
      return end(0);
    }
    packet_ = format_data(on_the_wire(block_), content);
    try_ = 0;
    send_packet();
  }

  void send_packet() {
    ++try_;
    send(socket_, packet_, client_);
    timer_.expires_after(agreement_.timeout_seconds
                             ? std::chrono::seconds{*agreement_.timeout_seconds}
                             : first_patience * (1 << (try_ - 1)));
    timer_.async_wait([self = shared_from_this(), block = block_,
                       attempt = try_](const boost::system::error_code& error) {
      // The packet may have been acknowledged between the expiry and this call.
      if (error || !self->socket_.is_open() || self->block_ != block || self->try_ != attempt)
        return;
      if (attempt == tries) return self->end(0);
      self->send_packet();
    });
  }

  void receive() {
    socket_.async_receive_from(
        asio::buffer(buffer_), sender_,
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
          if (!self->socket_.is_open()) return;
          if (!error) self->handle({self->buffer_.data(), size});
          if (self->socket_.is_open()) self->receive();
        });
  }

  void handle(std::string_view packet) {
    const auto opcode = opcode_of(packet);
    if (sender_ != client_) {
      // An error is never answered with an error, or two servers could go on for ever.
      if (opcode == Opcode::error) return;
      return send(socket_, format_error(TftpError::unknown_transfer, "unknown transfer"), sender_);
    }
    if (opcode == Opcode::error) return end(0);
    const auto acknowledged = acknowledged_block(packet);
    if (!acknowledged || *acknowledged != on_the_wire(block_)) return;
    if (block_ > 0) acknowledged_octets_ += packet_.size() - 4;
    if (is_last(block_)) return end(200);
    next_block();
  }

  udp::socket socket_;
  asio::steady_timer timer_;
  udp::endpoint client_;
  TftpRequest request_;
  OpenFile file_;
  Agreement agreement_;
  std::uint64_t block_ = 0;
  int try_ = 0;
  std::uint64_t acknowledged_octets_ = 0;
  std::string packet_;  // what was sent last
  std::array<char, 516> buffer_{};
  udp::endpoint sender_;
};

TftpListener::TftpListener(asio::io_context& loop, std::shared_ptr<State> state)
    : socket_(loop), state_(std::move(state)) {}

Result<std::shared_ptr<TftpListener>> TftpListener::open(asio::io_context& loop,
                                                         const Endpoint& endpoint,
                                                         std::shared_ptr<State> state) {
  std::shared_ptr<TftpListener> listener(new TftpListener(loop, std::move(state)));
  boost::system::error_code error;
  listener->socket_.open(endpoint.protocol(), error);
  if (!error) listener->socket_.bind(endpoint, error);
  if (error) {
    return fail(Errc::bad_argument,
                fmt::format("cannot listen on {} port {} (UDP): {}", endpoint.address().to_string(),
                            endpoint.port(), error.message()));
  }
  // The system may grant less; that is no reason not to serve.
  listener->socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer_octets),
                               error);
  listener->receive();
  return listener;
}

std::uint16_t TftpListener::port() const {
  boost::system::error_code ignored;
  return socket_.local_endpoint(ignored).port();
}

void TftpListener::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void TftpListener::receive() {
  socket_.async_receive_from(
      asio::buffer(buffer_), client_,
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        if (!self->socket_.is_open()) return;
        if (!error) self->handle({self->buffer_.data(), size});
        if (self->socket_.is_open()) self->receive();
      });
}

void TftpListener::handle(std::string_view packet) {
  if (const auto request = parse_tftp_request(packet)) return handle_request(*request);
  const auto opcode = opcode_of(packet);
  // Whatever belongs to a transfer has lost its way; errors are not answered.
  if (opcode != Opcode::read_request && opcode != Opcode::write_request) return;
  send(socket_, format_error(TftpError::illegal_operation, "malformed request"), client_);
}

void TftpListener::handle_request(const TftpRequest& request) {
  if (const auto known = transfers_.find(client_); known != transfers_.end()) {
    const auto transfer = known->second.lock();
    if (transfer && transfer->begin_again(request)) return;
    if (transfer) transfer->end(0);  // the client has given it up and uses its port anew
    transfers_.erase(known);
  }
  if (request.opcode == Opcode::write_request) {
    return refuse(request, TftpError::access_violation, 403);
  }
  // Text mode is answered with the octets as they are: profiles are binary to everybody but
  // editors.
  if (request.mode != "octet" && request.mode != "netascii") {
    return refuse(request, TftpError::illegal_operation, 400);
  }
  const auto path = path_of_file_name(request.file_name);
  if (!path) return refuse(request, TftpError::file_not_found, 404);
  if (const auto fault = state_->faults.next(*path)) {
    const auto code = *fault == 404   ? TftpError::file_not_found
                      : *fault == 403 ? TftpError::access_violation
                                      : TftpError::not_defined;
    return refuse(request, code, *fault);
  }
  auto file = state_->directory.find(*path);
  if (!file) return refuse(request, TftpError::file_not_found, 404);
  begin(request, std::move(*file));
}

void TftpListener::begin(const TftpRequest& request, OpenFile file) {
  udp::socket socket(socket_.get_executor());
  if (open_beside(socket, socket_)) return refuse(request, TftpError::not_defined, 503);
  const auto transfer =
      std::make_shared<TftpTransfer>(state_, std::move(socket), client_, request, std::move(file));
  if (transfers_.size() >= sweep_size) {
    std::erase_if(transfers_, [](const auto& entry) { return entry.second.expired(); });
  }
  transfers_[client_] = transfer;
  transfer->start();
}

void TftpListener::refuse(const TftpRequest& request, TftpError code, int status) {
  const auto text = code == TftpError::file_not_found      ? std::string("file not found")
                    : code == TftpError::access_violation  ? std::string("access violation")
                    : code == TftpError::illegal_operation ? std::string("illegal operation")
                                                           : fmt::format("status {}", status);
  // From a port of its own, like a transfer; from the known one where there is none left.
  udp::socket socket(socket_.get_executor());
  const bool own = !open_beside(socket, socket_);
  send(own ? socket : socket_, format_error(code, text), client_);
  auto served = what_is_served(request, client_);
  served.status = status;
  state_->report(served);
}

}  // namespace provphone::client::serve
