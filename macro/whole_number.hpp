#pragma once

#include <charconv>
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>

// Reading numbers that somebody wrote, without locale.
namespace provphone {

// The number that the whole text is: digits alone, from 0 to `most`. No sign, no space, no prefix;
// zeros may lead. Nothing where it is anything else, or empty. Bases above 10 take letters of
// either case.
template <std::unsigned_integral Number>
std::optional<Number> parse_whole(std::string_view text,
                                  Number most = std::numeric_limits<Number>::max(), int base = 10) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || stop != end || number > most) return std::nullopt;
  return number;
}

}  // namespace provphone
