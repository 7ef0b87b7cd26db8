#pragma once

#include <string>
#include <string_view>

// Patterns that all of a text has to fit. Slashes and leading dots are characters like others. No
// text has a NUL.
namespace provphone::client::input {

// `*` stands for anything, and everything else for itself: `?`, brackets and backslashes are at
// home in URLs.
bool matches_glob(std::string_view glob, std::string_view text);

// As in a shell: `*` and `?`, brackets, and a backslash that takes their meaning away.
bool matches_shell_pattern(const std::string& pattern, const std::string& text);

}  // namespace provphone::client::input
