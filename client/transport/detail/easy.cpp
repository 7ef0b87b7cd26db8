#include "client/transport/detail/easy.hpp"

#include "client/transport/detail/answer_headers.hpp"
#include "client/transport/detail/kept.hpp"
#include "client/transport/detail/request_check.hpp"
#include "client/transport/detail/request_url.hpp"
#include "client/transport/detail/tcp_socket.hpp"
#include "client/transport/detail/tls_context.hpp"
#include "client/transport/detail/tls_errors.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"
#include "resync/request_target.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>

namespace provphone::client::transport::detail {
namespace {

namespace ip = boost::asio::ip;
using std::chrono::milliseconds;

template <class T>
void set(const Transfer& transfer, CURLoption option, T value) {
  curl_easy_setopt(transfer.easy, option, value);
}

template <class Function>
void set_callback(const Transfer& transfer, CURLoption function_option, Function* function,
                  CURLoption data_option) {
  set(transfer, function_option, function);
  set(transfer, data_option, const_cast<Transfer*>(&transfer));
}

long status_of(const Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::size_t receive_body(char* data, std::size_t /*one*/, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const Request& request = transfer.request;
  Response& response = transfer.response;
  if (response.body_bytes == 0) {
    curl_off_t declared = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &declared);
    if (request.keep == Keep::body && declared > 0) {
      // The declared length is the server's word, and no more is set aside for it than may come.
      response.body.reserve(std::min(static_cast<std::size_t>(declared), request.max_body_bytes));
    }
  }
  // R-HTTP-12, where no length was declared. `body_bytes` never exceeds the limit, so that the
  // difference is one.
  if (size > request.max_body_bytes - response.body_bytes) {
    transfer.notes.body_too_large = true;
    return size + 1;  // not what was offered: curl gives up
  }
  response.body_bytes += size;
  response.body.append(data, kept_of(request.keep, response.body.size(), size));
  return size;
}

std::size_t receive_header(char* data, std::size_t /*one*/, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size);
  if (contradicts(transfer.response, line)) {
    transfer.notes.lengths_differ = true;
    return 0;  // not what was offered: curl gives up
  }
  note_header(transfer.response, line);
  if (line.starts_with("HTTP/")) transfer.notes.has_header = false;
  // What chunks have behind them is told line by line as well.
  if (!ascii::trimmed(line).empty()) return size;
  transfer.notes.has_header = true;
  if (may_be_followed(static_cast<int>(status_of(transfer))))
    set(transfer, CURLOPT_FORBID_REUSE, 0L);
  return size;
}

ip::address address_of(const curl_sockaddr& address) {
  ip::tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), &address.addr,
              std::min<std::size_t>(address.addrlen, endpoint.capacity()));
  return endpoint.address();
}

// The one place where curl's sockets towards a server come from, hence where the allow-list is
// kept.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  const ip::address server = address_of(*address);
  std::string text = server.to_string();
  if (!transfer.targets->allows_address(text) &&
      !transfer.targets->allows_name(host_asked(transfer.request))) {
    transfer.notes.refused_address = std::move(text);
    return CURL_SOCKET_BAD;
  }
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                          address->protocol);
  if (fd < 0) {
    transfer.notes.socket_errno = errno;
    return CURL_SOCKET_BAD;
  }
  if (!transfer.request.source_address.empty()) {
    transfer.notes.source_errno = bind_source(fd, transfer.request.source_address);
    if (transfer.notes.source_errno != 0) {
      ::close(fd);
      return CURL_SOCKET_BAD;
    }
  }
  // A name's addresses are tried in turn; the response tells of the last, `on_resolved` of the
  // first.
  transfer.response.server_address = std::move(text);
  if (const auto on_resolved = std::exchange(transfer.on_resolved, nullptr)) {
    on_resolved(transfer.response.server_address);
  }
  return fd;
}

// R-HTTP-18, where no socket was opened since the connection is another answer's.
int note_connection(void* user, char* address, char* /*own*/, int /*port*/, int /*own_port*/) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto on_resolved = std::exchange(transfer.on_resolved, nullptr);
  if (!on_resolved) return CURL_PREREQFUNC_OK;
  transfer.response.server_address = address;
  on_resolved(transfer.response.server_address);
  return CURL_PREREQFUNC_OK;
}

void add_header(curl_slist*& headers, const std::string& line) {
  headers = curl_slist_append(headers, line.c_str());
}

// R-HTTP-16: whatever the environment says. R-HTTP-27: what is for the proxy goes to no server.
void set_proxy(Transfer& transfer) {
  const auto& proxy = transfer.request.proxy;
  if (!proxy) {
    set(transfer, CURLOPT_PROXY, "");
    set(transfer, CURLOPT_NOPROXY, "*");
    return;
  }
  const std::string url = "http://" + resync::authority(proxy->host, proxy->port);
  set(transfer, CURLOPT_PROXY, url.c_str());
  set(transfer, CURLOPT_NOPROXY, "");
  set(transfer, CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});
  if (proxy->authorization.empty()) return;
  add_header(transfer.proxy_headers, "Proxy-Authorization: " + proxy->authorization);
  set(transfer, CURLOPT_PROXYHEADER, transfer.proxy_headers);
}

