#pragma once

#include "client/trace/event.hpp"
#include "macro/error.hpp"

#include <optional>
#include <string_view>

// Trace files, read back: the inverse of format_json(TraceEvent).
namespace provphone::client::trace {

struct TraceLine {
  resync::Time at;
  std::optional<MacAddress> phone;  // nothing: it happened to the server
  std::optional<TraceEvent> event;  // nothing: one that is not known here
};

// Every member that the line has is in the event again, and its text is the one that was written.
// What the line does not say is empty, and so is what it says in a way that is not understood:
// traces get new members. Names point to static storage, so that a rule, method or origin that is
// not known here is empty, and a fact about a parameter that is not known is left out.
//
// Fails with bad_argument and `expected ...` for what is no line of a trace. Two lines in one text
// are none; a line end at its end does no harm.
Result<TraceLine> parse_trace_line(std::string_view text);

}  // namespace provphone::client::trace
