#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>

namespace provphone::client::transport::detail {

// The one timer of all that an engine has under way. One that rings too early costs a look; setting
// it anew costs that each time, so it is only ever moved forward.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Alarm(boost::asio::io_context& loop) : timer_(std::in_place, loop.get_executor()) {}

  // Calls owner.on_alarm() then, or earlier, while the owner lives. The owner is a shared_ptr's.
  // The alarm is off from then on, until it is set again.
  template <class Owner>
  void ring_by(Clock::time_point due, Owner& owner) {
    if (due >= due_ || !timer_) return;
    due_ = due;
    timer_->expires_at(due);
    timer_->async_wait(
        [weak = owner.weak_from_this(), this](const boost::system::error_code& failed) {
          const auto self = weak.lock();
          // This is the owner's, and there as long as that is.
          if (failed || !self || !timer_) return;
          due_ = Clock::time_point::max();
          self->on_alarm();
        });
  }

  // Nothing rings any more.
  void close() { timer_.reset(); }

 private:
  // Called without being queued: the loop is one thread's.
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>,
                                                  boost::asio::io_context::executor_type>;

  std::optional<Timer> timer_;
  Clock::time_point due_ = Clock::time_point::max();
};

}  // namespace provphone::client::transport::detail
