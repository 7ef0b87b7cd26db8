#include "client/expect/selected_phones.hpp"

#include "client/scenario/selection.hpp"

#include <algorithm>

namespace provphone::client::expect {

SelectedPhones::SelectedPhones(const scenario::Scenario& scenario, std::size_t expectation,
                               PhoneRange range)
    : range_(range), is_every_(scenario.expect[expectation].phones.is_every()) {
  // A run without a choice, which most are, costs nothing a phone.
  if (is_every_) return;
  bits_.resize(range.count());
  for (const auto phone : scenario::phones_of_expectation(scenario, expectation)) {
    if (phone >= range.first && phone < range.end) bits_[phone - range.first] = true;
  }
}

std::uint64_t SelectedPhones::count() const {
  if (is_every_) return range_.count();
  return static_cast<std::uint64_t>(std::count(bits_.begin(), bits_.end(), true));
}

void SelectedPhones::merge(const SelectedPhones& other) {
  const PhoneRange both{std::min(range_.first, other.range_.first),
                        std::max(range_.end, other.range_.end)};
  // contains() still goes by the old range here.
  if (!is_every_) {
    std::vector<bool> bits(both.count());
    for (auto phone = both.first; phone < both.end; ++phone)
      bits[phone - both.first] = contains(phone) || other.contains(phone);
    bits_ = std::move(bits);
  }
  range_ = both;
}

}  // namespace provphone::client::expect
