#include "client/transport/detail/request_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

// Anything else could make curl see another host than the allow-list did.
bool is_host_character(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7F &&
         std::string_view("/?#@[]\\%").find(c) == std::string_view::npos;
}

bool stands_in_request_line(unsigned char c) {
  return c > ' ' && c < 0x7F && c != '#';
}

void append_escaped(std::string& text, std::string_view path) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    if (stands_in_request_line(octet)) {
      text += c;
    } else {
      text += '%';
      text += digits[octet >> 4];
      text += digits[octet & 0xF];
    }
  }
}

}  // namespace

std::string host_and_port(const macro::Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", url.host, v6 ? "]" : "", url.port);
}

Result<void> check_url(const macro::Url& url) {
  if (url.scheme == macro::Scheme::gds) {
    return fail(Errc::unsupported_scheme, "gds is not fetched");
  }
  if (url.host.empty()) return fail(Errc::server_missing, "the URL names no server");
  if (!std::all_of(url.host.begin(), url.host.end(), is_host_character)) {
    return fail(Errc::url_syntax, fmt::format("\"{}\" is no host", url.host));
  }
  if (url.port == 0) return fail(Errc::url_syntax, fmt::format("{}: port 0", url.host));
  return {};
}

Result<std::string> request_url(const macro::Url& url) {
  if (auto checked = check_url(url); !checked) return tl::unexpected(std::move(checked).error());
  std::string text;
  text.reserve(url.host.size() + url.path.size() + 24);
  text.append(macro::name(url.scheme)).append("://").append(host_and_port(url));
  if (!url.path.starts_with('/')) text += '/';
  append_escaped(text, url.path);
  return text;
}

}  // namespace provphone::client::transport::detail
