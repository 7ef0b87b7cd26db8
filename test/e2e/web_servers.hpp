#pragma once

#include "test/e2e/server_process.hpp"
#include "test/e2e/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::e2e {

struct ServerCertificate {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path
      client_roots;  // not empty: clients must show a certificate that these roots signed
};

// One line of nginx's access log.
struct Access {
  std::string subject;  // of the verified client certificate, RFC 2253; `-` without one
  std::string user_agent;
  std::string request;  // GET /file.xml HTTP/1.1
  int status = 0;
  int connection = 0;  // its number
};

// nginx over HTTP, or over HTTPS when it is given a certificate.
class Nginx {
 public:
  struct Options {
    std::optional<ServerCertificate> tls;
    std::string locations;  // `location` blocks to add
  };

  // Serves `root`.
  Nginx(Workspace& workspace, const std::filesystem::path& root, Options options);
  Nginx(Workspace& workspace, const std::filesystem::path& root)
      : Nginx(workspace, root, Options{}) {}

  std::uint16_t port() const { return port_; }
  // http://127.0.0.1:PORT/path, or https://localhost:PORT/path.
  std::string url(const std::string& path) const;

  // What was served so far, waiting a moment for `at_least` entries: nginx writes one after it has
  // answered.
  std::vector<Access> accesses(std::size_t at_least) const;

  void stop() { process_->stop(); }

 private:
  Launch prepare(const std::filesystem::path& root);

  std::filesystem::path folder_;
  Options options_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// Apache over HTTPS that demands a client certificate during the handshake, with a CGI script
// `/cgi-bin/reflect` behind it: its answer is a profile whose GPP_D holds OU, L and S of the
// client's subject as `OU=...,L=...,S=...`.
class Apache {
 public:
  Apache(Workspace& workspace, ServerCertificate tls);

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path) const;
  std::string error_log() const;

 private:
  Launch prepare();

  std::filesystem::path folder_;
  ServerCertificate tls_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// tinyproxy, with Basic logins where `login` is not empty: `user password`.
class Tinyproxy {
 public:
  explicit Tinyproxy(Workspace& workspace, std::string login = {});

  std::uint16_t port() const { return port_; }
  std::string log() const;

 private:
  Launch prepare();

  std::filesystem::path folder_;
  std::string login_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// lighttpd over HTTP: it serves `root`, and asks for user `phone` with password `secret` below
// /basic/ and /digest/. Digest offers the algorithms SHA-256 and MD5 below /digest/, and SHA-256
// alone below /sha256/.
class Lighttpd {
 public:
  Lighttpd(Workspace& workspace, const std::filesystem::path& root);

  std::string url(const std::string& path) const;

 private:
  Launch prepare(const std::filesystem::path& root);

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// `python3 -m http.server`, which speaks HTTP/1.0.
class PythonServer {
 public:
  PythonServer(Workspace& workspace, const std::filesystem::path& root);

  std::string url(const std::string& path) const;

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

// A script of this folder that speaks HTTP at the port which is its first argument.
class PythonScript {
 public:
  PythonScript(Workspace& workspace, const std::filesystem::path& script, const std::string& more);

  std::string url(const std::string& path) const;

 private:
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace provphone::e2e
