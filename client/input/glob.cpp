#include "client/input/glob.hpp"

#include <fnmatch.h>

namespace provphone::client::input {

bool matches_glob(std::string_view glob, std::string_view text) {
  // Most patterns have no star, and comparing is cheaper than fnmatch().
  if (glob.find('*') == std::string_view::npos) return glob == text;
  std::string both;  // in one piece of memory: patterns are matched event by event
  both.reserve(2 * glob.size() + text.size() + 1);
  // Special to fnmatch(), but not here. A closing bracket is special only behind an opening one.
  for (const char c : glob) {
    if (c == '?' || c == '[' || c == '\\') both += '\\';
    both += c;
  }
  const auto pattern_end = both.size();
  both.append(1, '\0').append(text);
  return ::fnmatch(both.c_str(), both.c_str() + pattern_end + 1, 0) == 0;
}

bool matches_shell_pattern(const std::string& pattern, const std::string& text) {
  // Without FNM_PATHNAME and FNM_PERIOD, so that `*` stands for slashes and leading dots as well.
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

}  // namespace provphone::client::input
