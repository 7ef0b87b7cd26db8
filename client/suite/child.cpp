#include "client/suite/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <utility>

namespace provphone::client::suite {
namespace {

constexpr const char* this_program = "/proc/self/exe";

// Between fork and exec: nothing here takes memory or a lock.
[[noreturn]] void become(char* const* arguments, char* const* environment, int output,
                         pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  // Whoever started it may be gone before that was asked for.
  if (getppid() == parent) execve(this_program, arguments, environment);
  _exit(127);
}

// `NAME=value`, each.
std::vector<std::string> environment_with(const Variables& variables) {
  std::vector<std::string> all;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view text = *each;
    const auto name = text.substr(0, text.find('='));
    const bool is_replaced = std::any_of(variables.begin(), variables.end(),
                                         [&](const auto& own) { return own.first == name; });
    if (!is_replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : variables) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

// As exec takes them; they refer to the texts.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& arguments, const std::string& output,
                           const Variables& variables) {
  const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(Errc::unreadable_file,
                fmt::format("cannot write {}: {}", output, std::strerror(errno)));
  std::vector<std::string> texts{"provphone"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  auto environment = environment_with(variables);
  const auto words = pointers_to(texts);
  const auto values = pointers_to(environment);
  const auto parent = getpid();
  const auto pid = fork();
  const int error = errno;
  if (pid == 0) become(words.data(), values.data(), file, parent);
  close(file);
  if (pid < 0)
    return fail(Errc::unreadable_file,
                fmt::format("cannot start a process: {}", std::strerror(error)));
  return Child(pid);
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

Child::~Child() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::optional<int> Child::ended() {
  int status = 0;
  if (pid_ < 0 || waitpid(pid_, &status, WNOHANG) != pid_) return status_;
  pid_ = -1;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

void Child::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

}  // namespace provphone::client::suite
