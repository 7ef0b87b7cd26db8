#pragma once

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

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

// The time of the machine that this runs on.
class SteadyClock final : public Clock {
 public:
  explicit SteadyClock(boost::asio::io_context& loop) : timer_(loop) {}

  Instant now() const override { return std::chrono::steady_clock::now(); }
  void on_ring(std::function<void()> ring) override { ring_ = std::move(ring); }
  void ring_at(Instant at) override {
    timer_.expires_at(at);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) ring_();
    });
  }

 private:
  boost::asio::steady_timer timer_;
  std::function<void()> ring_;
};

}  // namespace provphone::client::drive
