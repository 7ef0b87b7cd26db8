#include "test/e2e/scripted_server.hpp"

#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>

namespace provphone::e2e {
namespace {

Socket listen_on_loopback() {
  Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  bind_to_loopback(listener, 0);
  ::listen(listener.fd(), 16);
  return listener;
}

}  // namespace

Peer::Wait Peer::wait_for(short events) const {
  pollfd both[] = {{fd_, events, 0}, {stop_fd_, POLLIN, 0}};
  ::poll(both, 2, -1);
  return both[1].revents != 0 ? Wait::stopped : Wait::ready;
}

std::string Peer::read_request() {
  std::string text;
  char octets[4096];
  while (text.find("\r\n\r\n") == std::string::npos && wait_for(POLLIN) == Wait::ready) {
    const auto got = ::recv(fd_, octets, sizeof octets, 0);
    if (got <= 0) break;
    text.append(octets, static_cast<std::size_t>(got));
  }
  return text;
}

std::string Peer::read_request_with_body() {
  auto text = read_request();
  const auto end = text.find("\r\n\r\n");
  const auto length = text.find("\r\nContent-Length: ");
  if (end == std::string::npos || length == std::string::npos || length > end) return text;
  const auto size = end + 4 + std::stoul(text.substr(length + 18));
  char octets[4096];
  while (text.size() < size && wait_for(POLLIN) == Wait::ready) {
    const auto got = ::recv(fd_, octets, sizeof octets, 0);
    if (got <= 0) break;
    text.append(octets, static_cast<std::size_t>(got));
  }
  return text;
}

bool Peer::send(std::string_view text) {
  while (!text.empty()) {
    if (wait_for(POLLOUT) == Wait::stopped) return false;
    const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Peer::send_until_gone(std::string_view text) {
  while (send(text)) {
  }
}

void Peer::wait_until_gone() {
  char octets[4096];
  while (wait_for(POLLIN) == Wait::ready) {
    if (::recv(fd_, octets, sizeof octets, 0) <= 0) return;
  }
}

void Peer::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)),
      listener_(listen_on_loopback()),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this] { serve(); }) {}

ScriptedServer::~ScriptedServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_.fd(), &one, sizeof one);
  thread_.join();
}

std::string ScriptedServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + path;
}

void ScriptedServer::serve() {
  for (;;) {
    pollfd both[] = {{listener_.fd(), POLLIN, 0}, {stop_.fd(), POLLIN, 0}};
    ::poll(both, 2, -1);
    if (both[1].revents != 0) return;
    const Socket accepted(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!accepted.is_open()) continue;
    Peer peer(accepted.fd(), stop_.fd());
    script_(peer);
  }
}

}  // namespace provphone::e2e
