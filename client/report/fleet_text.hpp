#pragma once

#include "client/figures/fleet_result.hpp"

#include <string>

// A fleet's result as text for a terminal. Each ends with a line end.
namespace provphone::client::report {

// What became of a fleet's run, verdict first.
std::string format_text(const figures::FleetResult& result, const figures::Verdicts& verdicts);

// Two runs side by side; A is the first.
std::string format_comparison(const figures::FleetResult& before,
                              const figures::FleetResult& after);

}  // namespace provphone::client::report
