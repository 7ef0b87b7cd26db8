#pragma once

#include "client/capsule/capsule.hpp"
#include "client/capsule/recorder.hpp"
#include "test/client/oracle/decisions.hpp"

#include <memory>
#include <string>

namespace provphone::test {

// A run in real time without sockets, the scenario's modelled server answering, and what was
// recorded of it.
struct RecordedRun {
  client::capsule::Capsule capsule;
  std::shared_ptr<client::capsule::Recorder> recorder;
  Trace trace;
};

RecordedRun recorded(const std::string& yaml);

}  // namespace provphone::test
