#pragma once

#include "macro/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace provphone::client::transport {

// Accepts TCP connections until it is closed. It lives as long as it is open, whoever holds it, so
// it has to be closed. Used on the loop's thread alone.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // On the event loop, once a connection. May close the listener.
  using OnAccepted = std::function<void(boost::asio::ip::tcp::socket)>;

  // Listens at once; a port of 0 takes a free one. Fails with bad_argument where the address is not
  // this machine's or the port is taken. `loop` must outlive it.
  static Result<std::shared_ptr<Listener>> open(boost::asio::io_context& loop,
                                                const boost::asio::ip::tcp::endpoint& endpoint,
                                                OnAccepted on_accepted);

  // The port that it listens at; 0 once it is closed.
  std::uint16_t port() const;
  // May be called again. Connections that were accepted go on.
  void close();

 private:
  Listener(boost::asio::io_context& loop, OnAccepted on_accepted);
  void accept();
  void accept_later();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  OnAccepted on_accepted_;
};

}  // namespace provphone::client::transport
