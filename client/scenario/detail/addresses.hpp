#pragma once

#include "client/scenario/phone_group.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace provphone::client::scenario {

// Two phones with one address.
struct SharedAddress {
  MacAddress mac;
  std::size_t earlier, group;  // whose they are, `earlier` before `group`
};

// Of the first group that has an address of one before; nothing where all are different. A list has
// no address twice, and neither has a lease file.
std::optional<SharedAddress> first_shared_address(const std::vector<PhoneGroup>& groups);

}  // namespace provphone::client::scenario
