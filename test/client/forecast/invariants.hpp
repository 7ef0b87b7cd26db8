#pragma once

#include "client/trace/event.hpp"

#include <optional>
#include <string>
#include <vector>

// What must be true of every run, whatever the scenario.
namespace provphone::test {

// The first invariant that the trace breaks, in words; nothing where it keeps them all. `length` is
// how long the run was.
std::optional<std::string> broken_invariant(const std::vector<client::trace::TraceEvent>& trace,
                                            resync::Duration length);

}  // namespace provphone::test
