#pragma once

#include "client/serve/state.hpp"
#include "client/serve/tftp_transfer.hpp"

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

namespace provphone::client::serve {

// Waits for requests on the known port. Each file goes out from a port of its own, which is the
// transfer's TID (RFC 1350). Lives until it is closed; transfers go on then, as connections of the
// state.
class TftpListener : public std::enable_shared_from_this<TftpListener> {
 public:
  using Endpoint = boost::asio::ip::udp::endpoint;

  // Fails with bad_argument where the port is taken. A port of 0 takes a free one.
  static Result<std::shared_ptr<TftpListener>> open(boost::asio::io_context& loop,
                                                    const Endpoint& endpoint,
                                                    std::shared_ptr<State> state);

  std::uint16_t port() const;
  void close();

 private:
  TftpListener(boost::asio::io_context& loop, std::shared_ptr<State> state);
  void receive();
  void handle(std::string_view packet);
  void handle_request(const tftp::Request& request);
  // What the request deserves: a file, room for one, or an error.
  std::shared_ptr<TftpTransfer> open_transfer(TftpOpening opening);
  void refuse_without_socket(const TftpAsked& asked);

  boost::asio::ip::udp::socket socket_;
  std::shared_ptr<State> state_;
  // By client, so that a request that comes twice starts one transfer. Ended ones are swept out now
  // and then.
  std::map<Endpoint, std::weak_ptr<TftpTransfer>> transfers_;
  std::array<char, 2048> buffer_{};
  Endpoint client_;
};

}  // namespace provphone::client::serve
