#include "client/figures/detail/json.hpp"

namespace provphone::client::figures {

nlohmann::ordered_json quantiles_json(const Histogram& histogram) {
  return {{"count", histogram.count()},
          {"p50", histogram.quantile(0.5)},
          {"p99", histogram.quantile(0.99)},
          {"p999", histogram.quantile(0.999)},
          {"max", histogram.largest()}};
}

nlohmann::ordered_json buckets_of(const Histogram& histogram) {
  return {{"largest", histogram.largest()},
          {"sum", histogram.sum()},
          {"buckets", sparse(histogram.counts())}};
}

}  // namespace provphone::client::figures
