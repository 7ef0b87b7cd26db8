#include "client/input/size.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace provphone::client::input {

std::optional<std::uint64_t> parse_size(std::string_view text, std::uint64_t most) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> units{
      {{"", 1}, {"B", 1}, {"KB", 1'000}, {"MB", 1'000'000}, {"KiB", 1'024}, {"MiB", 1'048'576}}};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const auto& [unit, size] : units) {
    // By division, since the product may not fit.
    if (text == unit && number <= most / size) return number * size;
  }
  return std::nullopt;
}

}  // namespace provphone::client::input
