#pragma once

#include "client/report/fleet_result.hpp"

#include <string>

namespace provphone::client::report {

// What became of a fleet's run, verdict first.
std::string format_text(const FleetResult& result);

// Two runs side by side; A is the first.
std::string format_comparison(const FleetResult& before, const FleetResult& after);

// For the test pages of CI servers: a case for the schedule of the generator, each expectation, and
// data of other phones. A void run is an error, not a failure.
std::string format_junit(const FleetResult& result);

}  // namespace provphone::client::report
