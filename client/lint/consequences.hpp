#pragma once

#include "client/lint/finding.hpp"
#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <span>
#include <vector>

// What a phone does next that applies a file.
namespace provphone::client::lint {

// About parameters that the file sets, read beside those that the phone has then: rules that are
// emptied or cannot be read, waits and triggers that were hardly meant so, restarts. `before` is
// the phone as the file finds it; its lease and what its macros stand for count as they are.
// Findings have no position: `parameter` says whose element is the cause.
std::vector<Finding> consequences(std::span<const profile::Change> changes,
                                  const resync::Device& before);

}  // namespace provphone::client::lint
