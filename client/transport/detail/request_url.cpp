#include "client/transport/detail/request_url.hpp"

#include "resync/request_target.hpp"

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

}  // namespace

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_host_character);
}

std::string host_and_port(const macro::Url& url) {
  return resync::authority(url.host, url.port);
}

Result<void> check_url(const macro::Url& url) {
  if (url.scheme == macro::Scheme::gds) {
    return fail(Errc::unsupported_scheme, "gds is not fetched");
  }
  if (url.host.empty()) return fail(Errc::server_missing, "the URL names no server");
  if (!is_host(url.host)) {
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
  return text + resync::request_target(url);
}

}  // namespace provphone::client::transport::detail
