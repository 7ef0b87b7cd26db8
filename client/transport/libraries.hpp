#pragma once

#include <string>

namespace provphone::client::transport {

// The libraries that traffic goes through, with the versions that are loaded, on one line:
// `libcurl 7.88.1, OpenSSL 3.0.17, c-ares 1.18.1`.
std::string loaded_libraries();

}  // namespace provphone::client::transport
