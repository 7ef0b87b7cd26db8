#include "client/trace/json_octets.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace provphone::client::trace {
namespace {

constexpr std::uint32_t private_octets = 0xF700;

unsigned octet_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

std::size_t length_of(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

// The octets of the character at `at`, as RFC 3629 has it; 0 where there is none, or one of ours.
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto first = octet_at(text, at);
  const auto length = length_of(first);
  if (length <= 1) return length;
  if (text.size() - at < length) return 0;
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto octet = octet_at(text, at + i);
    if ((octet & 0xC0U) != 0x80) return 0;
    value = value << 6U | (octet & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  const bool is_ours = value >= private_octets + 0x80 && value <= private_octets + 0xFF;
  return value < least[length] || is_surrogate || value > 0x10FFFF || is_ours ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_at(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string utf8_of(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_at(text, at);
    if (length == 0) {
      const auto octet = octet_at(text, at);
      // U+F700 and the octet, which is above 7F, in three octets.
      out.push_back('\xEF');
      out.push_back(static_cast<char>(0x9CU | octet >> 6U));
      out.push_back(static_cast<char>(0x80U | (octet & 0x3FU)));
      ++at;
      continue;
    }
    out.append(text.substr(at, length));
    at += length;
  }
  return out;
}

std::string octets_of(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // U+F780 to U+F7FF.
    const bool is_octet = text.size() - at >= 3 && octet_at(text, at) == 0xEF &&
                          (octet_at(text, at + 1) & 0xFEU) == 0x9E &&
                          (octet_at(text, at + 2) & 0xC0U) == 0x80;
    if (!is_octet) {
      out.push_back(text[at++]);
      continue;
    }
    out.push_back(static_cast<char>((octet_at(text, at + 1) & 0x03U) << 6U |
                                    (octet_at(text, at + 2) & 0x3FU)));
    at += 3;
  }
  return out;
}

}  // namespace provphone::client::trace
