#include "client/figures/histogram.hpp"

#include "client/figures/quantile.hpp"

#include <bit>
#include <numeric>

namespace provphone::client::figures {

std::size_t Histogram::bucket_of(std::uint64_t us) {
  constexpr std::uint64_t linear = std::uint64_t{1}
                                   << sub_bits;  // below it a bucket is one microsecond wide
  if (us < linear) return us;
  const int power = static_cast<int>(std::bit_width(us)) - 1;
  // The bits behind the leading one choose among the buckets of its power.
  const auto within = (us >> (power - sub_bits)) - linear;
  const auto bucket = (static_cast<std::uint64_t>(power - sub_bits + 1) << sub_bits) + within;
  return std::min<std::size_t>(bucket, buckets - 1);
}

std::uint64_t Histogram::upper_edge(std::size_t bucket) {
  constexpr std::size_t linear = std::size_t{1} << sub_bits;
  if (bucket < linear) return bucket;
  const auto power = (bucket >> sub_bits) - 1;
  const auto within = (bucket & (linear - 1)) + linear;
  return ((within + 1) << power) - 1;
}

Histogram Histogram::of(const Counts& counts, std::int64_t largest, std::uint64_t sum) {
  Histogram histogram;
  histogram.counts_ = counts;
  // Not taken from the file: a count that contradicts the buckets cannot come in.
  histogram.count_ = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  histogram.largest_ = largest;
  histogram.sum_ = sum;
  return histogram;
}

void Histogram::add(std::int64_t us) {
  us = std::max<std::int64_t>(us, 0);
  ++counts_[bucket_of(static_cast<std::uint64_t>(us))];
  ++count_;
  // Beyond the range the sum takes the range's end, as the buckets do; only the largest stays
  // exact.
  sum_ += static_cast<std::uint64_t>(std::min(us, std::int64_t{1} << highest_power));
  largest_ = std::max(largest_, us);
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  largest_ = std::max(largest_, other.largest_);
}

Histogram Histogram::since(const Histogram& before) const {
  auto counts = counts_;
  for (std::size_t i = 0; i < buckets; ++i) counts[i] -= std::min(counts[i], before.counts_[i]);
  return of(counts, largest_, sum_ - std::min(sum_, before.sum_));
}

std::int64_t Histogram::quantile(double q) const {
  if (count_ == 0) return 0;
  const auto bucket = bucket_at(counts_, count_, q);
  // A rank that rounding carries beyond the total.
  if (bucket == buckets) return largest_;
  return std::min(static_cast<std::int64_t>(upper_edge(bucket)), largest_);
}

}  // namespace provphone::client::figures
