#include "client/check/place.hpp"

#include "client/check/detail/addresses.hpp"
#include "client/check/tftp_probe.hpp"
#include "client/check/tls_probe.hpp"
#include "macro/ascii.hpp"
#include "resync/request_target.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace provphone::client::check {
namespace {

using resync::TlsVersion;

// Each; together with what comes before they make up the two seconds.
constexpr std::chrono::milliseconds handshake_patience{400}, packet_patience{800};

// From the usual to the rare. A server that knows none of its version says no in its own way.
constexpr std::array versions{TlsVersion::tls1_2, TlsVersion::tls1_3, TlsVersion::tls1_0};

// Of an IPv6 address alone: `[--key` begins options.
bool is_in_brackets(std::string_view target) {
  const auto end = target.find(']');
  return end != std::string_view::npos &&
         target.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") ==
             std::string_view::npos;
}

}  // namespace

std::optional<Place> place_in(std::string_view target) {
  constexpr std::string_view separator = "://";
  const auto at = target.find(separator);
  const bool has_scheme = at != std::string_view::npos;
  const auto server = has_scheme ? target.substr(at + separator.size()) : target;
  if (server.empty() || server.find_first_of("/ ($") != std::string_view::npos) return std::nullopt;
  if (server.find('[') != std::string_view::npos && !is_in_brackets(server)) return std::nullopt;
  const auto url = macro::parse_url(
      fmt::format("{}{}/", has_scheme ? target.substr(0, at + separator.size()) : "https://",
                  server),
      std::nullopt);
  if (!url || url->host.empty()) return std::nullopt;
  const auto host_end = server.front() == '[' ? server.find(']') : 0;
  Place place{*url, has_scheme, server.find(':', host_end) != std::string_view::npos};
  place.url.path.clear();
  return place;
}

std::string factory_rule_at(const Place& place) {
  return fmt::format("{}://{}/$PSN.xml", name(place.url.scheme),
                     place.has_port ? resync::authority(place.url.host, place.url.port)
                                    : resync::host_in_url(place.url.host));
}

std::optional<macro::Scheme> scheme_spoken_at(const Place& place, const Audit& audit) {
  detail::AddressBook address_book(audit.targets, handshake_patience,
                                   resync::naming_of(audit.device), audit.names);
  if (!address_book.addresses_of(place.url)) return std::nullopt;
  bool is_tcp = false;
  for (const auto version : versions) {
    const auto handshake = shake_hands(place.url, version, {}, address_book, handshake_patience);
    if (!handshake.shown.empty()) return macro::Scheme::https;
    if (handshake.server_address.empty()) break;
    is_tcp = true;
  }
  if (is_tcp) return macro::Scheme::http;
  auto url = place.url;
  url.path = "/";
  TftpSeen seen;
  probe_options({url, address_book, packet_patience}, seen);
  if (seen.options && *seen.options != TftpSeen::Options::unanswered) return macro::Scheme::tftp;
  return std::nullopt;
}

}  // namespace provphone::client::check