void set_connection(Transfer& transfer) {
  // R-HTTP-02: an exchange shares nothing with another phone's, and leaves nothing open unless its
  // answer may be followed.
  set(transfer, CURLOPT_SHARE, transfer.connection->share());
  set(transfer, CURLOPT_FORBID_REUSE, 1L);
  if (transfer.request.connection)
    set_callback(transfer, CURLOPT_PREREQFUNCTION, note_connection, CURLOPT_PREREQDATA);
  set_proxy(transfer);
  // No SIGALRM in a process of several threads.
  set(transfer, CURLOPT_NOSIGNAL, 1L);
  set_callback(transfer, CURLOPT_OPENSOCKETFUNCTION, open_socket, CURLOPT_OPENSOCKETDATA);
  set_callback(transfer, CURLOPT_WRITEFUNCTION, receive_body, CURLOPT_WRITEDATA);
  set(transfer, CURLOPT_ERRORBUFFER, const_cast<char*>(transfer.error_text.data()));
  set(transfer, CURLOPT_PRIVATE, const_cast<Transfer*>(&transfer));
}

// R-HTTP-11. Where the time to connect is 0, curl has its own limit of 300 s.
void set_limits(const Transfer& transfer) {
  const Timeouts& timeouts = transfer.request.timeouts;
  const bool bounded = timeouts.total > milliseconds::zero();
  set(transfer, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeouts.connect.count()));
  if (bounded) set(transfer, CURLOPT_TIMEOUT_MS, static_cast<long>(timeouts.total.count()));
  // R-HTTP-12, where the length is declared.
  set(transfer, CURLOPT_MAXFILESIZE_LARGE,
      static_cast<curl_off_t>(transfer.request.max_body_bytes));
}

void set_http_body(Transfer& transfer) {
  const Request& request = transfer.request;
  if (request.method == Method::get) return;
  // However long the answer says that its body would be: there is none.
  if (request.method == Method::head) {
    set(transfer, CURLOPT_NOBODY, 1L);
    return;
  }
  set(transfer, CURLOPT_POST, 1L);
  if (request.method == Method::put) set(transfer, CURLOPT_CUSTOMREQUEST, "PUT");
  // Not copied: the request stays as it is until the end.
  set(transfer, CURLOPT_POSTFIELDS, request.body.data());
  set(transfer, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  // Without a value the header is not sent at all, where libcurl would say what it thinks it is.
  const std::string type =
      request.content_type.empty() ? "Content-Type:" : "Content-Type: " + request.content_type;
  add_header(transfer.headers, type);
  add_header(transfer.headers, "Expect:");  // R-HTTP-05
  if (!request.content_encoding.empty())
    add_header(transfer.headers, "Content-Encoding: " + request.content_encoding);
}

void set_http(Transfer& transfer) {
  const Request& request = transfer.request;
  set(transfer, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(transfer, CURLOPT_PATH_AS_IS, 1L);
  set(transfer, CURLOPT_HTTP_CONTENT_DECODING, 0L);  // R-HTTP-07
  set_callback(transfer, CURLOPT_HEADERFUNCTION, receive_header, CURLOPT_HEADERDATA);
  if (!request.user_agent.empty()) set(transfer, CURLOPT_USERAGENT, request.user_agent.c_str());
  if (!request.authorization.empty())
    add_header(transfer.headers, "Authorization: " + request.authorization);
  if (!request.forwarded_for.empty())
    add_header(transfer.headers, "X-Forwarded-For: " + request.forwarded_for);
  // Without a value libcurl leaves it out.
  if (request.host_header == HostHeader::none) add_header(transfer.headers, "Host:");
  set_http_body(transfer);
  set(transfer, CURLOPT_HTTPHEADER, transfer.headers);
}

Result<void> check(const Transfer& transfer) {
  const Request& request = transfer.request;
  // R-HTTP-15: a proxy and the address behind it; where a name behind it leads, the proxy knows.
  TRY(check_target(*transfer.targets, request.url.host));
  if (request.proxy) {
    if (!is_host(request.proxy->host)) {
      return fail(Errc::name_not_resolved,
                  fmt::format("the proxy \"{}\" is no host", request.proxy->host));
    }
    TRY(check_target(*transfer.targets, request.proxy->host));
  }
  if (request.url.scheme == macro::Scheme::https && !request.tls) {
    return fail(Errc::bad_argument, "https without a TLS identity");
  }
  return check_source(request);
}

std::int64_t since_start(const Transfer& transfer, Clock::time_point point) {
  if (point == Clock::time_point{}) return 0;
  return std::chrono::duration_cast<std::chrono::microseconds>(point - transfer.started).count();
}

// curl counts from when it got the transfer, the caller from when it asked.
std::int64_t stamp(const Transfer& transfer, CURLINFO info) {
  curl_off_t us = 0;
  curl_easy_getinfo(transfer.easy, info, &us);
  return us == 0 ? 0 : us + since_start(transfer, transfer.handed);
}

// Whom curl connects to. It knows a name with and without the dot that may end it.
std::vector<std::string> names_for_curl(const Request& request) {
  const auto& host = host_asked(request);
  const auto port = request.proxy ? request.proxy->port : request.url.port;
  std::vector<std::string> names{fmt::format("{}:{}", host, port)};
  if (host.ends_with('.'))
    names.push_back(fmt::format("{}:{}", host.substr(0, host.size() - 1), port));
  return names;
}

std::string text_for_curl(const ip::address& address) {
  return address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
}

// R-HTTP-11: look-up and addresses that did not answer took their part of the time to connect, and
// of all; 0 would be no limit. R-NAME-10: each address but the last has half of what is left.
void set_time_left(const Transfer& transfer) {
  const auto spent = std::chrono::duration_cast<milliseconds>(Clock::now() - transfer.begun);
  const auto left = [&](milliseconds limit, int share) {
    return static_cast<long>(std::max((limit - spent) / share, milliseconds(1)).count());
  };
  const Timeouts& timeouts = transfer.request.timeouts;
  if (timeouts.total > milliseconds::zero())
    set(transfer, CURLOPT_TIMEOUT_MS, left(timeouts.total, 1));
  if (timeouts.connect <= milliseconds::zero()) return;
  const bool is_last = transfer.next_address == transfer.addresses.size();
  set(transfer, CURLOPT_CONNECTTIMEOUT_MS, left(timeouts.connect, is_last ? 1 : 2));
}

constexpr long proxy_challenge = 407;

}  // namespace

long connect_status(const Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_HTTP_CONNECTCODE, &status);
  return status;
}

