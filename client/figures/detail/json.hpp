#pragma once

#include "client/figures/histogram.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::figures {

// count, p50, p99, p999 and max, as in every result: microseconds, and 0 where nothing was counted.
nlohmann::ordered_json quantiles_json(const Histogram& histogram);

// Those that are not 0, each with its place.
template <class Counts>
nlohmann::ordered_json sparse(const Counts& counts) {
  auto pairs = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) pairs.push_back({i, counts[i]});
  }
  return pairs;
}

// All of it, for whoever merges it with others.
nlohmann::ordered_json buckets_of(const Histogram& histogram);

}  // namespace provphone::client::figures
