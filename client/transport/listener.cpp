#include "client/transport/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace provphone::client::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// When the process has no descriptor left, asking again at once would only burn the processor.
constexpr std::chrono::milliseconds pause_after_failure{100};

boost::system::error_code listen(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Else connections of a server that has just ended would keep its port for a minute.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Listener::Listener(asio::io_context& loop, OnAccepted on_accepted)
    : acceptor_(loop), pause_(loop), on_accepted_(std::move(on_accepted)) {}

Result<std::shared_ptr<Listener>> Listener::open(asio::io_context& loop,
                                                 const tcp::endpoint& endpoint,
                                                 OnAccepted on_accepted) {
  std::shared_ptr<Listener> listener(new Listener(loop, std::move(on_accepted)));
  if (const auto error = listen(listener->acceptor_, endpoint)) {
    return fail(Errc::bad_argument,
                fmt::format("cannot listen on {} port {} (TCP): {}", endpoint.address().to_string(),
                            endpoint.port(), error.message()));
  }
  listener->accept();
  return listener;
}

std::uint16_t Listener::port() const {
  boost::system::error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::accept() {
  acceptor_.async_accept(
      [self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
        if (!self->acceptor_.is_open()) return;
        if (error) return self->accept_later();
        self->on_accepted_(std::move(socket));
        self->accept();
      });
}

void Listener::accept_later() {
  pause_.expires_after(pause_after_failure);
  pause_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
    if (self->acceptor_.is_open()) self->accept();
  });
}

}  // namespace provphone::client::transport
