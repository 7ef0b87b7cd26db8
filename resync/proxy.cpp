#include "resync/proxy.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"
#include "profile/parameter_id.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using profile::parameter_id;

// The factory's Proxy_Port; 0 is no port that anybody listens on.
constexpr std::uint16_t default_port = 3128;

// Of a proxy that a PAC file names without one.
constexpr std::uint16_t http_port = 80;

constexpr std::size_t most_routes = 16;

std::uint16_t port_in(std::string_view text, std::uint16_t otherwise) {
  const auto port = parse_whole<std::uint16_t>(text);
  return port.value_or(0) == 0 ? otherwise : *port;
}

bool has_mode(const MacroSource& source, std::string_view mode, const macro::Url& url) {
  return url.scheme != macro::Scheme::tftp &&
         source.personality.proxy_parameters == ProxyParameters::used &&
         source.parameters.get(parameter_id("Proxy_Mode")) == mode;
}

// Servers end the value with a NUL or a line feed.
std::string_view option_in(const std::vector<DhcpOption>& lease, int number) {
  constexpr std::string_view padding("\0 \t\r\n", 5);
  const auto option = std::ranges::find_if(lease, [&](const DhcpOption& each) {
    return each.number == number && each.version == DhcpVersion::v4;
  });
  return option == lease.end() ? std::string_view{} : ascii::trimmed(option->value, padding);
}

// R-HTTP-29: DHCP before DNS.
std::string discovered_place(const std::vector<DhcpOption>& lease) {
  constexpr int domain_name = 15, proxy_discovery = 252;
  if (const auto url = option_in(lease, proxy_discovery); !url.empty()) return std::string(url);
  const auto domain = option_in(lease, domain_name);
  return domain.empty() ? std::string() : "http://wpad." + std::string(domain) + "/wpad.dat";
}

std::optional<Proxy> proxy_named(std::string_view place) {
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos) return Proxy{std::string(place), http_port};
  return Proxy{std::string(place.substr(0, colon)), port_in(place.substr(colon + 1), http_port)};
}

}  // namespace

std::optional<Proxy> proxy_of(const MacroSource& source, const macro::Url& url) {
  const auto& parameters = source.parameters;
  const auto host = parameters.get(parameter_id("Proxy_Host"));
  if (!has_mode(source, "Manual", url) || host.empty()) return std::nullopt;
  return Proxy{std::string(host),
               port_in(parameters.get(parameter_id("Proxy_Port")), default_port)};
}

std::optional<macro::Url> pac_place(const MacroSource& source, const std::vector<DhcpOption>& lease,
                                    const macro::Url& url) {
  if (!has_mode(source, "Auto", url)) return std::nullopt;
  const auto& parameters = source.parameters;
  const bool discovers = parameters.get(parameter_id("Use_Auto_Discovery__WPAD_")) == "Yes";
  const auto text =
      discovers ? discovered_place(lease) : std::string(parameters.get(parameter_id("PAC_URL")));
  if (text.empty()) return std::nullopt;
  auto place = macro::parse_url(text, std::nullopt);
  return place ? std::optional(*std::move(place)) : std::nullopt;
}

std::vector<std::optional<Proxy>> routes_in(std::string_view said) {
  std::vector<std::optional<Proxy>> routes;
  while (!said.empty() && routes.size() < most_routes) {
    const auto end = std::min(said.find(';'), said.size());
    const auto entry = ascii::trimmed(said.substr(0, end));
    said.remove_prefix(std::min(end + 1, said.size()));
    const auto blank = std::min(entry.find_first_of(" \t"), entry.size());
    const auto kind = ascii::lowered(entry.substr(0, blank));
    const auto place = ascii::trimmed(entry.substr(blank));
    if (kind == "direct") routes.emplace_back();
    if ((kind == "proxy" || kind == "http") && !place.empty()) routes.push_back(proxy_named(place));
  }
  if (routes.empty()) routes.emplace_back();
  return routes;
}

std::optional<Login> proxy_login(const profile::ParameterSet& parameters) {
  if (parameters.get(parameter_id("Proxy_Server_Requires_Authentication")) != "Yes")
    return std::nullopt;
  return Login{std::string(parameters.get(parameter_id("Proxy_Username"))),
               std::string(parameters.get(parameter_id("Proxy_Password")))};
}

}  // namespace provphone::resync
