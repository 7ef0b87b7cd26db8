#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// Child processes that cannot outlive the test that started them.
namespace provphone::e2e {

using Milliseconds = std::chrono::milliseconds;

// How long tests wait for what is sure to come. No machine is so busy that it takes longer, and on
// none is it waited for in full.
inline constexpr Milliseconds patience{100'000};

// Ends the test case as not run where PATH has no program of that name. A path is taken as it is.
void require_installed(const std::string& program);

// Calls `holds` every few milliseconds until it is true or `limit` has passed; returns what it said
// last. It is for waiting on processes that cannot be waited on otherwise, such as a server that
// opens its port.
template <class Condition>
bool eventually(Milliseconds limit, Condition holds);

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// One process in a process group of its own. Both of its outputs go to files, so that it never
// blocks on a reader.
class Process {
 public:
  // Starts argv[0], looked up in PATH, with `directory` as its working directory; its outputs are
  // `<name>.out` and
  // `<name>.err` there. Failing to start shows as exit status 127. `handed_on` are open in it as 3,
  // 4 and so on, and stay the caller's here.
  Process(const std::filesystem::path& directory, const std::string& name,
          std::vector<std::string> argv, const std::vector<int>& handed_on = {});
  ~Process();  // stop()
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The exit status once the process has ended within `limit`: its exit code, or 128 + the signal
  // that killed it.
  std::optional<int> wait(Milliseconds limit);
  bool running() { return !wait(Milliseconds{0}); }

  void signal(int number);

  // SIGTERM to the process, then, once it has ended or a second has passed, SIGKILL to what is left
  // of its group.
  void stop();

  std::string out() const;
  std::string err() const;

 private:
  std::filesystem::path out_file_;
  std::filesystem::path err_file_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

std::string read_file(const std::filesystem::path& file);  // empty when there is none
std::vector<std::string> lines_of(const std::string& text);

void pause_for(Milliseconds duration);

template <class Condition>
bool eventually(Milliseconds limit, Condition holds) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return holds();
    pause_for(Milliseconds{5});
  }
  return true;
}

}  // namespace provphone::e2e
