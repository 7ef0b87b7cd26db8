#include "resync/request_target.hpp"

#include <fmt/format.h>

namespace provphone::resync {
namespace {

bool stands_in_request_line(unsigned char c) {
  return c > ' ' && c < 0x7F && c != '#';
}

}  // namespace

std::string request_target(const macro::Url& url) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(url.path.size() + 1);
  if (!url.path.starts_with('/')) text += '/';
  for (const char c : url.path) {
    const auto octet = static_cast<unsigned char>(c);
    if (stands_in_request_line(octet)) {
      text += c;
    } else {
      text += '%';
      text += digits[octet >> 4U];
      text += digits[octet & 0xFU];
    }
  }
  return text;
}

std::string host_in_url(std::string_view host) {
  const bool v6 = host.find(':') != std::string_view::npos;
  return fmt::format("{}{}{}", v6 ? "[" : "", host, v6 ? "]" : "");
}

std::string authority(std::string_view host, std::uint16_t port) {
  return fmt::format("{}:{}", host_in_url(host), port);
}

}  // namespace provphone::resync
