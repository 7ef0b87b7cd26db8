#pragma once

#include "client/identity/tls_identity.hpp"
#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "macro/rule.hpp"
#include "resync/naming.hpp"
#include "resync/tftp_habits.hpp"
#include "resync/tls_terms.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One exchange at a time for any number of phones on an event loop: plain HTTP and TFTP by clients
// of its own, HTTPS and whatever is unusual through libcurl's multi interface. What an answer means
// to a phone is decided elsewhere (resync/answer.hpp): neither redirects are followed here nor
// challenges answered.
namespace provphone::client::transport {

enum class Method : std::uint8_t { get, post, put, head };

std::string_view name(Method method);  // GET, POST, PUT, HEAD

// That a request goes through: by its absolute URI, or by CONNECT for https. Not for TFTP.
struct ProxyServer {
  std::string host;  // a name or an address
  std::uint16_t port = 0;
  std::string authorization;  // the header Proxy-Authorization; empty: none is sent
};

// 0 of `idle` or `total`: no such limit. A TFTP server has no more time than the tries of one
// packet take, besides (R-TFTP-06).
struct Timeouts {
  std::chrono::milliseconds connect{10'000};  // name, TCP and TLS; for TFTP the name alone
  std::chrono::milliseconds idle{30'000};     // no octet for so long: transfer_stalled
  std::chrono::milliseconds total{180'000};
};

// Whether a request says for which host it is; what says nothing breaks HTTP/1.1, as old firmware
// did.
enum class HostHeader : std::uint8_t { sent, none };

// Who carries plain HTTP. A server sees no difference, and each takes and refuses what the other
// does (docs/architecture.md).
enum class HttpCarrier : std::uint8_t {
  own,      // GET without a proxy goes by a client of its own, anything else by libcurl
  libcurl,  // all of it
};

// What becomes of an answer's body.
enum class Keep : std::uint8_t {
  body,
  size,  // counted, then forgotten; but for the beginning (macro/said.hpp)
};

class Connection;

struct Request {
  Method method = Method::get;
  macro::Url url;
  std::string body;  // of POST and PUT; over TFTP either of them is a write request
  std::string content_type = "text/plain";  // of the body; empty: no such header
  std::string content_encoding;             // of the body; empty: no such header
  std::string authorization;                // the header; empty: none is sent
  std::optional<ProxyServer> proxy;
  std::string user_agent;
  std::string forwarded_for;  // the header X-Forwarded-For; empty: none is sent
  HostHeader host_header = HostHeader::sent;
  HttpCarrier http = HttpCarrier::own;
  std::shared_ptr<const identity::TlsIdentity> tls;  // needed for https
  resync::TlsTerms terms;                            // of https
  Timeouts timeouts;
  resync::TftpHabits tftp;
  std::size_t max_body_bytes = std::size_t{8} << 20;
  Keep keep = Keep::body;
  std::string source_address;  // empty: the system's choice
  resync::Naming naming;       // how the URL's host becomes an address
  // The name that the server's certificate must carry; empty: the URL's host. SRV targets answer
  // for their domain.
  std::string certificate_name;
  // That an answer before it came on, whose exchange has ended: it is used where it is open still
  // and leads to the same server by the same way. Null: a new one (R-HTTP-02).
  std::shared_ptr<Connection> connection;
};

// Microseconds since the exchange was started; 0 where that stage was not reached or does not
// exist.
struct Stamps {
  std::int64_t begun_us = 0;  // its turn came
  std::int64_t resolved_us = 0;
  std::int64_t connected_us = 0;
  std::int64_t secured_us = 0;
  std::int64_t first_byte_us = 0;
  std::int64_t done_us = 0;
};

struct Response {
  int status = 0;  // of HTTP; 200 for a file that TFTP delivered
  std::string body;
  std::size_t body_bytes = 0;     // kept or not
  std::string location;           // the header's value as it came, empty without one
  std::string content_encoding;   // likewise
  std::string content_type;       // likewise
  std::string content_length;     // likewise
  std::string transfer_encoding;  // likewise
  std::string cache_control;      // likewise
  // WWW-Authenticate and Proxy-Authenticate, each as it came.
  std::vector<std::string> authenticate, proxy_authenticate;
  std::string server_address;  // the proxy's, where there is one
  std::string tls_note;        // which of the terms could not be kept; empty: all were
  // Of a redirect or a challenge: for the request that follows from it, of the same phone. Who lets
  // go of it closes it; that has to be on the loop's thread.
  std::shared_ptr<Connection> connection;
  Stamps stamps;
};

class NameService;

class Fetcher {
 public:
  // Called once, when the server's name has become an address and before anything is sent to it
  // (R-HTTP-18), or its proxy's: the first address that is tried. It runs inside the exchange: it
  // may start and cancel others, but must not destroy the fetcher.
  using OnResolved = std::function<void(const std::string& server_address)>;
  // Called once, on the event loop, never from within start(). TFTP errors arrive as codes; any
  // HTTP status is a Response, and so is a proxy's 407 to CONNECT. It may start and cancel
  // exchanges, and destroy the fetcher.
  using OnDone = std::function<void(Result<Response>)>;
  using Id = std::uint64_t;

  // All must outlive the fetcher, which belongs to the one thread that runs the loop. Every socket
  // goes to an allowed target, or the exchange ends with target_refused.
  Fetcher(boost::asio::io_context& loop, const Targets& targets, NameService& names);
  // With a NameService of its own, which asks the system's name servers.
  Fetcher(boost::asio::io_context& loop, const Targets& targets);
  ~Fetcher();  // drops what is in flight without calling back
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  // `on_resolved` may be empty. No id is 0, and none is used again. Anything may be wrong with the
  // request: its errors come through `on_done` too.
  Id start(Request request, OnResolved on_resolved, OnDone on_done);
  void cancel(Id id);  // no call-back follows; unknown ids are ignored

  // How far the exchange came whose OnDone is running, or ran last.
  const Stamps& stamps() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::transport
