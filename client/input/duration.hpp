#pragma once

#include "macro/error.hpp"
#include "resync/time.hpp"

#include <string_view>

namespace provphone::client::input {

// `500ms`, `30s`, `5m` or `1h30m`: whole numbers from 0, each with its unit, the longest unit first
// and none twice, with no blanks, up to ten years. Fails with bad_argument; the detail quotes the
// text, its place is for whoever read it from a file.
Result<resync::Duration> parse_duration(std::string_view text);

}  // namespace provphone::client::input
