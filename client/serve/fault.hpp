#pragma once

#include "client/serve/server.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::serve {

// Counts the requests for each path that a fault is set on, and says which of them fail.
class FaultTable {
 public:
  explicit FaultTable(std::vector<Fault> faults) : faults_(std::move(faults)) {}

  // Counts one request; the status to answer it with, or nothing where it is served honestly.
  std::optional<int> next(const std::string& path);

 private:
  std::vector<Fault> faults_;
  std::map<std::string, std::uint32_t> requests_;
};

}  // namespace provphone::client::serve
