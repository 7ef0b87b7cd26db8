#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

// The places that errors speak of: an error's detail has each as `offset N`, in octets from the
// beginning of the text that was read. Whoever read only a part of a text, or an expansion of it,
// moves them.
namespace provphone::macro {

// `detail` with every `offset N` in it put through `moved`, a function from offset to offset.
template <class Moved>
std::string with_offsets(std::string_view detail, const Moved& moved) {
  constexpr std::string_view mark = "offset ";
  std::string out;
  for (std::size_t at = detail.find(mark); at != std::string_view::npos; at = detail.find(mark)) {
    out.append(detail.substr(0, at + mark.size()));
    detail.remove_prefix(at + mark.size());
    std::size_t offset = 0;
    const auto [end, error] = std::from_chars(detail.data(), detail.data() + detail.size(), offset);
    if (error != std::errc{}) continue;
    out.append(std::to_string(moved(offset)));
    detail.remove_prefix(static_cast<std::size_t>(end - detail.data()));
  }
  return out.append(detail);
}

}  // namespace provphone::macro
