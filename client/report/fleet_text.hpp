#pragma once

#include "client/figures/comparison.hpp"
#include "client/figures/fleet_result.hpp"

#include <string>
#include <vector>

// A fleet's result as text for a terminal. Each ends with a line end.
namespace provphone::client::report {

// What became of a fleet's run, verdict first.
std::string format_text(const figures::FleetResult& result, const figures::Verdicts& verdicts);

// Two runs side by side, what it comes to first; A is the first run.
std::string format_comparison(const figures::FleetResult& before, const figures::FleetResult& after,
                              const std::vector<figures::Crossed>& thresholds = {});

}  // namespace provphone::client::report