Result<void> set_options(Transfer& transfer) {
  TRY(const auto url, request_url(transfer.request.url));
  if (auto checked = check(transfer); !checked) return checked;
  const std::string scheme(macro::name(transfer.request.url.scheme));
  set(transfer, CURLOPT_PROTOCOLS_STR, scheme.c_str());
  set(transfer, CURLOPT_URL, url.c_str());
  set_connection(transfer);
  set_limits(transfer);
  set_http(transfer);
  if (transfer.request.url.scheme == macro::Scheme::https) set_tls(transfer);
  return {};
}

void set_next_address(Transfer& transfer) {
  const auto address = text_for_curl(transfer.addresses[transfer.next_address++]);
  curl_slist* list = nullptr;
  auto& known = transfer.connection->known_names;
  for (const auto& old : std::exchange(known, names_for_curl(transfer.request)))
    list = curl_slist_append(list, ("-" + old).c_str());
  for (const auto& name : known)
    list = curl_slist_append(list, fmt::format("{}:{}", name, address).c_str());
  set(transfer, CURLOPT_RESOLVE, list);
  curl_slist_free_all(std::exchange(transfer.resolve, list));
  set_time_left(transfer);
}

bool may_try_next_address(const Transfer& transfer, CURLcode code) {
  const Notes& notes = transfer.notes;
  if (transfer.next_address == transfer.addresses.size()) return false;
  if (notes.source_errno != 0 || notes.socket_errno != 0) return false;
  // curl has a tunnel connected only once the proxy has answered.
  if (notes.is_listening) return false;
  curl_off_t connected = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_CONNECT_TIME_T, &connected);
  return code == CURLE_COULDNT_CONNECT || (code == CURLE_OPERATION_TIMEDOUT && connected == 0);
}

Stamps stamps_of(const Transfer& transfer) {
  Stamps stamps;
  stamps.done_us = since_start(transfer, Clock::now());
  if (transfer.phase == Phase::waiting) return stamps;
  stamps.begun_us = since_start(transfer, transfer.begun);
  if (transfer.phase == Phase::naming) return stamps;
  stamps.resolved_us = transfer.addresses.empty() ? stamp(transfer, CURLINFO_NAMELOOKUP_TIME_T)
                                                  : since_start(transfer, transfer.named);
  stamps.connected_us = stamp(transfer, CURLINFO_CONNECT_TIME_T);
  stamps.secured_us = stamp(transfer, CURLINFO_APPCONNECT_TIME_T);
  stamps.first_byte_us = stamp(transfer, CURLINFO_STARTTRANSFER_TIME_T);
  return stamps;
}

bool is_challenge_to_connect(const Transfer& transfer) {
  return transfer.request.proxy && connect_status(transfer) == proxy_challenge;
}

bool is_cut_short(const Transfer& transfer) {
  constexpr long switching = 101, first_final = 200;
  const auto status = status_of(transfer);
  const bool is_interim = status < first_final && status != switching;
  return is_interim || !transfer.notes.has_header;
}

Response take_response(Transfer& transfer) {
  auto status = status_of(transfer);
  if (is_challenge_to_connect(transfer)) status = proxy_challenge;
  transfer.response.status = static_cast<int>(status);
  transfer.response.tls_note = tls_note(transfer);
  return std::move(transfer.response);
}

}  // namespace provphone::client::transport::detail
