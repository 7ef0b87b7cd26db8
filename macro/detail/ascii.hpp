#pragma once

#include <cstddef>
#include <string_view>

// Character classes of rules and conditions. The phone knows ASCII and no locale.
namespace provphone::macro::detail {

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_alpha(char c) {
  return is_upper(c) || is_lower(c);
}
constexpr bool is_alnum(char c) {
  return is_alpha(c) || is_digit(c);
}
constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// The index of the first character at or behind `at` that is not blank; the size where there is
// none.
constexpr std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

constexpr std::string_view trim(std::string_view text) {
  text.remove_prefix(skip_space(text, 0));
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// How many characters from `at` on satisfy `accepts`.
template <class Accepts>
constexpr std::size_t run_length(std::string_view text, std::size_t at, Accepts accepts) {
  std::size_t end = at;
  while (end < text.size() && accepts(text[end])) ++end;
  return end - at;
}

}  // namespace provphone::macro::detail
