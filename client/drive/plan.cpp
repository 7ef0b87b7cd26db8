#include "client/drive/plan.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace provphone::client::drive {

Plan::Plan(const std::vector<Planned>& all) {
  for (const auto& planned : all) push_back(planned);
}

Plan::Happening Plan::describe(resync::Event event,
                               std::shared_ptr<const resync::Brought> brought) {
  described_.push_back({event, std::move(brought)});
  return Happening(described_.size() - 1);
}

void Plan::sort() {
  const auto is_before = [](const Part& a, const Part& b) {
    return std::tie(a.at, a.phone) < std::tie(b.at, b.phone);
  };
  // Most plans are made in this order, and sorting takes half of the room once more.
  if (!std::is_sorted(parts_.begin(), parts_.end(), is_before))
    std::stable_sort(parts_.begin(), parts_.end(), is_before);
}

Planned Plan::operator[](std::size_t place) const {
  const auto& [at, phone, what] = parts_[place];
  const auto& [event, brought] = described_[static_cast<std::size_t>(what)];
  return {at, phone, event, brought};
}

}  // namespace provphone::client::drive
