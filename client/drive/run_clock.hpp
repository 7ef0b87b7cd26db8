#pragma once

#include "client/drive/clock.hpp"

#include <memory>
#include <optional>

namespace provphone::client::drive {

// The time of a run: that of a clock, less what the run was paused for. While it is paused it
// stands still, and rings for nobody. To those who go by it, everything goes on afterwards as if
// there had been no pause.
class RunClock final : public Clock {
 public:
  explicit RunClock(std::unique_ptr<Clock> clock);

  Instant now() const override;
  void on_ring(std::function<void()> ring) override { ring_ = std::move(ring); }
  void ring_at(Instant at) override;

  // What the clock below says, which no pause stops: for how long something took.
  Instant real() const { return clock_->now(); }

  // `at` is an instant of real(), the same for all clocks of a run, which thereby agree on how long
  // it was paused. One that hears of it late stands still for as much longer afterwards as it has
  // gone on too long, since time never goes back. Pausing twice is pausing once, and likewise going
  // on.
  void pause(Instant at);
  void go_on(Instant at);
  bool is_paused() const { return paused_at_.has_value(); }

 private:
  Instant moving() const { return clock_->now() - stood_; }
  void arm();

  std::unique_ptr<Clock> clock_;
  std::function<void()> ring_;
  std::optional<Instant> paused_at_;  // of real()
  Instant::duration stood_{};         // in all pauses that are over
  Instant least_ = Instant::min();    // where time stands, or last stood still
  std::optional<Instant> rings_at_;   // in the time of the run
};

}  // namespace provphone::client::drive
