#pragma once

#include "client/report/trace.hpp"
#include "resync/machine.hpp"

#include <optional>
#include <variant>

namespace provphone::client::drive {

// The trace line of an effect; nothing for one that asks for something, which leaves lines of its
// own.
std::optional<report::TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                           resync::Time now);

// The event of that line, without the cost of it.
std::optional<report::EventKind> kind_of(const resync::Effect& effect);

// What the machine wants done and answered; at most one thing a step.
using Demand = std::variant<std::monostate, resync::EvaluateRule, resync::EvaluateUpgrade>;

Demand demand_of(const resync::Effects& effects);

bool wants_reports(const resync::Effects& effects);

}  // namespace provphone::client::drive
