#pragma once

#include "macro/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

// Shared by whoever reads a login out of a URL (R-RULE-11) and whoever hides it (R-RULE-45), so
// that both look in the same place.
namespace provphone::macro::detail {

// Where `user:password` stands in a URL; `end` is the `@` behind it.
struct UserInfoPlace {
  std::size_t begin = 0;
  std::size_t end = 0;

  constexpr bool empty() const { return begin == end; }
};

// `url` is a URL with or without its scheme, and may be followed by other text. Of several `@` the
// last one counts, or a password with an `@` in it would show.
constexpr UserInfoPlace find_user_info(std::string_view url) {
  constexpr std::string_view behind_server = "/?#| \t\r\n\"";
  const std::size_t scheme_end = url.find("://");
  const bool has_scheme = scheme_end != std::string_view::npos &&
                          ascii::run_length(url, 0, ascii::is_alnum) == scheme_end;
  const std::size_t begin = has_scheme ? scheme_end + 3 : 0;
  const std::size_t end = std::min(url.find_first_of(behind_server, begin), url.size());
  const std::size_t at = url.substr(begin, end - begin).rfind('@');
  return at == std::string_view::npos ? UserInfoPlace{} : UserInfoPlace{begin, begin + at};
}

}  // namespace provphone::macro::detail
