#include "client/figures/tested.hpp"

#include "macro/ascii.hpp"
#include "macro/hide.hpp"
#include "profile/catalogue.hpp"
#include "resync/explain_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::figures {
namespace {

using std::string_view;

template <class Entry>
void add_missing(std::vector<Entry>& all, const std::vector<Entry>& others) {
  for (const auto& entry : others) {
    if (std::find(all.begin(), all.end(), entry) == all.end()) all.push_back(entry);
  }
}

// The catalogue knows best. Of other names, as scenarios and options have them, words tell.
bool names_secret(string_view name) {
  if (profile::find_parameter(name)) return resync::is_secret_parameter(name);
  const auto probe = fmt::format("{}=x", name);
  return name == "activation_code" || macro::hide_named_secrets(probe) != probe;
}

// Where the value begins that stands behind the name of a secret: `name=`, `name: ` or `"name":`.
std::size_t secret_value_at(string_view word) {
  constexpr auto is_of_name = [](char c) {
    return ascii::is_alnum(c) || c == '_' || c == '[' || c == ']';
  };
  for (auto at = word.find_first_of("=:"); at != string_view::npos;
       at = word.find_first_of("=:", at + 1)) {
    if (word.substr(at).starts_with("://")) continue;
    auto end = at;
    while (end > 0 && !is_of_name(word[end - 1]) &&
           string_view("\"' ").find(word[end - 1]) != string_view::npos)
      --end;
    auto begin = end;
    while (begin > 0 && is_of_name(word[begin - 1])) --begin;
    if (begin < end && names_secret(word.substr(begin, end - begin))) return at + 1;
  }
  return word.size();
}

// R-RULE-45 of a text in which rules stand behind names and in quotes: each URL is looked at as if
// a rule began there.
std::string without_logins(string_view text) {
  auto shown = resync::without_secrets(text);
  for (auto mark = shown.find("://"); mark != std::string::npos;
       mark = shown.find("://", mark + 3)) {
    auto begin = mark;
    while (begin > 0 && ascii::is_alnum(shown[begin - 1])) --begin;
    shown = shown.substr(0, begin) + resync::without_secrets(string_view(shown).substr(begin));
  }
  return shown;
}

bool is_secret_option(string_view word) {
  return word.starts_with("--") && word.find('=') == string_view::npos &&
         names_secret(word.substr(2));
}

std::string in_quotes_if_needed(std::string word) {
  constexpr string_view plain = "_-./:=,+@%";
  const bool is_plain = !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return ascii::is_alnum(c) || plain.find(c) != string_view::npos;
  });
  if (is_plain) return word;
  std::string quoted = "'";
  for (const char c : word) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + "'";
}

}  // namespace

void add_once(std::vector<std::string>& list, std::string entry) {
  add_missing(list, {std::move(entry)});
}

void merge(Tested& all, const Tested& other) {
  add_missing(all.targets, other.targets);
  add_missing(all.transports, other.transports);
  add_missing(all.models, other.models);
  add_missing(all.overrides, other.overrides);
  add_missing(all.commands, other.commands);
  add_missing(all.generators, other.generators);
  add_missing(all.versions, other.versions);
}

std::string shown_word(string_view word) {
  const auto secret = secret_value_at(word);
  auto shown = without_logins(word.substr(0, secret));
  // Of a member of a query that has been said already.
  const bool is_said = shown.ends_with(macro::hidden_value);
  if (secret < word.size() && !is_said) shown += macro::hidden_value;
  return shown;
}

std::string shown_command(std::span<const std::string> words) {
  std::string line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_secret = i > 0 && is_secret_option(words[i - 1]);
    if (i > 0) line += ' ';
    line +=
        is_secret ? std::string(macro::hidden_value) : in_quotes_if_needed(shown_word(words[i]));
  }
  return line;
}

}  // namespace provphone::client::figures
