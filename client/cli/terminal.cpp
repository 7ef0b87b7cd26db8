#include "client/cli/terminal.hpp"

#include <unistd.h>

#include <sys/ioctl.h>

namespace provphone::client::cli {

int terminal_columns() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace provphone::client::cli
