#pragma once

#include "macro/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace provphone::client::transport {

// Accepts TCP connections until it is closed.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  using OnAccepted = std::function<void(boost::asio::ip::tcp::socket)>;

  // Fails with bad_argument.
  static Result<std::shared_ptr<Listener>> open(boost::asio::io_context& loop,
                                                const boost::asio::ip::tcp::endpoint& endpoint,
                                                OnAccepted on_accepted);

  std::uint16_t port() const;
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
