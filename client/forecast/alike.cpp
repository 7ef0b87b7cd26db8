#include "client/forecast/alike.hpp"

#include "macro/ascii.hpp"

#include <algorithm>
#include <array>

namespace provphone::client::forecast {
namespace {

// What phones of one group with equal memories have in common.
constexpr std::array<std::string_view, 11> common_macros{
    "SCHEME", "SERV", "SERVIP", "PORT", "PATH", "ERR", "UPGERR", "PN", "PSN", "SWVER", "HWVER"};

bool is_name_character(char c) {
  return ascii::is_alnum(c) || c == '_';
}

// The name behind the `$` at `at`, with or without parentheses; `at` moves behind it.
std::string_view take_name(std::string_view text, std::size_t& at) {
  const bool is_enclosed = ++at < text.size() && text[at] == '(';
  if (is_enclosed) ++at;
  const auto begin = at;
  while (at < text.size() && is_name_character(text[at])) ++at;
  const auto name = text.substr(begin, at - begin);
  if (is_enclosed && at < text.size() && text[at] == ')') ++at;
  return name;
}

bool is_common(std::string_view name) {
  return std::find(common_macros.begin(), common_macros.end(), name) != common_macros.end();
}

}  // namespace

bool is_alike(std::string_view rule, resync::RequestMacros recalled) {
  // What a request leaves behind is its URL, `$ERR` apart: that is the answer's, and alike.
  constexpr std::size_t err = 5;
  const bool url_is_recalled = recalled.reset(err).any();
  int depth = 0;
  for (std::size_t at = 0; at < rule.size();) {
    if (rule[at] == '$') {
      const bool is_own = !is_common(take_name(rule, at));
      // In parentheses it may be a guard's or an assignment's: either makes a difference. In a URL
      // it does only for whoever looks back at it.
      if (is_own && (depth > 0 || url_is_recalled)) return false;
      continue;
    }
    if (rule[at] == '(') ++depth;
    if (rule[at] == ')' && depth > 0) --depth;
    ++at;
  }
  return true;
}

}  // namespace provphone::client::forecast
