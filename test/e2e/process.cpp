#include "test/e2e/process.hpp"

#include "test/not_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace provphone::e2e {
namespace {

constexpr int could_not_start = 127;

// Runs in the child between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* directory, const char* out, const char* err, char* const* argv,
                         const int* handed_on, int count) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  const int in_fd = ::open("/dev/null", O_RDONLY);
  const int out_fd = ::open(out, flags, 0644);
  const int err_fd = ::open(err, flags, 0644);
  if (in_fd < 0 || out_fd < 0 || err_fd < 0 || ::chdir(directory) != 0) ::_exit(could_not_start);
  ::dup2(in_fd, STDIN_FILENO);
  ::dup2(out_fd, STDOUT_FILENO);
  ::dup2(err_fd, STDERR_FILENO);
  // Out of the way of each other first.
  constexpr int above = 100;
  for (int i = 0; i < count; ++i) ::dup2(handed_on[i], above + i);
  for (int i = 0; i < count; ++i) ::dup2(above + i, STDERR_FILENO + 1 + i);
  ::close_range(static_cast<unsigned>(STDERR_FILENO + 1 + count), ~0U, 0);
  ::execvp(argv[0], argv);
  ::_exit(could_not_start);
}

int exit_status(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

Process::Process(const std::filesystem::path& directory, const std::string& name,
                 std::vector<std::string> argv, const std::vector<int>& handed_on)
    : out_file_(directory / (name + ".out")), err_file_(directory / (name + ".err")) {
  std::vector<char*> pointers;
  for (auto& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0)
    become(directory.c_str(), out_file_.c_str(), err_file_.c_str(), pointers.data(),
           handed_on.data(), static_cast<int>(handed_on.size()));
  ::setpgid(pid_,
            pid_);  // here too: whoever comes first, the group exists before anyone signals it
}

Process::~Process() {
  stop();
}

std::optional<int> Process::wait(Milliseconds limit) {
  if (status_) return status_;
  const auto ended = [this] {
    siginfo_t info{};
    const int found = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return found == 0 && info.si_pid == pid_;
  };
  if (!eventually(limit, ended)) return std::nullopt;
  // The number of the group stays taken until its leader is reaped, so this reaches nobody else's
  // processes.
  ::kill(-pid_, SIGKILL);
  int wait_status = 0;
  while (::waitpid(pid_, &wait_status, 0) < 0 && errno == EINTR) {
  }
  status_ = exit_status(wait_status);
  return status_;
}

void Process::signal(int number) {
  if (!status_) ::kill(pid_, number);
}

void Process::stop() {
  if (status_) return;
  signal(SIGTERM);
  if (wait(Milliseconds{1000})) return;
  ::kill(-pid_, SIGKILL);
  wait(Milliseconds{10'000});
}

std::string Process::out() const {
  return read_file(out_file_);
}

std::string Process::err() const {
  return read_file(err_file_);
}

void require_installed(const std::string& program) {
  if (program.find('/') != std::string::npos) return;
  const char* path = ::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + '/' + program).c_str(), X_OK) == 0) return;
  }
  test::not_run(program + " is not installed");
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void pause_for(Milliseconds duration) {
  ::poll(nullptr, 0, static_cast<int>(duration.count()));
}

}  // namespace provphone::e2e
