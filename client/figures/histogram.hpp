#pragma once

#include <array>
#include <cstdint>

namespace provphone::client::figures {

// Counts of microseconds in log-linear buckets: 32 to each power of two, so that a quantile is at
// most 3 % off. Fixed in size and mergeable. Holds 0 to 2^40 us (12 days); more counts as the
// largest, less than 0 as 0. A bucket holds 2^32 - 1, which nothing checks.
class Histogram {
  static constexpr int sub_bits = 5;
  static constexpr int highest_power = 40;

 public:
  static constexpr std::size_t buckets = (highest_power - sub_bits + 1) << sub_bits;
  using Counts = std::array<std::uint32_t, buckets>;

  // From what counts(), largest() and sum() of another said.
  static Histogram of(const Counts& counts, std::int64_t largest, std::uint64_t sum);

  void add(std::int64_t us);
  void merge(const Histogram& other);
  // What was added since `before`, an earlier state of this very one; largest() is that of all. Of
  // what only `before` has, nothing: no count wraps around.
  Histogram since(const Histogram& before) const;

  std::uint64_t count() const { return count_; }
  std::int64_t largest() const { return largest_; }  // exact
  std::uint64_t sum() const { return sum_; }         // exact but for what is beyond the range
  const Counts& counts() const { return counts_; }
  static std::uint64_t upper_edge(std::size_t bucket);  // the largest that it counts
  // The upper edge of the bucket that holds the quantile, `q` in 0..1, never above largest(); 0
  // when empty.
  std::int64_t quantile(double q) const;

 private:
  static std::size_t bucket_of(std::uint64_t us);

  Counts counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t largest_ = 0;
};

}  // namespace provphone::client::figures
