#pragma once

#include "client/figures/histogram.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::figures {

// count, p50, p99, p999 and max, as in every result: microseconds, and 0 where nothing was counted.
nlohmann::ordered_json quantiles_json(const Histogram& histogram);

}  // namespace provphone::client::figures
