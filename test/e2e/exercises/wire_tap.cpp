#include "test/e2e/exercises/wire_tap.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <sys/eventfd.h>

namespace provphone::e2e::exercises {
namespace {

Socket tcp_socket() {
  return Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

// What has come in; empty when the peer has ended.
std::string take(const Socket& from) {
  std::array<char, 4096> octets{};
  const auto got = ::recv(from.fd(), octets.data(), octets.size(), 0);
  return got <= 0 ? std::string() : std::string(octets.data(), static_cast<std::size_t>(got));
}

bool give(const Socket& to, const std::string& octets) {
  std::size_t done = 0;
  while (done < octets.size()) {
    const auto sent = ::send(to.fd(), octets.data() + done, octets.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

WireTap::WireTap(std::uint16_t server_port)
    : server_port_(server_port), listener_(tcp_socket()), stop_(::eventfd(0, EFD_CLOEXEC)) {
  bind_to_loopback(listener_, 0);
  ::listen(listener_.fd(), 16);
  thread_ = std::thread([this] { serve(); });
}

WireTap::~WireTap() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_.fd(), &one, sizeof one);
  thread_.join();
}

std::string WireTap::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void WireTap::serve() {
  for (;;) {
    std::array<pollfd, 2> either{{{listener_.fd(), POLLIN, 0}, {stop_.fd(), POLLIN, 0}}};
    ::poll(either.data(), either.size(), -1);
    if (either[1].revents != 0) return;
    const Socket phone(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    const auto server = tcp_socket();
    const auto address = loopback(server_port_);
    if (::connect(server.fd(), as_sockaddr(address), sizeof address) == 0) pass_on(phone, server);
  }
}

// Until one of the two has ended, or the tap is taken away.
void WireTap::pass_on(const Socket& phone, const Socket& server) {
  for (;;) {
    std::array<pollfd, 3> all{
        {{phone.fd(), POLLIN, 0}, {server.fd(), POLLIN, 0}, {stop_.fd(), POLLIN, 0}}};
    ::poll(all.data(), all.size(), -1);
    if (all[2].revents != 0) return;
    const bool is_phones = all[0].revents != 0;
    const auto octets = take(is_phones ? phone : server);
    if (octets.empty() || !give(is_phones ? server : phone, octets)) return;
    const std::lock_guard lock(mutex_);
    seen_ += octets;
  }
}

}  // namespace provphone::e2e::exercises
