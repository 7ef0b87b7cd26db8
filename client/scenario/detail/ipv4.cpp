#include "client/scenario/detail/ipv4.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>

namespace provphone::client::scenario {

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  in_addr address{};
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  if (::inet_pton(AF_INET, terminated.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::string format_ipv4(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24U, (address >> 16U) & 0xffU,
                     (address >> 8U) & 0xffU, address & 0xffU);
}

}  // namespace provphone::client::scenario
