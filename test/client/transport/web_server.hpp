#pragma once

#include "client/identity/tls_identity.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace provphone::client::transport::test {

enum class After : std::uint8_t {
  close,
  reset,   // with an RST
  hang,    // keep the connection, say nothing
  next,    // keep it for the next request
  endless  // go on sending octets
};

struct Reply {
  std::string text;
  After after = After::close;
};

struct Seen {
  std::string request;  // header and body as they came
  std::uint16_t client_port = 0;
  std::string client_address;
  // Of TLS.
  std::string subject;  // of the client's certificate
  std::string server_name;
  std::string version;
  bool resumed = false;
  bool application_protocol = false;  // whether one was offered
};

struct TlsOptions {
  identity::DeviceCertificate certificate;
  std::shared_ptr<X509_STORE> client_roots{};  // null: no certificate is asked for
  int verify_mode = 0;                         // SSL_VERIFY_*
  int highest_version = TLS1_3_VERSION;
  int lowest_version = TLS1_VERSION;
  std::string ciphers{};  // up to TLS 1.2; empty: OpenSSL's own
};

// Answers raw text to each request, one per connection unless the reply says otherwise, and
// remembers what it saw. An empty answer
// text with After::hang makes a server that accepts and keeps silent.
class WebServer {
 public:
  using Answer = std::function<Reply(const std::string& request)>;

  WebServer(boost::asio::io_context& loop, Answer answer);
  WebServer(boost::asio::io_context& loop, Answer answer, const TlsOptions& tls);
  ~WebServer();

  std::uint16_t port() const;
  const std::vector<Seen>& seen() const;
  std::size_t connections() const;
  std::size_t open() const;  // of them, now
  std::uint64_t octets_sent() const;

  struct State;

 private:
  std::shared_ptr<State> state_;
};

// 200 with a Content-Length.
Reply ok(const std::string& body);
WebServer::Answer always(Reply reply);

}  // namespace provphone::client::transport::test
