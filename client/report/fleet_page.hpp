#pragma once

#include "client/figures/comparison.hpp"
#include "client/figures/fleet_result.hpp"

#include <string>
#include <vector>

// A run, or two of them, as one HTML file that needs nothing else: no other file and no network.
// Script and style are embedded; page/ has what they are made of.
namespace provphone::client::report {

std::string format_html(const figures::FleetResult& result, const figures::Verdicts& verdicts);
std::string format_html_comparison(const figures::FleetResult& before,
                                   const figures::FleetResult& after,
                                   const std::vector<figures::Crossed>& thresholds = {});

}  // namespace provphone::client::report
