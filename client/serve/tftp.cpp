#include "client/serve/tftp.hpp"

#include "client/serve/spoil.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace provphone::client::serve {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr int receive_buffer_octets = 4 << 20;  // a fleet's first requests arrive all at once
// Looking through all of them for each request would cost a fleet's worth of time.
constexpr std::size_t sweep_size = 1024;

void send(udp::socket& socket, const std::string& packet, const udp::endpoint& to) {
  boost::system::error_code ignored;
  socket.send_to(asio::buffer(packet), to, 0, ignored);
}

// What a fault makes of a request before any file is looked at.
std::optional<TftpRefusal> refusal_of(const std::optional<MatchedFault>& met) {
  if (!met) return std::nullopt;
  if (const auto* error = std::get_if<TftpErrorFault>(&met->fault->failing)) {
    // Records have HTTP's numbers for both protocols.
    const int status = error->code == 1 ? 404 : error->code == 2 ? 403 : 500;
    return TftpRefusal{static_cast<tftp::ErrorCode>(error->code), status};
  }
  const auto* fault = std::get_if<StatusFault>(&met->fault->failing);
  if (fault == nullptr) return std::nullopt;
  const auto code = fault->status == 404   ? tftp::ErrorCode::file_not_found
                    : fault->status == 403 ? tftp::ErrorCode::access_violation
                                           : tftp::ErrorCode::not_defined;
  return TftpRefusal{code, fault->status};
}

}  // namespace

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
  if (const auto request = tftp::parse_request(packet)) return handle_request(*request);
  const auto opcode = tftp::opcode_of(packet);
  // Whatever belongs to a transfer has lost its way; errors are not answered.
  if (opcode != tftp::Opcode::read_request && opcode != tftp::Opcode::write_request) return;
  send(socket_, tftp::format_error(tftp::ErrorCode::illegal_operation, "malformed request"),
       client_);
}

void TftpListener::handle_request(const tftp::Request& request) {
  if (const auto known = transfers_.find(client_); known != transfers_.end()) {
    const auto transfer = known->second.lock();
    // A client that has not seen the first packet says the same again, from the same port.
    if (transfer && transfer->begin_again(request)) return;
    if (transfer) transfer->end(0);  // the client has given it up and uses its port anew
    transfers_.erase(known);
  }
  TftpAsked asked{request, client_, std::nullopt, state_->age()};
  auto socket = open_beside(socket_);
  if (!socket) return refuse_without_socket(asked);
  const auto transfer = open_transfer({state_, std::move(*socket), std::move(asked)});
  if (transfers_.size() >= sweep_size) {
    std::erase_if(transfers_, [](const auto& entry) { return entry.second.expired(); });
  }
  // Before start(), which may end the transfer and tell the server's owner.
  transfers_[client_] = transfer;
  transfer->start();
}

std::shared_ptr<TftpTransfer> TftpListener::open_transfer(TftpOpening opening) {
  const auto refuse = [&](tftp::ErrorCode code, int status) {
    return make_refusal(std::move(opening), {code, status});
  };
  const auto& request = opening.asked.request;
  const bool writes = request.opcode == tftp::Opcode::write_request;
  if (writes && !state_->uploads.are_wanted())
    return refuse(tftp::ErrorCode::access_violation, 403);
  // Text mode is answered with the octets as they are: profiles are binary to everybody but
  // editors.
  if (request.mode != "octet" && request.mode != "netascii") {
    return refuse(tftp::ErrorCode::illegal_operation, 400);
  }
  auto path = path_of_file_name(request.file_name);
  if (!path) return refuse(tftp::ErrorCode::file_not_found, 404);
  // Behind all that may be wrong with the request itself: one that makes no sense is not counted.
  opening.asked.met = state_->faults.next(Protocol::tftp, *path);
  if (const auto refusal = refusal_of(opening.asked.met)) {
    return make_refusal(std::move(opening), *refusal);
  }
  if (writes) return make_receiver(std::move(opening), std::move(*path));
  auto content = find_content({state_->directory, state_->loads}, *path, opening.asked.met);
  if (!content) return refuse(tftp::ErrorCode::file_not_found, 404);
  return make_sender(std::move(opening), std::move(*content));
}

// From the known port, because there is no other left.
void TftpListener::refuse_without_socket(const TftpAsked& asked) {
  send(socket_, error_packet({tftp::ErrorCode::not_defined, 503}), client_);
  auto served = what_is_served(asked);
  served.status = 503;
  state_->report(served);
}

}  // namespace provphone::client::serve
