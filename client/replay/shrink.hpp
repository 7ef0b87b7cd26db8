#pragma once

#include "client/replay/reduced.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

// From a capsule in which something fails to the smallest scenario in which it still does.
namespace provphone::client::replay {

struct Shrinking {
  std::string expectation;  // that fails, as a scenario's `expect` has it
  // Whether there is time left; asked before each trial. Empty: always.
  std::function<bool()> may_go_on;
  // Told before each trial; may be empty.
  std::function<void(std::size_t trials, std::string_view of)> progress;
};

struct Shrunk {
  std::string yaml;
  std::size_t phones = 0, rules = 0, events = 0, elements = 0;  // that are left
  std::size_t trials = 0;
  bool is_done = true;  // else the time was over, and it may be smaller still
  std::optional<Errc>
      failure;  // what the phone fails of; nothing: nothing, and yet it is not as expected
  std::vector<std::string> lost;  // see Recollection
};

// Fails with scenario_invalid for an expectation that is none; with bad_argument where it holds in
// the capsule, or fails no more once a modelled server answers; and as cast_of() does.
Result<Shrunk> shrink(const capsule::Capsule& capsule, const Shrinking& how);

}  // namespace provphone::client::replay
