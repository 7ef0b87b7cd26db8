#pragma once

#include "client/serve/connection.hpp"
#include "client/serve/http_message.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace boost::asio::ssl {
class context;
}

// HTTP/1 with one client, over TCP or TLS. What is answered is for a Respondent to say.
namespace provphone::client::serve {

// Answers one client, and goes with its connection. Each request gets delay(), answer() and over(),
// once each and in that order, as far as the connection lasts; one that cannot be read to its end
// gets refusal() and, if that gave an answer, over(). All on the loop's thread.
class Respondent {
 public:
  virtual ~Respondent() = default;

  // How long the client is to wait before its answer is made; 0: not at all.
  virtual std::chrono::milliseconds delay(const Request&) { return {}; }
  virtual Reply answer(const Request& request) = 0;
  // The request was not HTTP or too long. Nothing: the connection is closed without a word.
  // `status` is what the request deserves: 400, 413 or 431.
  virtual std::optional<Answer> refusal(int status) = 0;
  // The answer is sent, or cannot be. May close the connection.
  virtual void over(const Request&, const Outcome&) {}
};

struct Limits {
  // For a handshake, for a whole request, between two, and for each mebibyte of an answer.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  // Of the request line and the header together, and of a request's body.
  std::uint32_t header_octets = 16 * 1024;
  std::uint64_t body_octets = std::uint64_t{8} << 20;
};

struct Client {
  boost::asio::ip::tcp::socket socket;
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain HTTP
};

// Serves a client from its first octet on, until either side closes the connection or it is closed
// through `among`. Returns at once.
void start_session(Client client, const Limits& limits, std::shared_ptr<Connections> among,
                   std::unique_ptr<Respondent> respondent);

}  // namespace provphone::client::serve
