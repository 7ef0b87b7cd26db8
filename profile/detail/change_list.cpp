#include "profile/detail/change_list.hpp"

#include <utility>

namespace provphone::profile {

void ChangeList::add(Change change) {
  if (place_of_.empty()) place_of_.resize(parameter_count(), 0);
  auto& place = place_of_[static_cast<std::size_t>(change.id)];
  if (place > 0) {
    auto& earlier = changes_[place - 1];
    // The later mention takes over what it does not say itself. The earlier one stays in its place
    // as an empty shell: taking it out would move all behind it, for every repeated element of a
    // file.
    if (!change.value) {
      change.value = std::move(earlier.value);
      change.by = earlier.by;
    }
    if (!change.access) change.access = earlier.access;
    earlier.value.reset();
    earlier.access.reset();
    superseded_ = true;
  }
  changes_.push_back(std::move(change));
  place = static_cast<std::uint32_t>(changes_.size());
}

std::vector<Change> ChangeList::take() {
  if (superseded_) {
    // A real change has one of the two, so only shells are empty.
    std::erase_if(changes_, [](const Change& c) { return !c.value && !c.access; });
  }
  place_of_.clear();
  superseded_ = false;
  return std::exchange(changes_, {});
}

}  // namespace provphone::profile
