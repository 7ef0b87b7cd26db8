#pragma once

#include "client/report/fleet_result.hpp"

#include <string>

// A run, or two of them, as one HTML file that needs nothing else: no other file and no network.
namespace provphone::client::report {

std::string format_html(const FleetResult& result);
std::string format_html_comparison(const FleetResult& before, const FleetResult& after);

}  // namespace provphone::client::report
