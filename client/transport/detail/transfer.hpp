#pragma once

#include "client/transport/detail/curl_connection.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/names.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport::detail {

using Clock = std::chrono::steady_clock;

enum class Phase : std::uint8_t {
  free,     // in the pool
  waiting,  // started, not yet begun
  naming,   // begun: its server's name is being looked up
  running,
  doomed,  // cancelled from within curl, to be taken from it as soon as that returns
};

// What OpenSSL's call-backs saw of the handshake; zero is X509_V_OK.
struct TlsNotes {
  int verify_error = 0;
  std::string certificate_names;      // of a certificate that is for other hosts
  std::optional<int> fatal_alert;     // sent by the server
  bool own_suites_used = false;       // for TLS_Cipher_List has none that can be had (R-TLS-15)
  bool has_seen_certificate = false;  // the server's
  // A name whose addresses have to be known before the certificate can be judged (R-TLS-18). The
  // handshake has been given up for that; empty: none.
  std::string name_to_look_up;
  std::string fingerprint;        // of a certificate that a person might accept (R-TLS-17)
  bool leads_elsewhere = false;   // the certificate's name does, or nowhere
  bool has_none_to_show = false;  // the server has asked for the phone's, and there is none
};

// The addresses of the name in the server's certificate; none: there was no answer.
struct CertificateName {
  std::string name;
  std::vector<boost::asio::ip::address> addresses;
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
};

// One exchange and the curl handle that carries it. Both are pooled: a transfer lives as long as
// its engine, and its generation tells one use from the next.
struct Transfer {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;        // for the server
  curl_slist* proxy_headers = nullptr;  // for the proxy alone
  curl_slist* resolve = nullptr;        // the address that is tried, for curl
  // The request's, or one of its own, which the next exchange has too unless it was handed out.
  std::shared_ptr<CurlConnection> connection;
  const Targets* targets = nullptr;
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  Phase phase = Phase::free;

  Request request;
  Fetcher::OnResolved on_resolved;
  Fetcher::OnDone on_done;
  Response response;
  Addresses addresses;           // of host_asked(); none where that is an address
  std::size_t next_address = 0;  // of those that are still to be tried
  Notes notes;
  std::optional<CertificateName> certificate_name;  // once it was looked up

  Clock::time_point started;
  Clock::time_point begun;
  Clock::time_point named;   // when its server had an address
  Clock::time_point handed;  // when curl got it, with the address that is tried
  Clock::time_point last_activity;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

// Whom the transfer connects to: its proxy, or its server.
inline const std::string& host_asked(const Request& request) {
  return request.proxy ? request.proxy->host : request.url.host;
}

}  // namespace provphone::client::transport::detail
