#pragma once

#include <chrono>
#include <string_view>

namespace provphone::client::cli {

// One line of a terminal on standard error that says how far something is. Nothing is shown for the
// first second, nor more often than five times a second, nor where there is no terminal. It is
// wiped when this ends. Not for output that goes on meanwhile.
class ProgressLine {
 public:
  ProgressLine() = default;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  // Cut at the width of the terminal.
  void show(std::string_view text);

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_ = Clock::now(), shown_ = began_;
  bool is_shown_ = false;
};

}  // namespace provphone::client::cli
