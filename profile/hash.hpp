#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// What logins are made of (R-HTTP-09). Neither keeps nor wipes what it is given.
namespace provphone::profile {

enum class Hash : std::uint8_t { md5, sha256 };

// In lower-case hexadecimal digits, two an octet.
std::string hash_hex(Hash hash, std::string_view text);

// RFC 4648, with padding and without line breaks.
std::string base64(std::string_view text);

}  // namespace provphone::profile
