#include "client/figures/histogram.hpp"

#include "resync/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace histogram_test {

using provphone::client::figures::Histogram;

TEST_CASE("an empty histogram has nothing to say") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.quantile(0.99) == 0);
  CHECK(histogram.largest() == 0);
}

TEST_CASE("quantiles are at most three percent above the exact ones") {
  Histogram histogram;
  std::vector<std::int64_t> exact;
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    const auto us = static_cast<std::int64_t>(provphone::resync::mix(n) >>
                                              (24 + provphone::resync::mix(n * 7) % 35));
    histogram.add(us);
    exact.push_back(us);
  }
  std::sort(exact.begin(), exact.end());
  for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(q * static_cast<double>(exact.size()))) - 1;
    const auto want = exact[rank];
    INFO(q);
    CHECK(histogram.quantile(q) >= want);
    CHECK(static_cast<double>(histogram.quantile(q)) <= static_cast<double>(want) * 1.032 + 1);
  }
  CHECK(histogram.largest() == exact.back());
}

TEST_CASE("what is beyond the range counts as the largest") {
  Histogram histogram;
  histogram.add(-5);
  CHECK(histogram.quantile(1) == 0);
  histogram.add(INT64_MAX);
  CHECK(histogram.count() == 2);
  CHECK(histogram.largest() == INT64_MAX);
  CHECK(histogram.quantile(1) > (std::int64_t{1} << 39));
}

TEST_CASE("merging is the same as adding everything to one") {
  Histogram left, right, both;
  for (std::int64_t us = 0; us < 1000; ++us) {
    (us % 3 == 0 ? left : right).add(us * us);
    both.add(us * us);
  }
  left.merge(right);
  CHECK(left.count() == both.count());
  for (const double q : {0.1, 0.5, 0.99}) CHECK(left.quantile(q) == both.quantile(q));
  CHECK(left.largest() == both.largest());
}

}  // namespace histogram_test
