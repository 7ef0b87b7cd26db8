#pragma once

#include "client/serve/connection.hpp"
#include "client/serve/content.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio::ssl {
class context;
}

// HTTP/1 with one client, over TCP or TLS. What is answered is for a Respondent to say.
namespace provphone::client::serve {

// What a client asks. Its texts are the session's, and good until the call that it came with has
// returned.
struct Request {
  std::string_view method;  // as sent; empty where the request was beyond reading
  std::string_view target;  // likewise
  std::string_view host;    // this header and the next two: empty without one
  std::string_view authorization;
  std::string_view user_agent;
  std::string_view body;
  std::chrono::steady_clock::time_point arrived;  // its head did
  std::string_view client_address;
  std::string_view client_subject;  // of the verified client certificate, RFC 2253; or empty
};

// The body of an answer, which may end before the content does.
struct Body {
  Content content;
  std::uint64_t end = UINT64_MAX;  // octets to send at most
  std::uint64_t sent = 0;          // handed to the socket so far

  std::uint64_t size() const { return std::min(content.size(), end); }
};

enum class Persistence : std::uint8_t { as_asked, last };  // `last`: the answer says that it is

struct Answer {
  struct Field {
    std::string_view name;  // of a lifetime without end
    std::string value;
  };

  int status = 200;
  std::vector<Field> fields;  // in the order in which they are sent; the session adds Connection
  Body body;
  Persistence persistence = Persistence::as_asked;

  // In place of an earlier value, and behind the other fields.
  void set(std::string_view name, std::string value);
};

// What follows the last octet of an answer.
enum class Ending : std::uint8_t { honest, closed, reset, stalled };

struct Reply {
  std::optional<Answer> answer;  // nothing: only the ending comes
  Ending ending = Ending::honest;
};

// What became of an answer.
struct Outcome {
  int status = 0;           // 0: there was none
  std::uint64_t bytes = 0;  // of the body
};

// Answers one client. Each request gets one call of delay(), answer() and over(), in that order;
// one that cannot be read to its end gets refusal() and, if that gave an answer, over().
class Respondent {
 public:
  virtual ~Respondent() = default;

  // How long the client is to wait before its answer is made.
  virtual std::chrono::milliseconds delay(const Request&) { return {}; }
  virtual Reply answer(const Request& request) = 0;
  // Nothing: the connection is closed without a word. `status` is what the request deserves.
  virtual std::optional<Answer> refusal(int status) = 0;
  // The answer is sent, or cannot be. May close the connection.
  virtual void over(const Request&, const Outcome&) {}
};

struct Limits {
  // For a handshake, for a whole request, between two, and for each mebibyte of an answer.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  std::uint32_t header_octets = 16 * 1024;
  std::uint64_t body_octets = std::uint64_t{8} << 20;
};

struct Client {
  boost::asio::ip::tcp::socket socket;
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain HTTP
};

// Serves a client from its first octet on, until either side closes the connection.
void start_session(Client client, const Limits& limits, std::shared_ptr<Connections> among,
                   std::unique_ptr<Respondent> respondent);

// `Not Found` of 404; `<unknown-status>` where HTTP has no name for it.
std::string_view reason_of(int status);

}  // namespace provphone::client::serve
