#include "macro/ascii.hpp"
#include "macro/detail/expected.hpp"
#include "macro/enum_array.hpp"
#include "macro/rule.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace provphone::macro {
namespace {

using detail::expected;

struct SchemeRow {
  Scheme scheme;
  std::string_view name;
  std::uint16_t port;
};
constexpr EnumArray<Scheme, SchemeRow> schemes{{
    {Scheme::tftp, "tftp", 69},
    {Scheme::http, "http", 80},
    {Scheme::https, "https", 443},
    {Scheme::gds, "gds", 0},
}};
static_assert(stand_in_order(schemes, &SchemeRow::scheme));

const SchemeRow& row_of(Scheme scheme) {
  return schemes[scheme];
}

constexpr std::string_view behind_scheme = "://";

constexpr bool in_scheme(char c) {
  return ascii::is_alnum(c) || c == '+' || c == '-' || c == '.';
}

constexpr bool in_host_name(char c) {
  return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_';
}

constexpr bool in_ipv6_address(char c) {
  return ascii::hex_value(c) >= 0 || c == ':' || c == '.';
}

constexpr bool in_server(char c) {
  return c != '/' && c != '?' && c != '#';
}

// The length of a leading `name:`, without the colon; 0 where there is none.
std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !ascii::is_alpha(text.front())) return 0;
  const std::size_t length = ascii::run_length(text, 0, in_scheme);
  return length < text.size() && text[length] == ':' ? length : 0;
}

Result<Scheme> parse_scheme(std::string_view text) {
  for (const auto& row : schemes) {
    if (std::equal(text.begin(), text.end(), row.name.begin(), row.name.end(),
                   [](char a, char b) { return ascii::to_lower(a) == b; })) {
      return row.scheme;
    }
  }
  return fail(Errc::unsupported_scheme, "offset 0: expected tftp, http, https or gds");
}

Result<std::uint16_t> parse_port(std::string_view text, std::size_t offset) {
  const auto port = parse_whole<std::uint16_t>(text);
  if (!port || *port == 0) return expected(Errc::url_syntax, offset, "a port from 1 to 65535");
  return *port;
}

bool is_ipv6_address(std::string_view text) {
  const auto colons = std::count(text.begin(), text.end(), ':');
  return colons >= 2 && colons <= 7 && std::all_of(text.begin(), text.end(), in_ipv6_address);
}

// Reads `server[:port]` into `url`. `offset` is where it stands in its URL.
Result<void> parse_server(std::string_view text, std::size_t offset, Url& url) {
  std::size_t host_end = 0;
  // R-RULE-10: brackets belong to an address, and an address in brackets only stands behind `://`.
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (offset == 0) return expected(Errc::url_syntax, 0, "a scheme in front of an IPv6 address");
    if (close == std::string_view::npos || !is_ipv6_address(text.substr(1, close - 1))) {
      return expected(Errc::url_syntax, offset, "an IPv6 address between brackets");
    }
    url.host = text.substr(1, close - 1);
    host_end = close + 1;
  } else {
    host_end = ascii::run_length(text, 0, in_host_name);
    url.host = text.substr(0, host_end);
  }
  if (text.find('@') != std::string_view::npos) {
    return expected(Errc::url_syntax, offset,
                    "a server without a user name; options --uid and --pwd hold those");
  }
  if (url.host.empty()) return expected(Errc::url_syntax, offset, "a server name or address");
  if (host_end == text.size()) return {};
  if (text[host_end] != ':')
    return expected(Errc::url_syntax, offset + host_end, "a port or a path");
  TRY(const auto port, parse_port(text.substr(host_end + 1), offset + host_end + 1));
  url.port = port;
  return {};
}

enum class SchemeFrom : std::uint8_t { rule, default_server };

// A rule that names no server takes the default one, with its port where the schemes agree
// (R-RULE-08).
Result<void> use_default_server(const std::optional<DefaultServer>& server, SchemeFrom scheme_from,
                                Url& url) {
  if (!server || server->host.empty()) {
    return fail(Errc::server_missing, "expected a server name; there is no default server here");
  }
  if (scheme_from == SchemeFrom::default_server) url.scheme = server->scheme;
  url.host = server->host;
  if (server->port != 0 && url.scheme == server->scheme) url.port = server->port;
  return {};
}

// RFC 3986, 5.2.4, for a path that starts with `/`. `..` above the root stays at the root.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool up = segment == "/..";
    if (up) out.erase(std::min(out.rfind('/'), out.size()));
    if (!up && segment != "/.") {
      out.append(segment);
    } else if (path.empty()) {
      out.push_back('/');
    }
  }
  return out;
}

