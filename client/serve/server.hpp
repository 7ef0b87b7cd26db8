#pragma once

#include "macro/error.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The embedded provisioning server: a directory over HTTP, HTTPS and TFTP, with faults on request.
namespace provphone::client::serve {

enum class ClientCertificates : std::uint8_t { ignored, asked_for, required };

// Answers requests number `first` to `last` (1-based, counted per path) for `path` with an HTTP
// status and nothing else. The path is decoded and has no query part; the count is one for all
// protocols.
struct Fault {
  std::string path;  // `/file.xml`, or `*` for every path
  int status = 503;  // 200 to 599; over TFTP 404 is error 1, 403 error 2, all others error 0
  std::uint32_t first = 1;
  std::uint32_t last = UINT32_MAX;
};

// PATH=STATUS, PATH=STATUS*COUNT (the first COUNT requests) or PATH=STATUS@FIRST-LAST. Fails with
// bad_argument.
Result<Fault> parse_fault(std::string_view text);

struct Options {
  std::string directory;
  std::string address = "127.0.0.1";
  // A port of 0 takes a free one; nothing: that protocol is not served.
  std::optional<std::uint16_t> http_port;
  std::optional<std::uint16_t> https_port;
  std::optional<std::uint16_t> tftp_port;
  std::string
      pki_directory;  // for HTTPS: server.pem server.key, device-root.pem to verify clients with
  ClientCertificates client_certificates = ClientCertificates::ignored;
  std::vector<Fault> faults;  // the first that fits a request decides
};

struct Served {
  std::string protocol;  // http, https, tftp
  std::string method;  // GET, HEAD, POST, PUT, RRQ, WRQ; empty where the request was beyond reading
  std::string path;    // as the client sent it, query included
  int status = 0;  // of HTTP; TFTP: 200, 404 for error 1, 403 for error 2, a fault's; 0: the client
                   // went away
  std::uint64_t bytes = 0;  // of the body
  std::string client_address;
  std::string client_subject;  // of the verified client certificate, RFC 2253; empty without one
  std::string user_agent;
};

// GET, HEAD and POST are answered with the file, read anew for each request. PUT stores below
// <directory>/uploads where that folder exists. Nothing outside the directory is ever read or
// written. Lives on one thread, the loop's; the loop must outlive the server.
class Server {
 public:
  // Called once a request, when its answer is sent or cannot be sent.
  using OnServed = std::function<void(const Served&)>;

  // Listens at once. Fails with unreadable_file (directory, PKI) or bad_argument (a port that is
  // taken).
  static Result<std::unique_ptr<Server>> start(boost::asio::io_context& loop, Options options,
                                               OnServed on_served);
  ~Server();  // closes every socket; no call-back follows

  std::uint16_t http_port() const;  // 0: not served
  std::uint16_t https_port() const;
  std::uint16_t tftp_port() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::serve
