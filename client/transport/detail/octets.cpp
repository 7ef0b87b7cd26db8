#include "client/transport/detail/octets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace provphone::client::transport::dhcp {
namespace {

constexpr std::size_t v4_size = 4, v6_size = 16;

std::string address_text(int family, std::string_view octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(family, octets.data(), text.data(), text.size()) == nullptr) return {};
  return text.data();
}

std::string address_octets(int family, const std::string& text, std::size_t size) {
  std::string octets(size, '\0');
  if (inet_pton(family, text.c_str(), octets.data()) != 1) octets.assign(size, '\0');
  return octets;
}

std::string address_list(std::string_view octets, std::size_t size, int family) {
  std::string list;
  for (; octets.size() >= size; octets.remove_prefix(size))
    list += (list.empty() ? "" : ",") + address_text(family, octets.substr(0, size));
  return list;
}

}  // namespace

std::string hexadecimal(std::string_view octets) {
  std::string text = "0x";
  for (const char c : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string_view without_nuls(std::string_view octets) {
  const auto last = octets.find_last_not_of('\0');
  return octets.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool is_readable(std::string_view octets) {
  const auto text = without_nuls(octets);
  return !text.starts_with("0x") &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string ipv4_text(std::string_view four_octets) {
  return address_text(AF_INET, four_octets);
}
std::string ipv4_octets(const std::string& text) {
  return address_octets(AF_INET, text, v4_size);
}
std::string ipv6_text(std::string_view sixteen_octets) {
  return address_text(AF_INET6, sixteen_octets);
}
std::string ipv6_octets(const std::string& text) {
  return address_octets(AF_INET6, text, v6_size);
}
std::string ipv4_list(std::string_view octets) {
  return address_list(octets, v4_size, AF_INET);
}
std::string ipv6_list(std::string_view octets) {
  return address_list(octets, v6_size, AF_INET6);
}

}  // namespace provphone::client::transport::dhcp
