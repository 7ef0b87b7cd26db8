#pragma once

#include "client/transport/fetcher.hpp"

#include <string>

namespace provphone::client::transport::detail {

// A GET as it goes over the wire (R-HTTP-04, R-HTTP-06), its headers in libcurl's order: what comes
// from libcurl and what does not look alike to a server. The request has no proxy and no body.
std::string http_request_text(const Request& request);

}  // namespace provphone::client::transport::detail
