#pragma once

#include "macro/error.hpp"

#include <string>

namespace provphone::client::transport::detail {

// What the script's FindProxyForURL says of that URL and host. Blocks, for three seconds at most.
// Fails with pac_unusable, or no_socket where there is no process to be had.
Result<std::string> run_pac(const std::string& script, const std::string& url,
                            const std::string& host);

}  // namespace provphone::client::transport::detail
