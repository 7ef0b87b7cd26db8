#pragma once

#include "client/report/live_screen.hpp"

#include <string>

// A run's figures for Prometheus, in its text format (version 0.0.4): seconds and octets as base
// units, names that begin with provphone_. A name is a promise to dashboards.
namespace provphone::client::report {

std::string format_prometheus(const LiveView& view);

}  // namespace provphone::client::report
