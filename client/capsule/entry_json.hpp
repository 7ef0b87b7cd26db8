#pragma once

#include "client/capsule/stimulus_json.hpp"
#include "client/capsule/tape.hpp"

namespace provphone::client::capsule {

// An entry as a list: milliseconds since the start, the phone's number, what came.
nlohmann::ordered_json json_of(const Entry& entry, const Rewrite& rewrite);

// The inverse. Fails with bad_argument and `expected ...`; places in the tape are for the caller to
// check.
Result<Entry> entry_of(const nlohmann::ordered_json& json);

}  // namespace provphone::client::capsule
