#pragma once

#include "client/transport/fetcher.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <string>

// What can be refused of a request without a socket is (R-HTTP-15).
namespace provphone::client::transport::detail {

// An address needs no look-up to be no target. Fails with target_refused.
Result<void> check_target(const Targets& targets, const std::string& host);

// Fails with bad_argument where there is one and it is no address.
Result<void> check_source(const Request& request);

}  // namespace provphone::client::transport::detail
