#pragma once

#include "macro/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Hardware addresses, and the ways in which phones print them (R-MACRO-08).
namespace provphone {

// A 48-bit hardware address. Phones print it in three ways: `$MA`, `$MAU` and `$MAC`.
struct MacAddress {
  std::uint64_t bits = 0;  // the lower 48 bits; the first octet is the highest

  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

// Accepts `000e08012345`, `00:0e:08:01:23:45`, `00-0e-08-01-23-45` and `000e.0801.2345` in either
// case. Fails with
// bad_argument and an offset.
Result<MacAddress> parse_mac_address(std::string_view text);

std::string format_lower(MacAddress mac);   // 000e08012345, `$MA`
std::string format_upper(MacAddress mac);   // 000E08012345, `$MAU`
std::string format_colons(MacAddress mac);  // 00:0e:08:01:23:45, `$MAC`

}  // namespace provphone
