#pragma once

#include "client/transport/loop.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace provphone::client::drive {

// Where a driver takes the time from, and what wakes it. One driver has it for itself.
class Clock {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;

  virtual Instant now() const = 0;
  // What is called when it rings; never from within ring_at().
  virtual void on_ring(std::function<void()> ring) = 0;
  // Rings once, at or after `at`; instead of what was asked for before.
  virtual void ring_at(Instant at) = 0;
};

// The time of the machine that this runs on. `loop` must outlive it.
std::unique_ptr<Clock> make_steady_clock(boost::asio::io_context& loop);

}  // namespace provphone::client::drive
