#include "client/transport/detail/errors.hpp"

#include "client/transport/detail/easy.hpp"
#include "client/transport/detail/failures.hpp"
#include "client/transport/detail/request_url.hpp"
#include "client/transport/detail/tls_errors.hpp"
#include "resync/request_target.hpp"

#include <fmt/format.h>

#include <string_view>

namespace provphone::client::transport::detail {
namespace {

Error at_server(const Transfer& transfer, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}", host_and_port(transfer.request.url), what)};
}

std::string proxy_name(const ProxyServer& proxy) {
  return "the proxy " + resync::authority(proxy.host, proxy.port);
}

// Of what happens before a server is spoken to: it is the proxy's, where there is one.
std::string whom_is_asked(const Transfer& transfer) {
  const auto& proxy = transfer.request.proxy;
  return proxy ? proxy_name(*proxy) : host_and_port(transfer.request.url);
}

Error at_whom_is_asked(const Transfer& transfer, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}", whom_is_asked(transfer), what)};
}

// The name in messages about names.
std::string name_asked(const Transfer& transfer) {
  return fmt::format("{}\"{}\"", transfer.request.proxy ? "the proxy " : "",
                     host_asked(transfer.request));
}

std::string_view library_text(const Transfer& transfer, CURLcode code) {
  if (transfer.error_text[0] != '\0') return transfer.error_text.data();
  return curl_easy_strerror(code);
}

bool was_reached(const Transfer& transfer, CURLINFO stage) {
  curl_off_t us = 0;
  curl_easy_getinfo(transfer.easy, stage, &us);
  return us > 0;
}

// curl has one code for all of these; the system's number tells them apart.
Error explain_connect(const Transfer& transfer) {
  long number = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_OS_ERRNO, &number);
  return not_connected(whom_is_asked(transfer), static_cast<int>(number));
}

// R-HTTP-11: which of the limits it was, and what was not there in time.
Error explain_late_connection(const Transfer& transfer) {
  const auto& timeouts = transfer.request.timeouts;
  if (transfer.response.server_address.empty()) return explain_nameless(transfer);
  // curl has a tunnel connected only once the proxy has answered.
  const bool is_connected =
      was_reached(transfer, CURLINFO_CONNECT_TIME_T) || transfer.notes.is_listening;
  const bool is_https = transfer.request.url.scheme == macro::Scheme::https;
  if (!is_connected) return not_connected_in_time(whom_is_asked(transfer), timeouts);
  const auto within = within_connect_limit(timeouts);
  if (transfer.request.proxy && is_https && connect_status(transfer) == 0)
    return at_whom_is_asked(transfer, Errc::connect_timeout, "no answer to CONNECT " + within);
  if (!is_https) return not_connected_in_time(host_and_port(transfer.request.url), timeouts);
  return at_server(transfer, Errc::tls_timeout, "TLS not set up " + within);
}

Error explain_timeout(const Transfer& transfer) {
  if (!was_reached(transfer, CURLINFO_PRETRANSFER_TIME_T)) return explain_late_connection(transfer);
  return not_finished_in_time(host_and_port(transfer.request.url), transfer.request.timeouts);
}

Error explain_too_large(const Transfer& transfer) {
  return at_server(transfer, Errc::body_too_large,
                   fmt::format("the body exceeds {} octets", transfer.request.max_body_bytes));
}

// Also where a connection breaks: what arrived until then is not used (R-HTTP-13). curl has one
// code for all of it and tells the cases apart in its text alone; a text that is not known stays an
// interruption.
Error explain_receive(const Transfer& transfer, CURLcode code) {
  const std::string_view text = library_text(transfer, code);
  const bool nonsense = text.find("chunked-encod") != std::string_view::npos ||
                        text.find("response headers") != std::string_view::npos;
  if (nonsense) return at_server(transfer, Errc::protocol_error, text);
  if (text.find("reset") != std::string_view::npos) {
    return at_server(transfer, Errc::transfer_interrupted, "the server reset the connection");
  }
  return at_server(transfer, Errc::transfer_interrupted, text);
}

