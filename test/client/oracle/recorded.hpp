#pragma once

#include "client/capsule/capsule.hpp"
#include "test/client/oracle/decisions.hpp"

#include <string>

namespace provphone::test {

// A run in real time without sockets, the scenario's modelled server answering, and what was
// recorded of it.
struct RecordedRun {
  client::capsule::Capsule capsule;
  Trace trace;
};

RecordedRun recorded(const std::string& yaml);

}  // namespace provphone::test
