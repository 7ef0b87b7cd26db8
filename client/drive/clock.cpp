#include "client/drive/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace provphone::client::drive {
namespace {

class SteadyClock final : public Clock {
 public:
  explicit SteadyClock(boost::asio::io_context& loop) : timer_(loop) {}

  Instant now() const override { return std::chrono::steady_clock::now(); }
  void on_ring(std::function<void()> ring) override { ring_ = std::move(ring); }
  // Setting the timer anew cancels the wait before, whose handler then hears of an error.
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

}  // namespace

std::unique_ptr<Clock> make_steady_clock(boost::asio::io_context& loop) {
  return std::make_unique<SteadyClock>(loop);
}

}  // namespace provphone::client::drive
