#pragma once

#include "client/report/live_screen.hpp"

#include <string>

// A run's figures for Prometheus, in its text format.
namespace provphone::client::report {

std::string format_prometheus(const LiveView& view);

}  // namespace provphone::client::report
