#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace provphone::client::expect {

// Phones by their numbers in the scenario; `end` excluded.
struct PhoneRange {
  std::uint32_t first = 0, end = 0;

  std::uint32_t count() const { return end - first; }
};

// One small value for each phone of a range; empty until it is made for one.
template <class T>
class PhoneTable {
 public:
  PhoneTable() = default;
  PhoneTable(PhoneRange range, T initial)
      : first_(range.first), initial_(initial), values_(range.count(), initial) {}

  // The phone has to be in the range.
  T& operator[](std::uint32_t phone) { return values_[phone - first_]; }
  const T& operator[](std::uint32_t phone) const { return values_[phone - first_]; }

  // Covers both ranges afterwards. `combine(mine, other)` decides about phones in both.
  template <class Combine>
  void merge(const PhoneTable& other, Combine combine) {
    if (other.values_.empty()) return;
    if (values_.empty()) return void(*this = other);
    const PhoneRange both{std::min(first_, other.first_), std::max(end(), other.end())};
    PhoneTable merged(both, initial_);
    for (auto phone = first_; phone < end(); ++phone) merged[phone] = (*this)[phone];
    for (auto phone = other.first_; phone < other.end(); ++phone) {
      const bool in_both = phone >= first_ && phone < end();
      merged[phone] = in_both ? combine((*this)[phone], other[phone]) : other[phone];
    }
    *this = std::move(merged);
  }

 private:
  std::uint32_t end() const { return first_ + static_cast<std::uint32_t>(values_.size()); }

  std::uint32_t first_ = 0;
  T initial_{};
  std::vector<T> values_;
};

}  // namespace provphone::client::expect
