#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <thread>

namespace provphone::test {

// Turns a loop on a thread of its own for as long as it lives.
class Turning {
 public:
  explicit Turning(boost::asio::io_context& loop)
      : loop_(loop), work_(loop.get_executor()), thread_([&loop] { loop.run(); }) {}
  ~Turning() {
    loop_.stop();
    thread_.join();
  }

 private:
  boost::asio::io_context& loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace provphone::test
