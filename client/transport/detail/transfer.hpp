#pragma once

#include "client/transport/fetcher.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace provphone::client::transport::detail {

using Clock = std::chrono::steady_clock;

enum class Phase : std::uint8_t {
  free,     // in the pool
  waiting,  // started, not yet given to curl
  running,
  doomed,  // cancelled from within curl, to be taken from it as soon as that returns
};

// What OpenSSL's call-backs saw of the handshake; zero is X509_V_OK.
struct TlsNotes {
  int verify_error = 0;
  std::string certificate_names;   // of a certificate that is for other hosts
  std::optional<int> fatal_alert;  // sent by the server
};

struct TftpError {
  int number = 0;
  std::string text;  // printable, cut to a line's length
};

// The server's side of a TFTP transfer: its port once the first packet has shown it, and what it
// complained about.
struct TftpPeer {
  curl_socket_t socket = CURL_SOCKET_BAD;
  boost::asio::ip::address server;
  std::uint16_t port = 0;  // 0: no packet yet
  std::optional<TftpError> error;
};

// What happened to one exchange besides what curl reports.
struct Notes {
  std::string refused_address;  // an address that is not among the targets
  int source_errno = 0;         // why source_address could not be used
  int socket_errno = 0;         // why there is no socket
  bool is_listening = false;    // the connection stands, and curl waits for what comes
  bool body_too_large = false;
  bool has_header = false;      // the empty line behind it came, of the answer that came last
  bool lengths_differ = false;  // two headers Content-Length, of one answer
  TlsNotes tls;
  TftpPeer tftp;
};

// One exchange and the curl handle that carries it. Both are pooled: a transfer lives as long as
// its engine, and its generation tells one use from the next.
struct Transfer {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;        // for the server
  curl_slist* proxy_headers = nullptr;  // for the proxy alone
  const Targets* targets = nullptr;
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  Phase phase = Phase::free;

  Request request;
  Fetcher::OnResolved on_resolved;
  Fetcher::OnDone on_done;
  Response response;
  std::size_t body_sent = 0;  // of a TFTP write
  Notes notes;

  Clock::time_point started;
  Clock::time_point begun;  // when curl got it
  Clock::time_point last_activity;
  Clock::time_point first_byte;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

// Whom the transfer connects to: its proxy, or its server.
inline const std::string& host_asked(const Request& request) {
  return request.proxy ? request.proxy->host : request.url.host;
}

inline bool is_tftp(const Transfer& transfer) {
  return transfer.request.url.scheme == macro::Scheme::tftp;
}

}  // namespace provphone::client::transport::detail
