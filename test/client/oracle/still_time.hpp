#pragma once

#include "client/drive/clock.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

// Time that stands still until somebody moves it, so that an hour of phones is over in a moment.
namespace provphone::test {

class StillTime {
 public:
  using Instant = client::drive::Clock::Instant;

  Instant now() const { return now_; }
  Instant start() const { return Instant{}; }

  // What the driver's clock does. At one instant it rings before anything planned happens.
  void on_ring(std::function<void()> ring) { ring_ = std::move(ring); }
  void ring_at(Instant at) { rings_at_ = at; }

  // Happens at `at`, behind what was planned for that instant before.
  void plan(Instant at, std::function<void()> what) {
    planned_.emplace(std::pair(at, ++count_), std::move(what));
  }

  // Until nothing is left or `end` is over. `settle` is called before time moves on.
  void run_until(Instant end, const std::function<void()>& settle) {
    for (settle(); step(end); settle()) {
    }
  }

 private:
  // One thing that happens; false where there is none until `end`.
  bool step(Instant end) {
    const bool rings = planned_.empty() || rings_at_ <= planned_.begin()->first.first;
    const auto next = rings ? rings_at_ : planned_.begin()->first.first;
    if (next > end) return false;
    now_ = std::max(now_, next);
    if (rings) {
      rings_at_ = Instant::max();
      ring_();
    } else {
      const auto what = std::move(planned_.extract(planned_.begin()).mapped());
      what();
    }
    return true;
  }

  Instant now_{};
  Instant rings_at_ = Instant::max();
  std::function<void()> ring_;
  std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> planned_;
  std::uint64_t count_ = 0;
};

class StillClock final : public client::drive::Clock {
 public:
  explicit StillClock(StillTime& time) : time_(time) {}

  Instant now() const override { return time_.now(); }
  void on_ring(std::function<void()> ring) override { time_.on_ring(std::move(ring)); }
  void ring_at(Instant at) override { time_.ring_at(at); }

 private:
  StillTime& time_;
};

}  // namespace provphone::test
