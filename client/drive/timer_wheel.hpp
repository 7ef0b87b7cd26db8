#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

// One timer for each phone, to the millisecond. Setting, clearing and ringing cost the same however
// many there are.
namespace provphone::client::drive {

// A hierarchical wheel: a level for each digit of the time in base 64, and a list for each
// value of the digit. A timer is on the level of the highest digit in which its time differs from
// the present, and moves down as the present comes nearer.
class TimerWheel {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  // Timers 0 to `timers` - 1, all clear, at time 0. Times are not negative.
  explicit TimerWheel(std::size_t timers) : nodes_(timers) { heads_.fill(none); }

  std::size_t armed() const { return armed_; }

  // In milliseconds; a time that is past rings at the next advance(), `never` clears the timer.
  void set(std::uint32_t timer, std::int64_t at) {
    clear(timer);
    if (at == never) return;
    nodes_[timer].at = std::max(at, now_);
    link(timer);
    ++armed_;
  }

  void clear(std::uint32_t timer) {
    auto& node = nodes_[timer];
    if (node.at == never) return;
    // In no list any more: ring_list() sees that it was cleared and passes over it.
    if (node.previous != ringing) unlink(timer);
    node = {};
    --armed_;
  }

  // Nothing rings before; something rings then or later. `never` where no timer is set.
  std::int64_t next() const {
    for (unsigned level = 0; level < levels; ++level) {
      // Lists of a lower level are always nearer: their times differ from the present in lower
      // digits.
      if (used_[level] != 0) return beginning_of(level, first_of(level));
    }
    return never;
  }

  // Calls `ring(timer)` for each whose time has come, by time and then by number. It may set and
  // clear any timer, but not call advance(); what it sets for the past or for `now` rings too.
  template <class Ring>
  void advance(std::int64_t now, const Ring& ring) {
    for (auto at = next(); at <= now && at != never; at = next()) {
      now_ = std::max(now_, at);
      // On level 0 a list has one time, so all of it rings; on any other it only moves nearer.
      if (used_[0] != 0 && at == beginning_of(0, first_of(0))) {
        ring_list(first_of(0), ring);
      } else {
        move_down();
      }
    }
    now_ = std::max(now_, now);
  }

 private:
  static constexpr unsigned digit_bits = 6;
  static constexpr unsigned digits = 1U << digit_bits;
  static constexpr unsigned levels = 11;  // 63 bits
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t ringing = none - 1;  // in `previous`: taken out to ring
  static constexpr std::uint32_t is_head = 1U << 31;  // in `previous`: the first of that list

  struct Node {
    std::int64_t at = never;
    // Within a list, by number. Two marks need no place of their own: see `ringing` and `is_head`.
    std::uint32_t next = none, previous = none;
  };

  unsigned first_of(unsigned level) const {
    return static_cast<unsigned>(std::countr_zero(used_[level]));
  }

  // The earliest time that a list has room for.
  std::int64_t beginning_of(unsigned level, unsigned digit) const {
    const auto shift = level * digit_bits;
    const auto above = shift + digit_bits;
    // On the highest level nothing stands above, and a shift by 66 bits is undefined.
    const auto kept = above >= 63 ? 0 : now_ >> above << above;
    return kept | static_cast<std::int64_t>(std::uint64_t{digit} << shift);
  }

  std::uint32_t list_of(std::int64_t at) const {
    const auto differing = static_cast<std::uint64_t>(at ^ now_);
    const auto level =
        differing == 0 ? 0 : (static_cast<unsigned>(std::bit_width(differing)) - 1) / digit_bits;
    const auto digit = static_cast<std::uint64_t>(at) >> (level * digit_bits) & (digits - 1);
    return level * digits + static_cast<std::uint32_t>(digit);
  }

  void link(std::uint32_t timer) {
    auto& node = nodes_[timer];
    const auto list = list_of(node.at);
    node.next = heads_[list];
    node.previous = list | is_head;
    if (node.next != none) nodes_[node.next].previous = timer;
    heads_[list] = timer;
    used_[list / digits] |= std::uint64_t{1} << (list % digits);
  }

  void unlink(std::uint32_t timer) {
    const auto& node = nodes_[timer];
    if (node.next != none) nodes_[node.next].previous = node.previous;
    if ((node.previous & is_head) == 0) {
      nodes_[node.previous].next = node.next;
      return;
    }
    const auto list = node.previous & ~is_head;
    heads_[list] = node.next;
    if (node.next == none) used_[list / digits] &= ~(std::uint64_t{1} << (list % digits));
  }

  std::uint32_t take_list(std::uint32_t list) {
    used_[list / digits] &= ~(std::uint64_t{1} << (list % digits));
    return std::exchange(heads_[list], none);
  }

  // The nearest list lies ahead on a higher level: its timers now differ in lower digits only.
  void move_down() {
    unsigned level = 0;
    while (used_[level] == 0) ++level;
    for (auto timer = take_list(level * digits + first_of(level)); timer != none;) {
      const auto next = nodes_[timer].next;
      link(timer);
      timer = next;
    }
  }

  template <class Ring>
  void ring_list(unsigned digit, const Ring& ring) {
    // Its memory is used again for the next list.
    std::vector<std::uint32_t> due;
    due.swap(due_);
    for (auto timer = take_list(digit); timer != none; timer = nodes_[timer].next) {
      nodes_[timer].previous = ringing;
      due.push_back(timer);
    }
    std::sort(due.begin(), due.end());
    for (const auto timer : due) {
      auto& node = nodes_[timer];
      // Cleared, or set anew, by one that rang before it.
      if (node.at == never || node.previous != ringing) continue;
      node = {};
      --armed_;
      ring(timer);
    }
    due.clear();
    due_.swap(due);
  }

  std::vector<Node> nodes_;
  std::array<std::uint32_t, std::size_t{levels} * digits> heads_{};
  std::array<std::uint64_t, levels> used_{};
  std::vector<std::uint32_t> due_;
  std::int64_t now_ = 0;
  std::size_t armed_ = 0;
};

}  // namespace provphone::client::drive
