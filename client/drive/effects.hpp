#pragma once

#include "client/report/trace.hpp"
#include "resync/machine.hpp"

#include <optional>

namespace provphone::client::drive {

// The trace line of an effect; nothing for EvaluateRule, which leaves lines of its own.
std::optional<report::TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                           resync::Time now);

// The rule that the machine wants evaluated; at most one a step.
std::optional<std::uint8_t> rule_to_evaluate(const resync::Effects& effects);

}  // namespace provphone::client::drive
