#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

// What is still to happen in virtual time: deadlines, answers and the scenario's plan, in one order
// that does not depend on how phones are spread over workers.
namespace provphone::client::forecast {

struct QueuedEvent {
  std::int64_t at;  // milliseconds of virtual time
  std::uint32_t phone;
  // What it is, for whoever queued it; its rank is in the lowest two bits, the lower the sooner.
  std::uint32_t token;
};

// A radix heap: events come out ordered by (time, phone, rank, order of arrival), and what is put
// in before the present instant comes out next. Each event is moved a few times between lists that
// are read from front to back, which for a million events is several times faster than a tree. The
// lists share blocks of one size, so that the memory is that of the events and little more.
class EventQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // `at` is not negative.
  void push(const QueuedEvent& event) {
    ++size_;
    if (event.at < last_) return put_late(event);
    if (event.at != last_) return append(lists_[list_of(event.at)], event);
    // What joins the present instant takes its turn by phone.
    const auto behind = std::upper_bound(present_.begin() + static_cast<std::ptrdiff_t>(taken_),
                                         present_.end(), event, by_phone);
    present_.insert(behind, event);
  }

  // The queue must not be empty. `comes_soon` is told of events that will be taken out before long,
  // some of them more than once.
  template <class ComesSoon>
  QueuedEvent pop(const ComesSoon& comes_soon) {
    if (!late_.empty()) return take_late();
    if (taken_ == present_.size()) refill(comes_soon);
    --size_;
    return present_[taken_++];
  }
  QueuedEvent pop() {
    return pop([](const QueuedEvent&) {});
  }

  // Whether anything is left that was put in before the present instant.
  bool has_late() const { return !late_.empty(); }

  // The time of the event that pop() would return. That is the present instant then.
  template <class ComesSoon>
  std::int64_t next_at(const ComesSoon& comes_soon) {
    if (!late_.empty()) return late_.front().event.at;
    if (taken_ == present_.size()) refill(comes_soon);
    return last_;
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  // 63 events of 16 octets and two numbers: 1 016 octets.
  static constexpr std::size_t block_length = 63;

  struct Block {
    std::array<QueuedEvent, block_length> events;
    std::uint32_t length = 0;
    std::uint32_t next = none;
  };
  struct List {
    std::uint32_t first = none, last = none;
  };

  // A level for each digit of the time, to the base of 16, and a list for each value of the digit:
  // an event is on the level of the highest digit in which it differs from the present instant.
  static constexpr unsigned digit_bits = 4;
  static constexpr std::size_t digits = std::size_t{1} << digit_bits;
  static constexpr std::size_t levels = 16;

  std::size_t list_of(std::int64_t at) const {
    const auto differing =
        static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(at ^ last_)) - 1);
    const auto level = differing / digit_bits;
    const auto digit = static_cast<std::uint64_t>(at) >> (level * digit_bits) & (digits - 1);
    return level * digits + static_cast<std::size_t>(digit);
  }

  static constexpr std::uint32_t rank = 3;  // its bits in a token

  static bool by_phone(const QueuedEvent& a, const QueuedEvent& b) {
    return a.phone != b.phone ? a.phone < b.phone : (a.token & rank) < (b.token & rank);
  }

  // Few: a heap will do.
  struct Late {
    QueuedEvent event;
    std::uint64_t arrival;
  };
  static bool is_later(const Late& a, const Late& b) {
    if (a.event.at != b.event.at) return a.event.at > b.event.at;
    if (by_phone(a.event, b.event) || by_phone(b.event, a.event)) return by_phone(b.event, a.event);
    return a.arrival > b.arrival;
  }
  void put_late(const QueuedEvent& event) {
    late_.push_back({event, arrivals_++});
    std::push_heap(late_.begin(), late_.end(), is_later);
  }
  QueuedEvent take_late() {
    std::pop_heap(late_.begin(), late_.end(), is_later);
    const auto event = late_.back().event;
    late_.pop_back();
    --size_;
    return event;
  }

  // Blocks that were emptied are used first, so that the memory is that of the fullest moment.
  std::uint32_t new_block() {
    if (free_ == none) {
      blocks_.emplace_back();
      return static_cast<std::uint32_t>(blocks_.size() - 1);
    }
    const auto block = free_;
    free_ = blocks_[block].next;
    blocks_[block].length = 0;
    blocks_[block].next = none;
    return block;
  }

  void append(List& list, const QueuedEvent& event) {
    if (list.last == none || blocks_[list.last].length == block_length) {
      const auto block = new_block();
      (list.last == none ? list.first : blocks_[list.last].next) = block;
      list.last = block;
    }
    auto& block = blocks_[list.last];
    block.events[block.length++] = event;
  }

  // So many blocks hold what a processor's cache has room for.
  static constexpr std::size_t few = 4;

  std::size_t length_in_blocks(const List& list) const {
    std::size_t length = 0;
    for (auto block = list.first; block != none && length <= few; block = blocks_[block].next)
      ++length;
    return length;
  }

  std::int64_t earliest_in(const List& list) const {
    auto earliest = std::numeric_limits<std::int64_t>::max();
    for (auto block = list.first; block != none; block = blocks_[block].next) {
      for (std::size_t i = 0; i < blocks_[block].length; ++i)
        earliest = std::min(earliest, blocks_[block].events[i].at);
    }
    return earliest;
  }

  void put(const QueuedEvent& event) {
    event.at == last_ ? present_.push_back(event) : append(lists_[list_of(event.at)], event);
  }

  template <class ComesSoon>
  void refill(const ComesSoon& comes_soon) {
    present_.clear();
    taken_ = 0;
    const auto nearest = std::find_if(lists_.begin(), lists_.end(),
                                      [](const List& list) { return list.first != none; });
    const auto moving = *nearest;
    *nearest = {};
    // The invariant: every event left is in the list that its time and this one determine. Of the
    // nearest list each differs from its earliest in lower digits only, so that it moves down or is
    // due.
    last_ = earliest_in(moving);
    const bool is_short = length_in_blocks(moving) <= few;
    for (auto block = moving.first; block != none;) {
      const auto next = blocks_[block].next;
      for (std::size_t i = 0; i < blocks_[block].length; ++i) {
        const auto event = blocks_[block].events[i];
        // A long list is moved again before its events are due, and would push what is fetched out
        // of the cache.
        if (is_short) comes_soon(event);
        put(event);
      }
      blocks_[block].next = free_;
      free_ = block;
      block = next;
    }
    // Stable: the order of arrival counts last.
    if (present_.size() > 1) std::stable_sort(present_.begin(), present_.end(), by_phone);
  }

  std::deque<Block> blocks_;  // stay where they are while there are more
  std::uint32_t free_ = none;
  std::array<List, levels * digits> lists_{};
  std::vector<QueuedEvent> present_;  // of the present instant, in order
  std::size_t taken_ = 0;             // of them
  std::vector<Late> late_;            // before the present instant
  std::uint64_t arrivals_ = 0;        // of late ones
  std::int64_t last_ = 0;
  std::size_t size_ = 0;
};

}  // namespace provphone::client::forecast
