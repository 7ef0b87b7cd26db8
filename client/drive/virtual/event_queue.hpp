#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

// What is still to happen in virtual time.
namespace provphone::client::drive {

struct QueuedEvent {
  std::int64_t at;  // milliseconds of virtual time
  std::uint32_t phone;
  std::uint32_t token;  // what it is, for whoever queued it
};

// A radix heap: events come out ordered by (time, phone, order of arrival), none may be put in
// before the last one taken out. Each event is moved a few times between arrays that are read from
// front to back, which for a million events is several times faster than a tree.
class EventQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(const QueuedEvent& event) {
    buckets_[bucket_of(event.at)].push_back(event);
    ++size_;
    // The front bucket is in use: what joins the present instant is put in its place.
    if (event.at == last_) put_in_place();
  }

  // The queue must not be empty.
  QueuedEvent pop() {
    if (taken_ == buckets_[0].size()) refill();
    --size_;
    return buckets_[0][taken_++];
  }

  // The one that pop() after the next ones would give, for prefetching; nothing where it is not
  // known yet.
  const QueuedEvent* ahead(std::size_t distance) const {
    const auto at = taken_ + distance;
    return at < buckets_[0].size() ? &buckets_[0][at] : nullptr;
  }

 private:
  // Bucket 0 holds the present instant, bucket n what differs from it in bit n-1 at the highest.
  std::size_t bucket_of(std::int64_t at) const {
    return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(at ^ last_)));
  }

  static bool by_phone(const QueuedEvent& a, const QueuedEvent& b) { return a.phone < b.phone; }

  void put_in_place() {
    auto& front = buckets_[0];
    const auto behind = std::upper_bound(front.begin() + static_cast<std::ptrdiff_t>(taken_),
                                         front.end() - 1, front.back(), by_phone);
    std::rotate(behind, front.end() - 1, front.end());
  }

  void refill() {
    buckets_[0].clear();
    taken_ = 0;
    auto nearest = std::find_if(buckets_.begin() + 1, buckets_.end(),
                                [](const auto& bucket) { return !bucket.empty(); });
    last_ = std::min_element(nearest->begin(), nearest->end(), [](const auto& a, const auto& b) {
              return a.at < b.at;
            })->at;
    std::vector<QueuedEvent> moving;
    moving.swap(*nearest);
    for (const auto& event : moving) buckets_[bucket_of(event.at)].push_back(event);
    moving.clear();
    if (nearest->empty()) nearest->swap(moving);  // keeps its memory
    std::stable_sort(buckets_[0].begin(), buckets_[0].end(), by_phone);
  }

  std::array<std::vector<QueuedEvent>, 65> buckets_;
  std::int64_t last_ = 0;
  std::size_t taken_ = 0;  // of bucket 0
  std::size_t size_ = 0;
};

}  // namespace provphone::client::drive
