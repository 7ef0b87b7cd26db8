#include "test/bench/paced/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cmath>
#include <netinet/in.h>
#include <sys/socket.h>

namespace provphone::bench::paced {
namespace {

using Clock = std::chrono::steady_clock;

int until(Clock::time_point at) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(at - Clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

}  // namespace

std::string mac_of(std::uint32_t number) {
  return fmt::format("000e08{:06x}", number);
}

std::string path_of(const Plan& plan, std::uint32_t number) {
  auto path = plan.path;
  const auto star = path.find('*');
  if (star != std::string::npos) path.replace(star, 1, mac_of(number));
  return path;
}

// As a group's `source: 127.1.0.0/16` gives them out.
std::uint32_t source_of(std::uint32_t number) {
  constexpr std::uint32_t first = 127U << 24U | 1U << 16U;
  return first + 1 + number % 0xFFFE;
}

int open_socket(const Plan& plan, std::uint32_t number, int type) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  require(fd >= 0);
  if (!plan.has_sources) return fd;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(source_of(number));
  require(::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0);
  return fd;
}

void keep_pace(const Plan& plan, const std::function<void(std::uint32_t number)>& start,
               const std::function<std::uint32_t(int milliseconds)>& wait) {
  const auto begin = Clock::now();
  const auto due = [&](std::uint32_t number) {
    return begin + std::chrono::duration_cast<Clock::duration>(
                       std::chrono::duration<double>(number / plan.rate));
  };
  std::uint32_t started = 0, ended = 0;
  while (ended < plan.count) {
    const auto may_start = [&] {
      if (started == plan.count) return false;
      return plan.rate > 0 ? due(started) <= Clock::now() : started - ended < plan.at_once;
    };
    while (may_start()) start(started++);
    const bool sleeps_till_next = plan.rate > 0 && started < plan.count;
    ended += wait(sleeps_till_next ? until(due(started)) : -1);
  }
}

}  // namespace provphone::bench::paced
