#include "client/transport/detail/errors.hpp"

#include "client/transport/detail/easy.hpp"
#include "client/transport/detail/request_url.hpp"
#include "client/transport/detail/tls_errors.hpp"
#include "resync/request_target.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
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
Error at_whom_is_asked(const Transfer& transfer, Errc code, std::string_view what) {
  const auto& proxy = transfer.request.proxy;
  return proxy ? Error{code, fmt::format("{}: {}", proxy_name(*proxy), what)}
               : at_server(transfer, code, what);
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

Error explain_connect(const Transfer& transfer) {
  // curl has one code for all of these; the system's number tells them apart.
  long number = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_OS_ERRNO, &number);
  switch (number) {
    case ECONNREFUSED:
      return at_whom_is_asked(transfer, Errc::connection_refused, "connection refused");
    case ETIMEDOUT:
      return at_whom_is_asked(transfer, Errc::connect_timeout, "no answer");
    case EADDRNOTAVAIL:
      return at_whom_is_asked(transfer, Errc::no_local_port, "no local port is free");
    case 0:
      return at_whom_is_asked(transfer, Errc::host_unreachable, "unreachable");
    default:
      return at_whom_is_asked(transfer, Errc::host_unreachable,
                              std::strerror(static_cast<int>(number)));
  }
}

// R-HTTP-11: which of the limits it was, and what was not there in time.
Error explain_late_connection(const Transfer& transfer) {
  const auto& [connect, idle, total] = transfer.request.timeouts;
  const bool is_total = total > total.zero() && (total < connect || connect == connect.zero());
  const auto within = fmt::format("within {} ms", (is_total ? total : connect).count());
  if (transfer.response.server_address.empty()) return explain_nameless(transfer);
  // curl has a tunnel connected only once the proxy has answered.
  const bool is_connected =
      was_reached(transfer, CURLINFO_CONNECT_TIME_T) || transfer.notes.is_listening;
  const bool is_https = transfer.request.url.scheme == macro::Scheme::https;
  if (!is_connected)
    return at_whom_is_asked(transfer, Errc::connect_timeout, "no connection " + within);
  if (transfer.request.proxy && is_https && connect_status(transfer) == 0)
    return at_whom_is_asked(transfer, Errc::connect_timeout, "no answer to CONNECT " + within);
  return at_server(transfer, is_https ? Errc::tls_timeout : Errc::connect_timeout,
                   (is_https ? "TLS not set up " : "no connection ") + within);
}

Error explain_timeout(const Transfer& transfer) {
  const Timeouts& timeouts = transfer.request.timeouts;
  if (!was_reached(transfer, CURLINFO_PRETRANSFER_TIME_T)) return explain_late_connection(transfer);
  return at_server(transfer, Errc::transfer_timeout,
                   fmt::format("not finished within {} ms", timeouts.total.count()));
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
    return at_whom_is_asked(
        transfer, Errc::target_refused,
        fmt::format("{} is not among the allowed targets", notes.refused_address));
  }
  if (notes.source_errno != 0) {
    return Error{Errc::bad_argument, fmt::format("source {}: {}", transfer.request.source_address,
                                                 std::strerror(notes.source_errno))};
  }
  if (notes.socket_errno != 0) {
    return at_whom_is_asked(transfer, Errc::no_socket,
                            fmt::format("no socket: {}", std::strerror(notes.socket_errno)));
  }
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
  return {Errc::name_not_resolved, fmt::format("no answer about {} in time", name_asked(transfer))};
}

Error explain_stall(const Transfer& transfer) {
  return at_server(
      transfer, Errc::transfer_stalled,
      fmt::format("nothing arrived for {} ms", transfer.request.timeouts.idle.count()));
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
