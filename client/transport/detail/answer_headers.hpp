#pragma once

#include "client/transport/fetcher.hpp"

#include <string_view>

namespace provphone::client::transport::detail {

// Takes a line of an answer's header, the status line included, into the response: what a phone or
// a check looks at. An answer after an interim one, or after the proxy's to CONNECT, starts afresh.
void note_header(Response& response, std::string_view line);

// R-HTTP-14: whoever says two lengths says none, and what is behind the shorter one may be
// anything. Before the line is noted.
bool contradicts(const Response& response, std::string_view line);

// Whether a line is the header `name`, which is in lower case.
bool is_header(std::string_view line, std::string_view name);

// Its value, without what stands around it.
std::string_view value_of_header(std::string_view line);

// Whether a phone may ask again for what such an answer says: a redirect, or a challenge. The
// connection stays open for that (R-HTTP-02).
bool may_be_followed(int status);

}  // namespace provphone::client::transport::detail
