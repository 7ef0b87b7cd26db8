#include "client/drive/run_clock.hpp"

#include <algorithm>

namespace provphone::client::drive {

RunClock::RunClock(std::unique_ptr<Clock> clock) : clock_(std::move(clock)) {
  clock_->on_ring([this] {
    // One that was asked for before the pause, and is asked for anew behind it.
    if (is_paused() || !rings_at_) return;
    rings_at_.reset();
    ring_();
  });
}

Clock::Instant RunClock::now() const {
  return is_paused() ? least_ : std::max(least_, moving());
}

void RunClock::ring_at(Instant at) {
  rings_at_ = at;
  if (!is_paused()) arm();
}

void RunClock::arm() {
  // What never rings is not moved beyond the end of time.
  const bool is_never = *rings_at_ > Instant::max() - stood_;
  clock_->ring_at(is_never ? Instant::max() : *rings_at_ + stood_);
}

void RunClock::pause(Instant at) {
  if (is_paused()) return;
  least_ = now();
  paused_at_ = at;
}

void RunClock::go_on(Instant at) {
  if (!is_paused()) return;
  stood_ += std::max(at - *paused_at_, Instant::duration::zero());
  paused_at_.reset();
  if (rings_at_) arm();
}

}  // namespace provphone::client::drive
