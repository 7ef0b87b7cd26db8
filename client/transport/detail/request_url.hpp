#pragma once

#include "macro/error.hpp"
#include "macro/rule.hpp"

#include <string>
#include <string_view>

namespace provphone::client::transport::detail {

// Whether there is somebody to ask: a host, in characters of one, a port, a scheme that is fetched.
// Fails with url_syntax, unsupported_scheme or server_missing.
Result<void> check_url(const macro::Url& url);

// The URL of HTTP or HTTPS as curl has to be given it so that the server sees the rule's path
// (R-HTTP-06). Fails as check_url() does.
Result<std::string> request_url(const macro::Url& url);

// Whether curl takes the text for one host, name or address, and for nothing else.
bool is_host(std::string_view text);

// `host:port` for messages, an IPv6 host in brackets.
std::string host_and_port(const macro::Url& url);

}  // namespace provphone::client::transport::detail