// Servers put blanks and bare UTF-8 into Location; the request line can take neither.
std::string escape_octets(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet > 0x20 && octet < 0x7f) {
      out.push_back(c);
    } else {
      out.append({'%', digits[octet >> 4U], digits[octet & 0xfU]});
    }
  }
  return out;
}

Result<Url> parse_absolute_location(std::string_view text) {
  const std::size_t scheme_end = text.find(behind_scheme);
  const auto scheme = parse_scheme(text.substr(0, scheme_end));
  if (!scheme || *scheme == Scheme::gds) {
    return fail(Errc::unsupported_scheme, "offset 0: expected tftp, http or https");
  }
  // RFC 3986 lets the path be empty, rules do not.
  std::string absolute(text);
  const std::size_t server = scheme_end + behind_scheme.size();
  const std::size_t end = std::min(text.find_first_of("/?", server), text.size());
  if (end == text.size() || text[end] == '?') absolute.insert(end, 1, '/');
  return parse_url(absolute, std::nullopt);
}

// The path, query included, that a reference without a server leads to (RFC 3986, 5.2.2). A query
// keeps its dots and slashes.
std::string merge_path(std::string_view base, std::string_view reference) {
  const std::string_view base_path = base.substr(0, base.find('?'));
  if (reference.empty()) return std::string(base);
  if (reference.starts_with('?')) return std::string(base_path).append(reference);
  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path;
  if (!reference.starts_with('/')) path = base_path.substr(0, base_path.rfind('/') + 1);
  path.append(reference.substr(0, query));
  return without_dot_segments(path).append(reference.substr(query));
}

}  // namespace

std::string_view name(Scheme scheme) {
  return row_of(scheme).name;
}

std::uint16_t default_port(Scheme scheme) {
  return row_of(scheme).port;
}

std::string format(const Url& url) {
  if (url.scheme == Scheme::gds) return "gds://";
  const bool ipv6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}{}", name(url.scheme), ipv6 ? "[" : "", url.host,
                     ipv6 ? "]" : "", url.port, url.path);
}

Result<Url> parse_url(std::string_view text, const std::optional<DefaultServer>& default_server) {
  const auto refused = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
  });
  if (refused != text.end()) {
    return expected(Errc::url_syntax, static_cast<std::size_t>(refused - text.begin()),
                    "a URL without blanks and control characters");
  }
  Url url;
  std::size_t server_at = 0;
  const std::size_t length = scheme_length(text);
  SchemeFrom scheme_from = SchemeFrom::default_server;
  // `host:8080/path` begins like a scheme too; only `://` makes one of it.
  if (length != 0 && text.substr(length).starts_with(behind_scheme)) {
    scheme_from = SchemeFrom::rule;
    TRY(const auto scheme, parse_scheme(text.substr(0, length)));
    url.scheme = scheme;
    server_at = length + behind_scheme.size();
  }
  if (url.scheme == Scheme::gds) {
    if (server_at != text.size())
      return expected(Errc::url_syntax, server_at, "nothing behind gds://");
    return url;
  }
  const std::size_t path_at = server_at + ascii::run_length(text, server_at, in_server);
  TRY(path_at == server_at
          ? use_default_server(default_server, scheme_from, url)
          : parse_server(text.substr(server_at, path_at - server_at), server_at, url));
  // R-RULE-09
  if (path_at == text.size() || text[path_at] != '/') {
    return expected(Errc::url_syntax, path_at, "a path that starts with /");
  }
  if (url.port == 0) url.port = default_port(url.scheme);
  url.path = text.substr(path_at);
  return url;
}

Result<Url> resolve_location(const Url& base, std::string_view location) {
  if (base.scheme == Scheme::gds) {
    return fail(Errc::unsupported_scheme, "expected a tftp, http or https URL to start from");
  }
  const std::string_view trimmed = ascii::trimmed(location);
  if (trimmed.empty()) return expected(Errc::url_syntax, 0, "a location");
  const std::string text = escape_octets(trimmed.substr(0, trimmed.find('#')));
  if (text.starts_with("//")) {
    return parse_absolute_location(std::string(name(base.scheme)).append(":").append(text));
  }
  const std::size_t length = scheme_length(text);
  if (length != 0 && text.compare(length, behind_scheme.size(), behind_scheme) == 0) {
    return parse_absolute_location(text);
  }
  if (length != 0) {
    return fail(Errc::unsupported_scheme, "offset 0: expected tftp, http or https, then ://");
  }
  Url url = base;
  url.path = merge_path(base.path, text);
  return url;
}

}  // namespace provphone::macro
