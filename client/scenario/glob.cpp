#include "client/scenario/glob.hpp"

#include <fnmatch.h>

namespace provphone::client::scenario {

bool matches_glob(std::string_view glob, std::string_view text) {
  if (glob.find('*') == std::string_view::npos) return glob == text;
  std::string pattern;
  pattern.reserve(glob.size());
  for (const char c : glob) {
    if (c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return matches_shell_pattern(pattern, std::string(text));
}

bool matches_shell_pattern(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace provphone::client::scenario
