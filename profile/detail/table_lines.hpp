#pragma once

#include <string_view>

// The tables that the build embeds: lines of fields parted by tabs, and comments behind #.
namespace provphone::profile::detail {

// Takes what stands before the first `separator` off the front of `text`; all of it where there is
// none.
inline std::string_view take_until(std::string_view& text, std::string_view separator) {
  const auto end = text.find(separator);
  const auto taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  return taken;
}

template <class TakeLine>
void read_lines(std::string_view text, const TakeLine& take_line) {
  while (!text.empty()) {
    const auto line = take_until(text, "\n");
    if (!line.empty() && !line.starts_with('#')) take_line(line);
  }
}

}  // namespace provphone::profile::detail
