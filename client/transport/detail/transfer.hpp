#pragma once

#include "client/transport/fetcher.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

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

// What happened to one exchange besides what curl reports.
struct Notes {
  std::string refused_address;  // an address that is not among the targets
  int source_errno = 0;         // why source_address could not be used
  int socket_errno = 0;         // why there is no socket
  bool body_too_large = false;
  TlsNotes tls;
};

// One exchange and the curl handle that carries it. Both are pooled: a transfer lives as long as
// its engine, and its generation tells one use from the next.
struct Transfer {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  const Targets* targets = nullptr;
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  Phase phase = Phase::free;

  Request request;
  Fetcher::OnResolved on_resolved;
  Fetcher::OnDone on_done;
  Response response;
  Notes notes;

  Clock::time_point started;
  Clock::time_point begun;  // when curl got it
  Clock::time_point last_activity;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

}  // namespace provphone::client::transport::detail
