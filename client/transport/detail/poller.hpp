#pragma once

#include "client/transport/loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace provphone::client::transport::detail {

// What of a socket is told; its end is in any case.
enum class Readiness : std::uint8_t { read, both };

// An epoll of its own behind one descriptor of the event loop: a socket costs one system call to be
// watched and none to be watched no longer, and one turn of the loop serves all that are ready.
// Edge-triggered: whoever is told reads or writes until there is no more.
//
// Once anything was added it keeps the loop from running out of work.
class Poller : public std::enable_shared_from_this<Poller> {
 public:
  // With what was given to add(), and EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR. It may
  // close any socket, of which more may be told in the same turn, and the poller.
  using OnReady = std::function<void(std::uint64_t id, std::uint32_t events)>;

  Poller(boost::asio::io_context& loop, OnReady on_ready);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // Until the socket is closed, or removed. Not for a socket that has a second descriptor.
  void add(int socket, std::uint64_t id, Readiness wanted);
  void remove(int socket);
  void close();  // nothing is told any more

 private:
  using Executor = boost::asio::io_context::executor_type;

  void wait();
  void tell();

  boost::asio::posix::basic_stream_descriptor<Executor> epoll_;
  OnReady on_ready_;
  bool waits_ = false;
};

}  // namespace provphone::client::transport::detail
