#include "client/cli/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>

namespace provphone::client::cli {
namespace {

std::string_view variable(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

}  // namespace

int terminal_columns() {
  winsize size{};
  // A terminal that does not know its size says 0.
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

report::ScreenSize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

bool can_draw(int descriptor) {
  return isatty(descriptor) != 0 && variable("TERM") != "dumb";
}

Option colour_option(std::string& when) {
  return {"--color", when, "WHEN",
          "auto, always or never; auto: on a terminal, unless NO_COLOR is set (auto)"};
}

Result<report::Colour> colour_of(std::string_view when) {
  using report::Colour;
  if (when == "always") return Colour::on;
  if (when == "never") return Colour::off;
  if (!when.empty() && when != "auto")
    return fail(Errc::bad_argument, "--color: expected auto, always or never");
  return can_draw(STDOUT_FILENO) && variable("NO_COLOR").empty() ? Colour::on : Colour::off;
}

}  // namespace provphone::client::cli
