#include "client/expect/detail/text_owners.hpp"

#include <cassert>

namespace provphone::client::expect::detail {

// A third stays empty, so that probing is short and always comes to an end.
TextOwners::TextOwners(std::size_t most)
    : keys_(most + most / 2 + 8), phones_(keys_.size(), nobody) {}

std::size_t TextOwners::place_of(std::uint64_t hash) const {
  // Of the upper bits, in proportion: places need be no power of two for that.
  auto at = static_cast<std::size_t>((hash >> 32U) * keys_.size() >> 32U);
  while (keys_[at] != 0 && ((keys_[at] ^ key_of(hash)) & ~marks_in_key) != 0) {
    if (++at == keys_.size()) at = 0;
  }
  return at;
}

void TextOwners::add(std::uint64_t hash, Owner owner) {
  assert(owner.marks < max_marks);
  const auto at = place_of(hash);
  if (keys_[at] != 0) {
    if (phones_[at] != owner.phone) phones_[at] = nobody;
    return;
  }
  keys_[at] = key_of(hash) | owner.marks;
  phones_[at] = owner.phone;
}

std::optional<TextOwners::Owner> TextOwners::find(std::uint64_t hash) const {
  const auto at = place_of(hash);
  if (keys_[at] == 0 || phones_[at] == nobody) return std::nullopt;
  return Owner{phones_[at], static_cast<std::uint16_t>(keys_[at] & marks_in_key)};
}

}  // namespace provphone::client::expect::detail
