#pragma once

#include "client/serve/server.hpp"

#include <string>
#include <string_view>

namespace provphone::client::serve {

// The path as outputs may show it: without user and password, and without the values of query
// fields whose names speak of passwords, keys or tokens.
std::string shown_path(std::string_view path);

// One JSON object without a line end; `t` in seconds. Members that a request does not have are left
// out.
std::string format_record(const Served& served);

}  // namespace provphone::client::serve
