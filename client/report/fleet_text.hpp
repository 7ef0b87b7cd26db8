#pragma once

#include "client/figures/fleet_result.hpp"

#include <string>

// A fleet's result as text for a terminal and as JUnit XML. Each ends with a line end.
namespace provphone::client::report {

// What became of a fleet's run, verdict first.
std::string format_text(const figures::FleetResult& result);

// Two runs side by side; A is the first.
std::string format_comparison(const figures::FleetResult& before,
                              const figures::FleetResult& after);

// For the test pages of CI servers: a case for the schedule of the generator, each expectation, and
// data of other phones. A void run is an error, not a failure.
std::string format_junit(const figures::FleetResult& result);

}  // namespace provphone::client::report
