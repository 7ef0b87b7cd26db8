#pragma once

#include "client/transport/fetcher.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>

// What an operator is told about an exchange that failed, whoever carried it. `whom` is the server
// or the proxy, as messages name it.
namespace provphone::client::transport::detail {

// R-HTTP-19: no connection, for what the system says by its number; 0: for nothing known.
Error not_connected(std::string_view whom, int system_error);
// R-HTTP-11: which limit it was.
Error not_connected_in_time(std::string_view whom, const Timeouts& timeouts);
Error not_finished_in_time(std::string_view whom, const Timeouts& timeouts);
Error silent_too_long(std::string_view whom, const Timeouts& timeouts);
// `within 300 ms`, of the limit that a connection missed.
std::string within_connect_limit(const Timeouts& timeouts);

Error no_answer_about(std::string_view name);  // as messages name it, in quotes
Error no_target(std::string_view whom, std::string_view address);
Error no_socket(std::string_view whom, int system_error);
Error unusable_source(std::string_view source, int system_error);

}  // namespace provphone::client::transport::detail
