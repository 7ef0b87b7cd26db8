#include "client/cli/terminal.hpp"

#include "macro/ascii.hpp"

#include <unistd.h>

#include <algorithm>
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

int terminal_columns(int descriptor) {
  winsize size{};
  // A terminal that does not know its size says 0.
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

int terminal_columns() {
  return terminal_columns(STDOUT_FILENO);
}

std::string broken_for(int descriptor, std::string_view text) {
  if (isatty(descriptor) == 0) return std::string(text);
  const auto columns = static_cast<std::size_t>(terminal_columns(descriptor));
  std::string broken;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto indent = std::min(line.find_first_not_of(' '), line.size());
    // What goes on, too, stands two columns further right than its line.
    const auto room = columns - std::min(columns, indent + 2);
    const auto parts = report::wrapped(line.substr(indent), room);
    for (std::size_t i = 0; i < parts.size(); ++i)
      broken += std::string(i == 0 ? indent : indent + 2, ' ') + parts[i] +
                (i + 1 < parts.size() ? "\n" : "");
    text.remove_prefix(line.size());
    if (!text.empty()) broken += '\n';
    text.remove_prefix(std::min<std::size_t>(text.size(), 1));
  }
  return broken;
}

report::Charset terminal_charset() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto locale = ascii::lowered(variable(name));
    if (locale.empty()) continue;
    const bool is_utf8 = locale.find("utf-8") != locale.npos || locale.find("utf8") != locale.npos;
    return is_utf8 ? report::Charset::utf8 : report::Charset::ascii;
  }
  return report::Charset::ascii;
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
