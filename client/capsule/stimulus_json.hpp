#pragma once

#include "client/drive/conductor.hpp"
#include "macro/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace provphone::client::capsule {

// What somebody wrote down of a run, made readable: secrets are replaced in it.
using Rewrite = std::function<std::string(std::string_view)>;

// A stimulus as an array, its kind first: `["resync_requested", "web", "one_time_rule", ...]`. Only
// what a Tape holds of them.
nlohmann::ordered_json json_of(const drive::Stimulus& what, const Rewrite& rewrite);

// The inverse. Fails with bad_argument and `expected ...`.
Result<drive::Stimulus> stimulus_of(const nlohmann::ordered_json& json);

nlohmann::ordered_json json_of(const Error& error, const Rewrite& rewrite);
Result<Error> error_of(const nlohmann::ordered_json& json);

}  // namespace provphone::client::capsule
