#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <string>

namespace provphone::client::input {

// A whole file of at most `limit` octets; `-` is standard input. Fails with unreadable_file.
Result<std::string> read_file(const std::string& name, std::size_t limit);

}  // namespace provphone::client::input
