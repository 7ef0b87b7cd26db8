#include "client/cli/progress_line.hpp"

#include "client/cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

namespace provphone::client::cli {
namespace {

constexpr std::chrono::milliseconds patience{1'000}, between_two{200};

}  // namespace

ProgressLine::~ProgressLine() {
  if (is_shown_) std::cerr << "\r\033[K";
}

void ProgressLine::show(std::string_view text) {
  const auto now = Clock::now();
  if (!can_draw(STDERR_FILENO) || now - began_ < patience || now - shown_ < between_two) return;
  shown_ = now;
  is_shown_ = true;
  const auto width = static_cast<std::size_t>(std::max(terminal_columns(STDERR_FILENO) - 1, 1));
  std::cerr << fmt::format("\r\033[K{}", text.substr(0, width)) << std::flush;
}

}  // namespace provphone::client::cli
