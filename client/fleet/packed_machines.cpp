#include "client/fleet/packed_machines.hpp"

#include <bit>
#include <cassert>
#include <cstring>
#include <type_traits>

namespace provphone::client::fleet {
namespace {

// More words than a resting phone has that is like others: times, and how often it drew.
constexpr int few_words = 8;

}  // namespace

std::uint32_t PackedMachines::Shelf::take() {
  if (first_free_ != none) {
    const auto record = first_free_;
    first_free_ = *at(record);
    return record;
  }
  if (used_ % piece == 0) pieces_.push_back(std::make_unique<std::uint32_t[]>(piece * width_));
  return used_++;
}

void PackedMachines::Shelf::give_back(std::uint32_t record) {
  *at(record) = first_free_;
  first_free_ = record;
}

std::uint32_t* PackedMachines::Shelf::at(std::uint32_t record) const {
  return &pieces_[record / piece][record % piece * width_];
}

PackedMachines::PackedMachines(Slice slice)
    : slice_(slice), marks_(slice.count(), 0), records_(slice.count(), 0) {
  static_assert(std::is_trivially_copyable_v<resync::Phone>);
  for (std::size_t width = step; width < word_count + step; width += step)
    shelves_.emplace_back(width);
  const resync::Phone untouched;
  std::memcpy(patterns_.emplace_back().data(), &untouched, sizeof untouched);
}

resync::Phone PackedMachines::operator[](std::size_t index) const {
  const auto marks = marks_[index];
  auto words = patterns_[marks >> word_count];
  if (const auto own = marks & own_words; own != 0) {
    const auto* word = shelves_[shelf_of(marks)].at(records_[index]);
    for (auto left = own; left != 0; left &= left - 1)
      words[static_cast<std::size_t>(std::countr_zero(left))] = *word++;
  }
  auto machine = std::bit_cast<resync::Phone>(words);
  machine.index = slice_.number(index);
  return machine;
}

void PackedMachines::set(std::size_t index, const resync::Phone& machine) {
  assert(machine.index == slice_.number(index));
  // Its number is known from its place.
  auto unnumbered = machine;
  unnumbered.index = 0;
  Words words;
  std::memcpy(words.data(), &unnumbered, sizeof unnumbered);
  const auto before = marks_[index];
  const auto after = likeness_of(words);
  const bool had_words = (before & own_words) != 0, has_words = (after & own_words) != 0;
  const bool stays = had_words && has_words && shelf_of(before) == shelf_of(after);
  if (had_words && !stays) shelves_[shelf_of(before)].give_back(records_[index]);
  if (has_words && !stays) records_[index] = shelves_[shelf_of(after)].take();
  marks_[index] = after;
  if (!has_words) return;
  auto* word = shelves_[shelf_of(after)].at(records_[index]);
  for (auto left = after & own_words; left != 0; left &= left - 1)
    *word++ = words[static_cast<std::size_t>(std::countr_zero(left))];
}

std::size_t PackedMachines::shelf_of(Marks marks) {
  return (static_cast<std::size_t>(std::popcount(marks & own_words)) - 1) / step;
}

PackedMachines::Marks PackedMachines::differing(const Words& a, const Words& b) {
  Marks marks = 0;
  for (std::size_t i = 0; i < word_count; ++i) marks |= Marks{a[i] != b[i]} << i;
  return marks;
}

// The pattern that it is like, and which words differ. What is like none becomes one itself, as
// long as there is room: phones that have come as far as this one will be like it.
PackedMachines::Marks PackedMachines::likeness_of(const Words& words) {
  auto best = latest_;
  auto marks = differing(patterns_[best], words);
  for (std::size_t i = 0; i < patterns_.size() && std::popcount(marks) > few_words; ++i) {
    const auto others = differing(patterns_[i], words);
    if (std::popcount(others) >= std::popcount(marks)) continue;
    best = i;
    marks = others;
  }
  if (std::popcount(marks) > few_words && patterns_.size() < most_patterns) {
    best = patterns_.size();
    patterns_.push_back(words);
    marks = 0;
  }
  latest_ = best;
  return marks | static_cast<Marks>(best) << word_count;
}

}  // namespace provphone::client::fleet
