#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace provphone::client::input {

// Octets: `512`, `512B`, `40KB`, `30MB`, `4KiB` or `2MiB`, one whole number and one unit with no
// blank between them. Nothing where it is none, or more than `most`.
std::optional<std::uint64_t> parse_size(std::string_view text, std::uint64_t most);

}  // namespace provphone::client::input
