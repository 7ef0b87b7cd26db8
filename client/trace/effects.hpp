#pragma once

#include "client/trace/event.hpp"
#include "resync/machine.hpp"

#include <optional>

namespace provphone::client::trace {

// The trace line of an effect; nothing for one that asks for something, which leaves lines of its
// own.
std::optional<trace::TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                          resync::Time now);

// The event of that line, without the cost of it.
std::optional<trace::EventKind> kind_of(const resync::Effect& effect);

}  // namespace provphone::client::trace
