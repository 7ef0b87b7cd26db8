#include "client/scenario/detail/addresses.hpp"

#include <algorithm>

namespace provphone::client::scenario {
namespace {

struct Addresses {
  std::uint64_t first;  // the others count on from there
  std::uint32_t count, group;
};

std::vector<Addresses> addresses_of(const std::vector<PhoneGroup>& groups) {
  std::vector<Addresses> all;
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    const auto& group = groups[i];
    if (group.leased) continue;  // alone in its scenario
    if (!group.listed) {
      all.push_back({group.mac.bits, group.count, i});
      continue;
    }
    for (std::uint32_t at = 0; at < group.count; ++at)
      all.push_back({group.listed->mac(group.listed_from + at).bits, 1, i});
  }
  return all;
}

}  // namespace

std::optional<SharedAddress> first_shared_address(const std::vector<PhoneGroup>& groups) {
  // A list alone was looked at when it was read.
  const bool is_one_list =
      !groups.empty() && groups.front().listed && groups.back().listed == groups.front().listed;
  if (is_one_list) return std::nullopt;
  auto all = addresses_of(groups);
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first < other.first : one.group < other.group;
  });
  std::optional<SharedAddress> found;
  // The one so far that reaches farthest: what begins before its end has an address of it.
  const Addresses* farthest = nullptr;
  for (const auto& each : all) {
    if (farthest != nullptr && each.first < farthest->first + farthest->count) {
      const auto [earlier, later] = std::minmax(each.group, farthest->group);
      if (!found || later < found->group) found = SharedAddress{{each.first}, earlier, later};
    }
    if (farthest == nullptr || each.first + each.count > farthest->first + farthest->count)
      farthest = &each;
  }
  return found;
}

}  // namespace provphone::client::scenario
