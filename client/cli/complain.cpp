#include "client/cli/complain.hpp"

#include "client/cli/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>

namespace provphone::client::cli {

void complain(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  std::cerr << broken_for(STDERR_FILENO, "provphone: " + line) << '\n';
}

Exit complain(const Error& error) {
  if (stage_of(error.code) == Stage::input) return refuse_usage(error);
  complain(format(error));
  return Exit::failed;
}

Exit refuse_usage(const Error& error) {
  // What a person typed needs no code, the sentence says it all.
  complain(stage_of(error.code) == Stage::input && !error.detail.empty() ? error.detail
                                                                         : format(error));
  return Exit::wrong_usage;
}

}  // namespace provphone::client::cli
