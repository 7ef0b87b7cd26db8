#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace provphone::client::identity::detail {

// Everything, however many calls that takes; false with errno.
bool write_all(int file, std::string_view text);

// Written beside and renamed, so that nobody reads half a file, also where several processes write
// it; never open to others, not even for a moment. Fails with unreadable_file.
Result<void> write_file(const std::string& path, std::string_view text, mode_t mode);

}  // namespace provphone::client::identity::detail
