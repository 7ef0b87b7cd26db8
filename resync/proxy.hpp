#pragma once

#include "resync/plan.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a phone's requests go through (R-HTTP-27).
namespace provphone::resync {

// Asked with the absolute URI over HTTP, and with CONNECT for HTTPS.
struct Proxy {
  std::string host;  // a name or an address
  std::uint16_t port = 0;

  friend bool operator==(const Proxy&, const Proxy&) = default;
};

// As Proxy_Mode Manual has it; nothing: the server is asked directly, as TFTP always is.
std::optional<Proxy> proxy_of(const MacroSource& source, const macro::Url& url);

// Where the PAC file is that says how the request goes (R-HTTP-29); nothing: by no such file.
std::optional<macro::Url> pac_place(const MacroSource& source, const std::vector<DhcpOption>& lease,
                                    const macro::Url& url);

// A PAC file, and whence. Its text is kept until the place changes or power is lost.
struct PacFile {
  std::string place;
  std::shared_ptr<const std::string> text;
};

// What a PAC file's FindProxyForURL said, in the order in which it is tried; without a proxy:
// directly. Never empty: what names nothing that a phone can use means directly.
std::vector<std::optional<Proxy>> routes_in(std::string_view said);

// What the proxy's challenges are answered with; nothing where
// Proxy_Server_Requires_Authentication is not Yes.
std::optional<Login> proxy_login(const profile::ParameterSet& parameters);

}  // namespace provphone::resync
