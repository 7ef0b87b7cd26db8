#include "macro/hide.hpp"

#include "macro/ascii.hpp"
#include "macro/detail/user_info.hpp"

#include <algorithm>
#include <array>

namespace provphone::macro {
namespace {

// The length of an argument: to its closing quote, or to the next blank or bracket.
std::size_t argument_length(std::string_view text) {
  if (text.starts_with('"')) {
    const auto close = text.find('"', 1);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  return ascii::run_length(text, 0, [](char c) { return !ascii::is_space(c) && c != ']'; });
}

// Whether the text that ends here ends with the name of an option that takes a secret, and a blank.
bool ends_with_secret_option(std::string_view before) {
  const auto name_end = before.find_last_not_of(" \t\r\n");
  if (name_end == std::string_view::npos || name_end + 1 == before.size()) return false;
  const auto name = before.substr(0, name_end + 1);
  return name.ends_with("--key") || name.ends_with("--pwd");
}

// Whether the text that ends here is `name =` of a secret parameter.
bool ends_with_secret_assignment(std::string_view before,
                                 const std::function<bool(std::string_view)>& is_secret) {
  before = ascii::trimmed(before);
  if (!before.ends_with('=')) return false;
  before = ascii::trimmed(before.substr(0, before.size() - 1));
  const auto begin = before.find_last_of(" \t\r\n(;");
  return is_secret(begin == std::string_view::npos ? before : before.substr(begin + 1));
}

// Whether a URL, or its server, may begin at `at`.
bool may_begin_url(std::string_view rule, std::size_t at) {
  constexpr std::string_view in_front = " \t\r\n]!?|";
  return at == 0 || in_front.find(rule[at - 1]) != std::string_view::npos;
}

// The password of `user:password@` in the URL that begins here: what stands in front of it, and its
// own length.
struct PasswordPlace {
  std::size_t begin = 0;
  std::size_t length = 0;
};

PasswordPlace password_of_url(std::string_view url) {
  const auto at = detail::find_user_info(url);
  const auto colon = url.substr(0, at.end).find(':', at.begin);
  if (at.empty() || colon == std::string_view::npos) return {};
  return {colon + 1, at.end - colon - 1};
}

// Anywhere in a member's name: too much is hidden rather than too little.
constexpr std::array<std::string_view, 9> secret_words{"pass", "pwd",  "secret", "token", "key",
                                                       "auth", "cred", "pin",    "login"};

bool is_secret_member(std::string_view name) {
  const auto folded = ascii::lowered(name);
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

// What begins a query or a guard's URL is told by what follows: a member has a name and a `=`.
std::size_t member_name_length(std::string_view text) {
  constexpr std::string_view ends_name = "=&;?/: \t\r\n\"']";
  const auto end = text.find_first_of(ends_name);
  return end != std::string_view::npos && text[end] == '=' ? end : 0;
}

// --- values behind names

constexpr bool belongs_to_name(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '-' || c == '.';
}

// How long a list or an object in brackets is, to the bracket that closes it; all of it where none
// does.
std::size_t bracketed_length(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{' || text[at] == '[') ++depth;
    const bool closes = text[at] == '}' || text[at] == ']';
    if (closes && --depth == 0) return at + 1;
  }
  return text.size();
}

// How long a value is that begins with that quote, which may be escaped itself (`\"`), without what
// closes it.
std::size_t quoted_length(std::string_view text, std::string_view quote) {
  for (std::size_t at = quote.size(); at < text.size(); ++at) {
    if (text.substr(at).starts_with(quote)) return at;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

bool is_login_scheme(std::string_view word) {
  constexpr std::array<std::string_view, 5> schemes{"basic", "bearer", "digest", "negotiate",
                                                    "token"};
  return std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return ascii::equal_ignoring_case(word, scheme);
  });
}

// How long the value that begins here is, and how much of it in front stays as it is.
struct ValuePlace {
  std::size_t kept = 0;
  std::size_t end = 0;  // nothing to hide where it is `kept`
};

ValuePlace value_at(std::string_view text) {
  for (const std::string_view quote : {"\\\"", "\\'", "\"", "'"}) {
    if (text.starts_with(quote)) return {quote.size(), quoted_length(text, quote)};
  }
  if (text.starts_with('{') || text.starts_with('[')) return {0, bracketed_length(text)};
  constexpr std::string_view ends_value = " \t\r\n,;&\"'\\<>()[]{}";
  const auto end = std::min(text.find_first_of(ends_value), text.size());
  if (!is_login_scheme(text.substr(0, end))) return {0, end};
  return {0, std::min(text.find_first_of("\r\n"), text.size())};
}

// What is behind a name: `=`, `:` or `":`, with blanks around. 0: no value follows.
std::size_t separator_length(std::string_view text) {
  constexpr std::string_view quotes = "\\\"'";
  auto at = std::min(text.find_first_not_of(quotes), text.size());
  at = ascii::skip_space(text, at);
  if (at == text.size() || (text[at] != '=' && text[at] != ':')) return 0;
  return text.substr(at).starts_with("://") ? 0 : ascii::skip_space(text, at + 1);
}

// The value of an element whose name ends at `name_end`: from behind its tag to the tag that closes
// it. Without one it goes to the end: the text may have been cut there.
ValuePlace element_value(std::string_view text, std::size_t name_begin, std::size_t name_end) {
  const auto tag_end = text.find('>', name_end);
  if (tag_end == std::string_view::npos || text[tag_end - 1] == '/') return {};
  const auto closing = "</" + std::string(text.substr(name_begin, name_end - name_begin));
  return {tag_end + 1, std::min(text.find(closing, tag_end), text.size())};
}

ValuePlace secret_behind(std::string_view text, std::size_t name_begin, std::size_t name_end) {
  if (!is_secret_member(text.substr(name_begin, name_end - name_begin))) return {};
  const bool is_element = name_begin > 0 && text[name_begin - 1] == '<' && name_end < text.size() &&
                          (text[name_end] == '>' || ascii::is_space(text[name_end]));
  if (is_element) return element_value(text, name_begin, name_end);
  const auto separator = separator_length(text.substr(name_end));
  if (separator == 0) return {};
  const auto value = value_at(text.substr(name_end + separator));
  return {name_end + separator + value.kept, name_end + separator + value.end};
}

}  // namespace

std::string hide_named_secrets(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const auto length = ascii::run_length(text, at, belongs_to_name);
    if (length == 0) {
      out += text[at++];
      continue;
    }
    const auto value = secret_behind(text, at, at + length);
    const bool hides = value.end > value.kept;
    const auto copied = hides ? value.kept : at + length;
    out.append(text.substr(at, copied - at));
    if (hides) out.append(hidden_value);
    at = hides ? value.end : copied;
  }
  return out;
}

std::string hide_query_secrets(std::string_view text) {
  constexpr std::string_view separators = "?&;";
  constexpr std::string_view ends_value = "&; \t\r\n\"']";
  std::string out;
  while (!text.empty()) {
    const auto separator = text.find_first_of(separators);
    if (separator == std::string_view::npos) break;
    out.append(text.substr(0, separator + 1));
    text.remove_prefix(separator + 1);
    const auto length = member_name_length(text);
    if (length == 0 || !is_secret_member(text.substr(0, length))) continue;
    out.append(text.substr(0, length + 1)).append(hidden_value);
    text.remove_prefix(std::min(text.find_first_of(ends_value, length + 1), text.size()));
  }
  return out.append(text);
}

// Looks at every character anew, and at what is in front of it, instead of parsing: a rule that
// cannot be parsed has secrets, too.
std::string hide_secrets(std::string_view rule,
                         const std::function<bool(std::string_view)>& is_secret) {
  std::string out;
  out.reserve(rule.size());
  std::size_t at = 0;
  while (at < rule.size()) {
    const auto before = rule.substr(0, at);
    const bool starts_word = !ascii::is_space(rule[at]) && rule[at] != ']';
    const bool after_option =
        starts_word && at > 0 && ascii::is_space(rule[at - 1]) && ends_with_secret_option(before);
    const bool after_equals = rule[at] == '"' && ends_with_secret_assignment(before, is_secret);
    const auto password =
        may_begin_url(rule, at) ? password_of_url(rule.substr(at)) : PasswordPlace{};
    if (!after_option && !after_equals && password.length > 0) {
      out.append(rule.substr(at, password.begin)).append(hidden_value);
      at += password.begin + password.length;
      continue;
    }
    if (!after_option && !after_equals) {
      out += rule[at++];
      continue;
    }
    out += rule[at] == '"' ? '"' + std::string(hidden_value) + '"' : std::string(hidden_value);
    at += argument_length(rule.substr(at));
  }
  return hide_query_secrets(out);
}

}  // namespace provphone::macro
