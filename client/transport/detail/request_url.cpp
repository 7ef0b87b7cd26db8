#include "client/transport/detail/request_url.hpp"

#include "macro/ascii.hpp"
#include "resync/request_target.hpp"

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

// curl decodes a TFTP path before use, and takes `;mode=` out of it.
bool stands_in_tftp_url(unsigned char c) {
  return ascii::is_alnum(static_cast<char>(c)) ||
         std::string_view("/-._~").find(static_cast<char>(c)) != std::string_view::npos;
}

void append_tftp_name(std::string& text, std::string_view path) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    if (stands_in_tftp_url(octet)) {
      text += c;
    } else {
      text += '%';
      text += digits[octet >> 4];
      text += digits[octet & 0xF];
    }
  }
}

}  // namespace

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_host_character);
}

std::string host_and_port(const macro::Url& url) {
  return resync::authority(url.host, url.port);
}

Result<std::string> request_url(const macro::Url& url) {
  const bool tftp = url.scheme == macro::Scheme::tftp;
  if (url.scheme == macro::Scheme::gds) {
    return fail(Errc::unsupported_scheme, "gds is not fetched");
  }
  if (url.host.empty()) return fail(Errc::server_missing, "the URL names no server");
  if (!is_host(url.host)) {
    return fail(Errc::url_syntax, fmt::format("\"{}\" is no host", url.host));
  }
  if (url.port == 0) return fail(Errc::url_syntax, fmt::format("{}: port 0", url.host));
  std::string text;
  text.reserve(url.host.size() + url.path.size() + 24);
  text.append(macro::name(url.scheme)).append("://").append(host_and_port(url));
  if (!tftp) return text + resync::request_target(url);
  // curl takes the first slash for a separator; a phone's file name has one (R-TFTP-02).
  text += '/';
  if (!url.path.starts_with('/')) text += '/';
  append_tftp_name(text, url.path);
  return text;
}

}  // namespace provphone::client::transport::detail
