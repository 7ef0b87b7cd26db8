#pragma once

#include "client/evidence/seen.hpp"

#include <functional>
#include <string_view>

namespace provphone::client::evidence {

// The word for it in timelines and summaries: certificate, named, leased, address.
std::string_view name(Sureness sureness);

// Calls `take_line` with one JSON object, without line end, for each request and message in the
// order of time, over all phones: `t` (UTC), `phone` (its MAC address, else its serial number or
// address), `method`, `path`, `status`, `sure`; or `text` of a message. What the log does not say
// is left out, and so are secrets in paths.
void tell_timeline(const Seen& seen, const std::function<void(std::string_view)>& take_line);

}  // namespace provphone::client::evidence
