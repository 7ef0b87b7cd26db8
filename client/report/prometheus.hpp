#pragma once

#include "client/report/live_view.hpp"

#include <string>
#include <utility>
#include <vector>

// A run's figures for Prometheus: seconds and octets as base units, names that begin with
// provphone_. A name is a promise to dashboards.
namespace provphone::client::report {

// Names and values that every sample has besides its own: of which run, and which shard of it.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Its text format, version 0.0.4, for whoever scrapes.
std::string format_prometheus(const LiveView& view, const MetricLabels& of_all = {});

// OpenMetrics 1.0, for a file that is read later.
std::string format_openmetrics(const LiveView& view, const MetricLabels& of_all = {});

}  // namespace provphone::client::report
