#pragma once

#include "client/serve/http_session.hpp"
#include "client/serve/state.hpp"

#include <memory>

namespace provphone::client::serve {

// Serves the directory to one client, with faults, until either side closes the connection. Returns
// at once.
void serve_http(std::shared_ptr<State> state, Client client);

}  // namespace provphone::client::serve
