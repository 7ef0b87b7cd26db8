#pragma once

#include "client/serve/http_message.hpp"
#include "client/serve/state.hpp"

#include <optional>
#include <string>

// What a request over HTTP is answered with, honestly or not.
namespace provphone::client::serve {

// Errors get a line for whoever looks with a browser; a status of success has no body at all.
Answer status_answer(int status);

struct Asked {
  Protocol protocol;
  const Request& request;
  const std::optional<std::string>& path;  // nothing where the target is malformed
  const std::optional<MatchedFault>& met;
};

Reply reply_to(State& state, const Asked& asked);

}  // namespace provphone::client::serve
