#include "client/figures/detail/json.hpp"

namespace provphone::client::figures {

nlohmann::ordered_json quantiles_json(const Histogram& histogram) {
  return {{"count", histogram.count()},
          {"p50", histogram.quantile(0.5)},
          {"p99", histogram.quantile(0.99)},
          {"p999", histogram.quantile(0.999)},
          {"max", histogram.largest()}};
}

}  // namespace provphone::client::figures
