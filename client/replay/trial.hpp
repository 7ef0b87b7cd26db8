#pragma once

#include "client/replay/seen_server.hpp"
#include "macro/error.hpp"

#include <map>
#include <string>

namespace provphone::client::replay {

// A scenario's text, run in virtual time.
struct Trial {
  bool holds = true;  // its first expectation; what was not decided is not failed
  std::map<std::string, LastFailure> failures;  // of phones that failed last, by address
};

// Fails where the text is no scenario.
Result<Trial> tried(const std::string& yaml);

}  // namespace provphone::client::replay
