#pragma once

#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "macro/rule.hpp"

#include <boost/asio/ip/address.hpp>

#include <vector>

namespace provphone::client::check::detail {

// The addresses behind a name that traffic may go to, as a phone has them. Fails with
// name_not_resolved or target_refused.
Result<std::vector<boost::asio::ip::address>> addresses_of(const macro::Url& url,
                                                           const transport::Targets& targets);

}  // namespace provphone::client::check::detail
