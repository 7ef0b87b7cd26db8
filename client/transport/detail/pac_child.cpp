#include "client/transport/detail/pac_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pacparser.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>

// pacparser has one engine for a whole process, and nobody can interrupt it: a script that loops,
// or that doubles a string until there is no memory, ends with its own process.
namespace provphone::client::transport::detail {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Look-ups of names within the script count in the second one alone.
constexpr rlim_t most_cpu_seconds = 1;
constexpr std::chrono::seconds most_time{3};
constexpr rlim_t most_memory = rlim_t{96} << 20U;

constexpr std::size_t longest_answer = 4096;

// The first octet of what the child writes.
constexpr char said = '+', failed = '-';

int print_nothing(const char* /*format*/, va_list /*values*/) {
  return 0;
}

// Of the process as it is, copied from its parent, in octets.
rlim_t memory_now() {
  unsigned long pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1) pages = 0;
    (void)std::fclose(file);
  }
  return static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(resource, &both);
}

// Sockets of phones and servers must not stay open for as long as the child lives.
void keep_only(int pipe) {
  const auto fd = static_cast<unsigned>(pipe);
  if (fd > 0) ::close_range(0, fd - 1, 0);
  ::close_range(fd + 1, ~0U, 0);
  // The engine may print, and whoever opens a file next would have it written there.
  ::open("/dev/null", O_RDONLY);
  ::open("/dev/null", O_WRONLY);
  ::open("/dev/null", O_WRONLY);
}

void tell(int pipe, char kind, std::string_view text) {
  std::array<char, longest_answer> octets{kind};
  const auto size = std::min(text.size(), octets.size() - 1);
  std::memcpy(octets.data() + 1, text.data(), size);
  [[maybe_unused]] const auto written = ::write(pipe, octets.data(), size + 1);
}

[[noreturn]] void be_child(int pipe, const std::string& script, const std::string& url,
                           const std::string& host) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, most_cpu_seconds);
  limit(RLIMIT_DATA, memory_now() + most_memory);
  keep_only(pipe);
  pacparser_set_error_printer(print_nothing);
  if (pacparser_init() == 0 || pacparser_parse_pac_string(script.c_str()) == 0) {
    tell(pipe, failed, "the script cannot be read");
  } else if (const char* const answer = pacparser_find_proxy(url.c_str(), host.c_str())) {
    tell(pipe, said, answer);
  } else {
    tell(pipe, failed, "FindProxyForURL says nothing");
  }
  ::_exit(0);
}

// Up to the end of what the child writes, or of its time.
std::string hear(int pipe) {
  const auto deadline = SteadyClock::now() + most_time;
  std::string heard;
  std::array<char, longest_answer> octets{};
  while (heard.size() < longest_answer) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    pollfd wanted{pipe, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) break;
    const auto got = ::read(pipe, octets.data(), octets.size());
    if (got <= 0) break;
    heard.append(octets.data(), static_cast<std::size_t>(got));
  }
  return heard;
}

}  // namespace

Result<std::string> run_pac(const std::string& script, const std::string& url,
                            const std::string& host) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::no_socket, std::strerror(errno));
  const auto child = ::fork();
  if (child == 0) be_child(ends[1], script, url, host);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return fail(Errc::no_socket, "no process for the PAC file");
  }
  const auto heard = hear(ends[0]);
  ::close(ends[0]);
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (heard.empty()) return fail(Errc::pac_unusable, "the script takes too much time or memory");
  if (heard.front() != said) return fail(Errc::pac_unusable, heard.substr(1));
  return heard.substr(1);
}

}  // namespace provphone::client::transport::detail
