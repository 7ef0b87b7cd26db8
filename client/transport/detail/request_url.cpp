#include "client/transport/detail/request_url.hpp"

#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

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

// curl decodes a TFTP path before use, and takes `;mode=` out of it.
bool stands_in_tftp_url(unsigned char c) {
  return ascii::is_alnum(static_cast<char>(c)) ||
         std::string_view("/-._~").find(static_cast<char>(c)) != std::string_view::npos;
}

template <class Keep>
void append_escaped(std::string& text, std::string_view path, Keep keep) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    if (keep(octet)) {
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

Result<std::string> request_url(const macro::Url& url) {
  const bool tftp = url.scheme == macro::Scheme::tftp;
  if (url.scheme == macro::Scheme::gds) {
    return fail(Errc::unsupported_scheme, "gds is not fetched");
  }
  if (url.host.empty()) return fail(Errc::server_missing, "the URL names no server");
  if (!std::all_of(url.host.begin(), url.host.end(), is_host_character)) {
    return fail(Errc::url_syntax, fmt::format("\"{}\" is no host", url.host));
  }
  if (url.port == 0) return fail(Errc::url_syntax, fmt::format("{}: port 0", url.host));
  std::string text;
  text.reserve(url.host.size() + url.path.size() + 24);
  text.append(macro::name(url.scheme)).append("://").append(host_and_port(url));
  // curl takes the first slash for a separator; a phone's file name has one (R-TFTP-02).
  if (tftp || !url.path.starts_with('/')) text += '/';
  if (tftp && !url.path.starts_with('/')) text += '/';
  if (tftp) {
    append_escaped(text, url.path, stands_in_tftp_url);
  } else {
    append_escaped(text, url.path, stands_in_request_line);
  }
  return text;
}

}  // namespace provphone::client::transport::detail
