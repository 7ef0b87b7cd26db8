#pragma once

#include "client/serve/http_message.hpp"
#include "client/serve/state.hpp"

#include <optional>
#include <string>

// What a request over HTTP is answered with, honestly or not. What each fault does to an answer as
// a whole is one overload in answer.cpp.
namespace provphone::client::serve {

// An answer without a file. Errors get a line for whoever looks with a browser; a status of success
// has no body at all. 401 asks for Basic. `status` is 200 to 599.
Answer status_answer(int status);

// Refers to its parts; good for one call.
struct Asked {
  Protocol protocol;
  const Request& request;
  const std::optional<std::string>& path;  // nothing where the target is malformed
  const std::optional<MatchedFault>& met;
};

// Reads the file, and may store an upload and issue or check a challenge. A malformed target is
// 404, whatever fault there is.
Reply reply_to(State& state, const Asked& asked);

}  // namespace provphone::client::serve
