#include "macro/mac_address.hpp"

#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone {
namespace {

constexpr std::size_t octet_count = 6;
constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

Error bad_address(std::size_t offset, std::string_view expected) {
  return {Errc::bad_argument, fmt::format("MAC address, offset {}: expected {}", offset, expected)};
}

std::string format_digits(MacAddress mac, std::string_view digits, std::string_view separator) {
  std::string text;
  text.reserve(octet_count * (2 + separator.size()));
  for (std::size_t i = 0; i < octet_count; ++i) {
    const auto octet = static_cast<std::size_t>(mac.bits >> (8 * (octet_count - 1 - i))) & 0xffU;
    if (i != 0) text.append(separator);
    text.push_back(digits[octet >> 4U]);
    text.push_back(digits[octet & 0xfU]);
  }
  return text;
}

}  // namespace

Result<MacAddress> parse_mac_address(std::string_view text) {
  // The third or fifth character decides which spelling it is to be; the rest has to keep to it.
  const bool separated = text.size() > 2 && (text[2] == ':' || text[2] == '-');
  const bool dotted = text.size() > 4 && text[4] == '.';
  const std::size_t before = dotted ? 4 : 2;  // digits in front of each separator
  const std::size_t stride = separated || dotted ? before + 1 : 2;
  const std::size_t length = separated ? 17 : dotted ? 14 : 12;
  MacAddress mac;
  for (std::size_t i = 0; i < length && i < text.size(); ++i) {
    if (i % stride == before) {
      if (text[i] != text[before]) {
        return tl::unexpected(bad_address(i, "the separator of the first two octets"));
      }
      continue;
    }
    const int value = ascii::hex_value(text[i]);
    if (value < 0) return tl::unexpected(bad_address(i, "a hexadecimal digit"));
    mac.bits = (mac.bits << 4U) | static_cast<std::uint64_t>(value);
  }
  if (text.size() != length) {
    return tl::unexpected(bad_address(std::min(text.size(), length), "six octets, no more"));
  }
  return mac;
}

// R-MACRO-08: the three spellings.
std::string format_lower(MacAddress mac) {
  return format_digits(mac, lower_digits, "");
}

std::string format_upper(MacAddress mac) {
  return format_digits(mac, upper_digits, "");
}

std::string format_colons(MacAddress mac) {
  return format_digits(mac, lower_digits, ":");
}

}  // namespace provphone
