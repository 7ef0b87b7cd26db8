#include "client/transport/detail/poller.hpp"

#include <array>
#include <cstddef>
#include <sys/epoll.h>
#include <system_error>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

int make_epoll() {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) throw std::system_error(errno, std::system_category(), "epoll");
  return epoll;
}

}  // namespace

Poller::Poller(boost::asio::io_context& loop, OnReady on_ready)
    : epoll_(loop.get_executor(), make_epoll()), on_ready_(std::move(on_ready)) {}

Poller::~Poller() {
  close();
}

void Poller::close() {
  boost::system::error_code ignored;
  epoll_.close(ignored);
}

void Poller::add(int socket, std::uint64_t id, Readiness wanted) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  if (wanted == Readiness::both) event.events |= EPOLLOUT;
  event.data.u64 = id;
  epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event);
  if (!std::exchange(waits_, true)) wait();
}

void Poller::remove(int socket) {
  epoll_event unused{};
  epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, &unused);
}

void Poller::wait() {
  epoll_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [weak = weak_from_this()](const boost::system::error_code& failed) {
                      const auto self = weak.lock();
                      if (self && !failed) self->tell();
                    });
}

void Poller::tell() {
  std::array<epoll_event, 128> events{};
  const int seen =
      epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < seen && epoll_.is_open(); ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    on_ready_(event.data.u64, event.events);
  }
  // What is ready still, or has become so meanwhile, ends the wait at once.
  if (epoll_.is_open()) wait();
}

}  // namespace provphone::client::transport::detail
