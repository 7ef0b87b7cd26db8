#pragma once

#include "test/e2e/phone.hpp"
#include "test/e2e/server_process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace provphone::e2e::exercises {

// Apache as the exercises have a person set it up: the document root `htdocs` and the folder
// `cgi-bin` in the workspace, and a log of user agents. HTTP, or HTTPS once it has a certificate.
class ApacheSite {
 public:
  explicit ApacheSite(Workspace& workspace, std::optional<ServerCertificate> tls = {});

  // Has it begin anew, at its port, and from then on demand client certificates.
  void require_client_certificates();

  std::uint16_t port() const { return port_; }
  // The lines of the agents' log, waiting a moment for `at_least`.
  std::vector<std::string> agents(std::size_t at_least) const;
  // Subject of the client's certificate and request of each access so far, `SUBJECT|GET /basic.txt
  // HTTP/1.1`.
  std::vector<std::string> accesses(std::size_t at_least) const;

 private:
  Launch prepare();
  void write_configuration() const;

  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::optional<ServerCertificate> tls_;
  std::string client_certificates_ = "none";  // SSLVerifyClient
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace provphone::e2e::exercises
