#pragma once

#include "test/e2e/phone.hpp"

#include <memory>
#include <optional>
#include <string>

namespace provphone::e2e {

// `provphone serve` of the workspace's www/ in the background.
class EmbeddedServer {
 public:
  EmbeddedServer(Workspace& workspace, const Flags& flags);

  // `scheme://address:port` as it was announced.
  std::string origin(const std::string& scheme) const;

  // Its log lines, waiting a moment for one that holds `text`.
  bool logs(const std::string& text) const;

  std::optional<int> interrupt();

 private:
  std::unique_ptr<Process> process_;
};

}  // namespace provphone::e2e
