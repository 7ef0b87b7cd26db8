#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Addresses of IPv4 as numbers in host order.
namespace provphone::client::scenario {

// `10.0.0.5`, four numbers of at most three digits; nothing where it is none.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);

std::string format_ipv4(std::uint32_t address);

}  // namespace provphone::client::scenario
