#pragma once

#include "client/report/live_screen.hpp"

#include <string>
#include <string_view>

// A run's figures for Prometheus, in its text format.
namespace provphone::client::report {

// The media type of that format.
inline constexpr std::string_view prometheus_media_type =
    "text/plain; version=0.0.4; charset=utf-8";

std::string format_prometheus(const LiveView& view);

}  // namespace provphone::client::report
