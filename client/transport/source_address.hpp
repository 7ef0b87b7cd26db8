#pragma once

#include "macro/error.hpp"

#include <string>

namespace provphone::client::transport {

// Whether traffic can come from that address: it is one of this machine's. Else nothing would leave
// it, which would look as if a server kept the asker out. Fails with bad_argument and names
// --source.
Result<void> check_source(const std::string& address);

}  // namespace provphone::client::transport
