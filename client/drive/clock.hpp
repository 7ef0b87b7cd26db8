#pragma once

#include "client/transport/loop.hpp"

#include <chrono>
#include <functional>
#include <memory>

// Time for the driver in real time. A test gives one that stands still until it is told to move.
namespace provphone::client::drive {

// Where a driver takes the time from, and what wakes it. One driver has it for itself.
class Clock {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  virtual ~Clock() = default;

  // Never goes back.
  virtual Instant now() const = 0;
  // What is called when it rings, on the driver's thread and never from within ring_at(). Set once,
  // before the first ring_at().
  virtual void on_ring(std::function<void()> ring) = 0;
  // Rings once, at or after `at`, which may be past; instead of what was asked for before. May be
  // called while it rings.
  virtual void ring_at(Instant at) = 0;
};

// The time of the machine that this runs on. `loop` must outlive it.
std::unique_ptr<Clock> make_steady_clock(boost::asio::io_context& loop);

}  // namespace provphone::client::drive
