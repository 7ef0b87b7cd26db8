#pragma once

#include "client/trace/event.hpp"
#include "resync/machine.hpp"

#include <optional>

// What the machine decides (resync/machine.hpp), as lines of a trace. Its own facts.hpp adds why.
namespace provphone::client::trace {

// The trace line of an effect; nothing for one that asks for something, which leaves lines of its
// own.
std::optional<trace::TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                          resync::Time now);

// The event of that line, without the cost of a line: for whoever only asks whether somebody wants
// it.
std::optional<trace::EventKind> kind_of(const resync::Effect& effect);

}  // namespace provphone::client::trace
