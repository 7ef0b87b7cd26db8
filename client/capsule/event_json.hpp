#pragma once

#include "resync/machine_values.hpp"

#include <nlohmann/json_fwd.hpp>

namespace provphone::client::capsule {

// What happened to a phone as an array, its kind first: `["resync_requested", "web",
// "one_time_rule", "resync"]`. What follows inside a phone is `inner`, which nobody reads.
nlohmann::ordered_json json_of(const resync::Event& event);

// The inverse. Throws Unreadable (enum_names.hpp), and what nlohmann-json does.
resync::Event event_of(const nlohmann::ordered_json& json);

}  // namespace provphone::client::capsule
