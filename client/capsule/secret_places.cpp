#include "client/capsule/secret_places.hpp"

#include "macro/ascii.hpp"
#include "profile/catalogue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace provphone::client::capsule {
namespace {

using std::string_view;

bool is_name_octet(char c) {
  return ascii::is_alnum(c) || c == '_';
}

bool names_secret(string_view name) {
  if (name == "activation_code") return true;
  const auto id = profile::find_parameter(name);
  return id && profile::parameter(*id).secret;
}

std::size_t past(string_view text, std::size_t at, string_view octets) {
  return std::min(text.find_first_not_of(octets, at), text.size());
}

// What stands behind a name: in quotes up to their end, else up to one of `ends`.
Stretch value_at(string_view text, std::size_t at, string_view ends) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const auto end = text.find(text[at], at + 1);
    return {at + 1, std::min(end, text.size())};
  }
  auto end = std::min(text.find_first_of(ends, at), text.size());
  while (end > at && text[end - 1] == ' ') --end;
  return {at, end};
}

// `<Name ua="na">value<`: `at` is behind the name.
std::optional<Stretch> element_value(string_view text, std::size_t at) {
  const auto open_end = text.find('>', at);
  if (open_end == string_view::npos || text[open_end - 1] == '/') return std::nullopt;
  const auto end = text.find('<', open_end);
  return Stretch{open_end + 1, std::min(end, text.size())};
}

// The value of the name that ends before `at`, be it of a profile or of a scenario.
std::optional<Stretch> named_value(string_view text, std::size_t start, std::size_t at) {
  if (start > 0 && text[start - 1] == '<') return element_value(text, at);
  const auto quote = at < text.size() && text[at] == '"' ? 1U : 0U;  // "Name": "value"
  const auto mark = past(text, at + quote, " ");
  if (mark >= text.size() || (text[mark] != ':' && text[mark] != '=')) return std::nullopt;
  return value_at(text, past(text, mark + 1, " "), ",}\r\n#&;");
}

constexpr std::array<string_view, 2> secret_options{"--key", "--pwd"};

std::optional<Stretch> option_value(string_view text, std::size_t at) {
  for (const auto option : secret_options) {
    if (text.substr(at, option.size()) != option) continue;
    const auto from = past(text, at + option.size(), " \t");
    if (from == at + option.size()) return std::nullopt;
    return value_at(text, from, " \t]\"'\r\n<");
  }
  return std::nullopt;
}

// `://user:password@`: `at` is at the colon.
std::optional<Stretch> login_password(string_view text, std::size_t at) {
  if (text.substr(at, 3) != "://") return std::nullopt;
  const auto end = std::min(text.find_first_of("/?# \t\r\n\"'<>", at + 3), text.size());
  const auto login = text.substr(at + 3, end - at - 3);
  const auto sign = login.rfind('@');
  if (sign == string_view::npos) return std::nullopt;
  const auto colon = login.find(':');
  if (colon >= sign) return std::nullopt;
  return Stretch{at + 3 + colon + 1, at + 3 + sign};
}

}  // namespace

void for_each_secret_place(string_view text, const std::function<void(Stretch)>& tell) {
  std::size_t told = 0;  // up to here
  const auto consider = [&](std::optional<Stretch> place) {
    if (!place || place->from < told || place->from >= place->to || text[place->from] == '$')
      return;
    told = place->to;
    tell(*place);
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '-') consider(option_value(text, at));
    if (text[at] == ':') consider(login_password(text, at));
    if (!is_name_octet(text[at])) {
      ++at;
      continue;
    }
    auto end = at;
    while (end < text.size() && is_name_octet(text[end])) ++end;
    if (names_secret(text.substr(at, end - at))) consider(named_value(text, at, end));
    at = end;
  }
}

}  // namespace provphone::client::capsule