// Outcomes that the transfer itself noted; curl's code then only says that something failed.
std::optional<Error> explain_notes(const Transfer& transfer) {
  const Notes& notes = transfer.notes;
  // Only where every address was refused; else what went wrong at one that was not is the answer.
  if (!notes.refused_address.empty() && transfer.response.server_address.empty()) {
    return no_target(whom_is_asked(transfer), notes.refused_address);
  }
  if (notes.source_errno != 0)
    return unusable_source(transfer.request.source_address, notes.source_errno);
  if (notes.socket_errno != 0) return no_socket(whom_is_asked(transfer), notes.socket_errno);
  if (notes.body_too_large) return explain_too_large(transfer);
  if (notes.lengths_differ) {
    return at_server(transfer, Errc::protocol_error, "two headers Content-Length that differ");
  }
  return explain_tls(transfer);
}

// What curl says where the peer it talks to breaks off or talks nonsense. Failing to reach it has
// other codes.
bool is_about_talk(CURLcode code) {
  switch (code) {
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_OUT_OF_MEMORY:
      return true;
    default:
      return false;
  }
}

// R-HTTP-28: from CONNECT to its answer the fault is the proxy's.
std::optional<Error> explain_proxy(const Transfer& transfer, CURLcode code) {
  constexpr long success = 200, behind_success = 300;
  const bool is_tunnel =
      transfer.request.proxy && transfer.request.url.scheme == macro::Scheme::https;
  if (!is_tunnel || !is_about_talk(code)) return std::nullopt;
  const auto status = connect_status(transfer);
  if (status >= success && status < behind_success) return std::nullopt;
  if (status != 0) {
    return at_whom_is_asked(
        transfer, Errc::proxy_refused,
        fmt::format("status {} to CONNECT {}", status, host_and_port(transfer.request.url)));
  }
  return at_whom_is_asked(transfer, Errc::proxy_refused,
                          fmt::format("no answer to CONNECT: {}", library_text(transfer, code)));
}

Error explain_code(const Transfer& transfer, CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Errc::name_not_resolved, fmt::format("no address for {}", name_asked(transfer))};
    case CURLE_COULDNT_CONNECT:
      return explain_connect(transfer);
    case CURLE_OPERATION_TIMEDOUT:
      return explain_timeout(transfer);
    case CURLE_FILESIZE_EXCEEDED:
      return explain_too_large(transfer);
    case CURLE_INTERFACE_FAILED:
      return {Errc::bad_argument,
              fmt::format("source {} cannot be used", transfer.request.source_address)};
    case CURLE_URL_MALFORMAT:
      return at_server(transfer, Errc::url_syntax, "not a usable URL");
    case CURLE_SSL_CERTPROBLEM:
      return at_server(transfer, Errc::tls_handshake_failed, "the client certificate is unusable");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
      return explain_handshake(transfer, library_text(transfer, code));
    case CURLE_GOT_NOTHING:
      return at_server(transfer, Errc::transfer_interrupted, "closed without an answer");
    case CURLE_PARTIAL_FILE:
      return at_server(transfer, Errc::transfer_interrupted, "closed before the body was complete");
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return explain_receive(transfer, code);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return at_server(transfer, Errc::protocol_error, "the answer is not HTTP");
    case CURLE_OUT_OF_MEMORY:  // curl's word for a header line beyond its limit
      return at_server(transfer, Errc::protocol_error, "the answer's header is too long");
    default:
      return at_server(transfer, Errc::protocol_error, library_text(transfer, code));
  }
}

}  // namespace

Error explain_nameless(const Transfer& transfer) {
  return no_answer_about(name_asked(transfer));
}

Error explain_stall(const Transfer& transfer) {
  return silent_too_long(host_and_port(transfer.request.url), transfer.request.timeouts);
}

Error explain_cut(const Transfer& transfer) {
  return at_server(transfer, Errc::transfer_interrupted, "closed before the header was complete");
}

Error explain_failure(const Transfer& transfer, CURLcode code) {
  if (auto noted = explain_notes(transfer)) return *std::move(noted);
  if (auto proxy = explain_proxy(transfer, code)) return *std::move(proxy);
  return explain_code(transfer, code);
}

}  // namespace provphone::client::transport::detail
