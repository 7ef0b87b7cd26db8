#pragma once

#include "client/serve/fault.hpp"
#include "client/serve/made_load.hpp"
#include "client/serve/onboarding.hpp"
#include "client/serve/uploads.hpp"
#include "client/transport/loop.hpp"
#include "macro/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The embedded provisioning server: a directory over HTTP, HTTPS and TFTP, with faults on request.
namespace provphone::client::serve {

enum class ClientCertificates : std::uint8_t { ignored, asked_for, required };

struct Options {
  std::string directory;
  std::string address = "127.0.0.1";
  // A port of 0 takes a free one; nothing: that protocol is not served.
  std::optional<std::uint16_t> http_port;
  std::optional<std::uint16_t> https_port;
  std::optional<std::uint16_t> tftp_port;
  // For HTTPS: server.pem server.key, device-root.pem to verify clients with, server-root.key for
  // faults of the certificate.
  std::string pki_directory;
  ClientCertificates client_certificates = ClientCertificates::ignored;
  std::vector<Fault> faults;       // the first that fits a request decides
  std::uint64_t seed = 0;          // of what faults draw
  std::optional<MadeLoads> loads;  // nothing: what is not in the directory is nowhere
  UploadsTo uploads = UploadsTo::folder_if_there;
  std::string upload_folder;
  std::optional<OnboardingService> onboarding;
  // Below that folder of the URL a file that is not there is an empty one, as the redirect service
  // says that it knows nothing of a phone (R-BOOT-05); empty: nowhere.
  std::string redirect_folder;
  // Where phones post to have their certificates renewed, signed by the device root of
  // `pki_directory`; nothing: nowhere.
  std::optional<std::string> renewal_path;
};

struct Served {
  // When the request came, since the server was started.
  std::chrono::milliseconds at{};
  std::string protocol;  // http, https, tftp
  std::string method;  // GET, HEAD, POST, PUT, RRQ, WRQ; empty where the request was beyond reading
  std::string path;    // as the client sent it, query included
  // Of HTTP. Of TFTP: 200 or 201, 404 for error 1, 403 for error 2, 400 for a mode that is not
  // known, 413 for a file that is too large, 500 for another error that a fault sends, 503 where no
  // port is left, or a fault's status. 0: the client went away, or a fault left it without an
  // answer.
  int status = 0;
  // went away
  std::uint64_t bytes = 0;     // of the body
  std::uint64_t received = 0;  // of the request's body, or of the file that TFTP wrote
  std::string client_address;
  std::string client_subject;  // of the verified client certificate, RFC 2253; empty without one
  std::string user_agent;
  std::string fault;  // the label of the one that the request met; empty: none
};

// GET, HEAD and POST are answered with the file, read anew for each request. PUT stores below
// <directory>/uploads where that folder exists; with `uploads` it stores there, and so do POST
// where there is no file and writes over TFTP. Nothing else is ever read or written, the PKI apart.
// Lives on one thread, the loop's; the loop must outlive the server.
class Server {
 public:
  // Called once a request, when its answer is sent or cannot be sent. May destroy the server.
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
