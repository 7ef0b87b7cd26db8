#include "test/e2e/embedded_server.hpp"

#include <catch2/catch.hpp>

#include <csignal>

namespace provphone::e2e {

EmbeddedServer::EmbeddedServer(Workspace& workspace, const Flags& flags) {
  const auto folder = workspace.make_folder("serve");
  process_ = std::make_unique<Process>(
      folder, "serve", with({PROVPHONE_BINARY, "serve", workspace.path("www").string()}, flags));
}

std::string EmbeddedServer::origin(const std::string& scheme) const {
  std::string found;
  const auto announced = [&] {
    for (const auto& line : lines_of(process_->out())) {
      if (line.rfind(scheme + "://", 0) == 0) found = line.substr(0, line.rfind('/'));
    }
    return !found.empty();
  };
  INFO("it said: " << process_->out() << process_->err());
  REQUIRE(eventually(patience, announced));
  return found;
}

bool EmbeddedServer::logs(const std::string& text) const {
  return eventually(patience, [&] { return process_->out().find(text) != std::string::npos; });
}

std::optional<int> EmbeddedServer::interrupt() {
  process_->signal(SIGINT);
  return process_->wait(patience);
}

}  // namespace provphone::e2e
