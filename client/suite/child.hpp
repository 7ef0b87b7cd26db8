#pragma once

#include "macro/error.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace provphone::client::suite {

// Names and values of an environment.
using Variables = std::vector<std::pair<std::string, std::string>>;

// A process of this program, in a process group of its own so that a terminal's Ctrl-C is for
// whoever started it to pass on. It is asked to end when that one ends (SIGTERM). From one thread.
class Child {
 public:
  // Both outputs go to `output`. Its environment is this one's, with `variables` in the place of
  // what has their names. Fails with unreadable_file where the file, or a process, is not to be
  // had.
  static Result<Child> start(const std::vector<std::string>& arguments, const std::string& output,
                             const Variables& variables = {});
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) = delete;
  ~Child();  // where it still runs it is killed and waited for

  // The exit status once it has ended, 128 and the signal where one has killed it; nothing while it
  // runs.
  std::optional<int> ended();
  void signal(int number) const;

 private:
  explicit Child(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;  // -1: none, or it has been waited for
  std::optional<int> status_;
};

}  // namespace provphone::client::suite
