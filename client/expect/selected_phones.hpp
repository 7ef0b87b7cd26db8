#pragma once

#include "client/expect/phone_table.hpp"
#include "client/scenario/scenario.hpp"

#include <vector>

namespace provphone::client::expect {

// Which phones of a range an expectation is about: nothing where it is about all of them, a bit a
// phone otherwise. `scenario` is not kept.
class SelectedPhones {
 public:
  SelectedPhones(const scenario::Scenario& scenario, std::size_t expectation, PhoneRange range);

  bool contains(std::uint32_t phone) const {
    if (phone < range_.first || phone >= range_.end) return false;
    return is_every_ || bits_[phone - range_.first];
  }
  PhoneRange range() const { return range_; }
  // Of the phones in the range.
  std::uint64_t count() const;

  // Of the same expectation and another range; ranges that meet or overlap, in whatever order.
  void merge(const SelectedPhones& other);

 private:
  PhoneRange range_;
  bool is_every_;
  std::vector<bool> bits_;
};

}  // namespace provphone::client::expect
