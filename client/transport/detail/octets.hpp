#pragma once

#include "macro/mac_address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Numbers in the order of the network, in and out of packets of DHCP.
namespace provphone::client::transport::dhcp {

inline unsigned octet_at(std::string_view octets, std::size_t at) {
  return static_cast<unsigned char>(octets[at]);
}

// `size` octets from the front, which must be there.
inline std::uint64_t number_in(std::string_view octets, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < size; ++at) number = number << 8U | octet_at(octets, at);
  return number;
}

inline void append_number(std::string& packet, std::uint64_t number, std::size_t size) {
  while (size-- > 0) packet.push_back(static_cast<char>(number >> (8U * size) & 0xffU));
}

// `0x` and two digits an octet.
std::string hexadecimal(std::string_view octets);
// Nothing but what people can read, trailing NULs apart, which are cut off; and nothing that reads
// as `0x...`.
bool is_readable(std::string_view octets);
std::string_view without_nuls(std::string_view octets);

// The octets of an address as text, and back. `0.0.0.0` or `::` where the text is none.
std::string ipv4_text(std::string_view four_octets);
std::string ipv4_octets(const std::string& text);
std::string ipv6_text(std::string_view sixteen_octets);
std::string ipv6_octets(const std::string& text);
// As many as there are, with commas between; an incomplete last one is left out.
std::string ipv4_list(std::string_view octets);
std::string ipv6_list(std::string_view octets);

}  // namespace provphone::client::transport::dhcp
