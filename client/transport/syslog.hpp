#pragma once

#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string_view>

namespace provphone::client::transport {

// Sends one datagram `<134>Mmm dd hh:mm:ss [identifier ]text` (R-LOG-*) to `server`, `host[:port]`,
// port 514 by default. The time is printed in UTC. Fails with bad_argument, name_not_resolved or
// target_refused; a lost datagram is no error.
Result<void> send_syslog(boost::asio::io_context& loop, const Targets& targets,
                         std::string_view server, std::string_view identifier,
                         std::string_view text, std::chrono::system_clock::time_point now);

}  // namespace provphone::client::transport
