#pragma once

#include "macro/error.hpp"
#include "resync/time.hpp"

#include <string_view>

namespace provphone::client::input {

// `500ms`, `30s`, `5m` or `2h`, up to ten years. Fails with bad_argument.
Result<resync::Duration> parse_duration(std::string_view text);

}  // namespace provphone::client::input
