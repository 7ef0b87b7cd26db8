#pragma once

#include "test/e2e/server_process.hpp"
#include "test/e2e/workspace.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace provphone::e2e {

// kamailio on a free port of 127.0.0.1, over UDP and TCP: a registrar that asks everybody for the
// password sip_secret, remembers registrations while it runs, and forwards whatever else comes to
// those that it knows. Who is not known is answered 404.
class Kamailio {
 public:
  // No registration lasts longer than `longest`, in seconds.
  Kamailio(Workspace& workspace, int longest);

  std::string port() const { return std::to_string(port_); }
  std::string address() const { return "127.0.0.1:" + port(); }

  void stop() { process_->stop(); }
  // At the same port; it knows nobody any more.
  void start_again();

 private:
  Launch prepare();
  Launch launch() const;

  std::filesystem::path folder_;
  int longest_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace provphone::e2e
