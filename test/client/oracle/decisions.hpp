#pragma once

#include "client/drive/witness.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "client/transport/exchange.hpp"
#include "test/client/oracle/still_time.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What phones decide, line by line, and whether two drivers have them decide alike.
namespace provphone::test {

// By phone, its lines in the order of its decisions: the trace without how long things took, how
// large they were, and the words that errors are told with.
using Decisions = std::map<MacAddress, std::vector<std::string>>;

Decisions decisions_of(const std::vector<client::trace::TraceEvent>& trace);

using Trace = std::vector<client::trace::TraceEvent>;

// Makes the exchange of a run in real time, and says how it comes to rest before time moves on.
struct Answering {
  std::unique_ptr<client::transport::Exchange> exchange;
  std::function<void()> settle = [] {};
};
using MakeAnswering =
    std::function<Answering(StillTime& time, const client::scenario::Scenario& scenario)>;

// By the driver in real time, for `length`.
Trace trace_in_real_time(const client::scenario::Scenario& scenario, resync::Duration length,
                         const MakeAnswering& answering,
                         std::shared_ptr<client::drive::Witness> witness = nullptr);

// The first lines that differ, told for a person; nothing where all are alike.
std::optional<std::string> difference(const Trace& in_real_time, const Trace& in_virtual_time);

}  // namespace provphone::test
