#pragma once

#include "macro/rule.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace provphone::resync {

// The path of a URL as it stands in the request line, where it begins with a slash: what cannot
// stand there is escaped, and nothing else is changed (R-HTTP-06). It is what an answer to a Digest
// challenge names, too.
std::string request_target(const macro::Url& url);

// As it stands in a URL: an IPv6 address in brackets, anything else as it is.
std::string host_in_url(std::string_view host);

// `host:port`, an IPv6 host in brackets: what CONNECT asks for.
std::string authority(std::string_view host, std::uint16_t port);

}  // namespace provphone::resync
