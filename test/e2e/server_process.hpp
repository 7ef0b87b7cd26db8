#pragma once

#include "test/e2e/process.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace provphone::e2e {

// One try at starting a server: what to run, and how to see that it is this very process that
// serves.
struct Launch {
  std::vector<std::string> argv;
  std::function<bool()> ready;
};

// Starts a server in the foreground and returns once it is ready. `prepare` writes the
// configuration for a port that it just found free; when the server ends before it is ready,
// somebody else took that port and `prepare` is asked again. Without the program the test is not
// run.
std::unique_ptr<Process> start_server(const std::filesystem::path& folder, const std::string& name,
                                      const std::function<Launch()>& prepare);

}  // namespace provphone::e2e
