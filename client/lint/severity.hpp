#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// How bad a finding is, of a profile or of a server.
namespace provphone::client::lint {

// From the least to the worst: they are compared.
enum class Severity : std::uint8_t { info, low, medium, high, last = high };

std::string_view name(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

}  // namespace provphone::client::lint
