#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <string>

namespace provphone::client::input {

// A whole file of at most `limit` octets, as it is; `-` is standard input, which can be read once.
// Blocks until all of it is there. Fails with unreadable_file, for a folder and for a file that is
// larger too; the detail names the file.
Result<std::string> read_file(const std::string& name, std::size_t limit);

}  // namespace provphone::client::input
