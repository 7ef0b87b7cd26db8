#pragma once

#include "macro/error.hpp"

#include <string>

namespace provphone::client::cli {

// A whole file, at most profile::max_unpacked_bytes; `-` is standard input. Fails with
// unreadable_file.
Result<std::string> read_file(const std::string& name);

}  // namespace provphone::client::cli
