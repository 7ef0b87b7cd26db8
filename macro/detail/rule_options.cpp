#include "macro/detail/rule_options.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace provphone::macro::detail {
namespace {

// Sources spell characters that would change the parse as `\043` in credentials, not in keys.
enum class Escapes : std::uint8_t { none, octal };

struct TextOption {
  std::string_view name;
  std::optional<std::string> RuleOptions::*target;
  Escapes escapes;
};
constexpr std::array<TextOption, 3> text_options{{
    {"--key", &RuleOptions::key, Escapes::none},
    {"--uid", &RuleOptions::uid, Escapes::octal},
    {"--pwd", &RuleOptions::pwd, Escapes::octal},
}};

struct LetterOption {
  std::string_view name;
  std::optional<char> RuleOptions::*target;
};
constexpr std::array<LetterOption, 2> letter_options{{
    {"--post", &RuleOptions::post},
    {"--alias", &RuleOptions::alias},
}};

struct FlagOption {
  std::string_view name;
  bool RuleOptions::*target;
};
constexpr std::array<FlagOption, 3> flag_options{{
    {"--srv", &RuleOptions::srv},
    {"--delta", &RuleOptions::delta},
    {"--status", &RuleOptions::status},
}};

template <class Table>
auto find_option(const Table& table, std::string_view name) {
  auto row = table.begin();
  while (row != table.end() && row->name != name) ++row;
  return row;
}

struct Token {
  std::string_view text;  // quotes included; empty: there is no further token
  std::size_t begin;
  std::size_t end;
};

// Tokens end at a blank that is not quoted.
Token next_token(std::string_view inside, std::size_t at) {
  const std::size_t begin = ascii::skip_space(inside, at);
  std::size_t end = begin;
  bool quoted = false;
  for (; end < inside.size() && (quoted || !ascii::is_space(inside[end])); ++end) {
    if (inside[end] == '"') quoted = !quoted;
  }
  return {inside.substr(begin, end - begin), begin, end};
}

bool is_option(const Token& token) {
  return token.text.starts_with("--");
}

constexpr bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// The octet that `\ooo` at `at` stands for; nothing where it is no escape. NUL has no place in a
// credential.
std::optional<char> octal_escape(std::string_view text, std::size_t at) {
  if (text[at] != '\\' || ascii::run_length(text.substr(0, at + 4), at + 1, is_octal) != 3)
    return {};
  const int value = (text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0');
  if (value == 0 || value > 255) return {};
  return static_cast<char>(static_cast<unsigned char>(value));
}

std::string decode(std::string_view text, Escapes escapes) {
  if (escapes == Escapes::none) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = octal_escape(text, i);
    out.push_back(octet.value_or(text[i]));
    if (octet) i += 3;
  }
  return out;
}

class OptionParser {
 public:
  OptionParser(std::string_view inside, std::size_t offset) : inside_(inside), offset_(offset) {}

  Result<RuleOptions> parse() {
    Token token = next_token(inside_, 0);
    if (token.text.empty()) {
      return fail(Errc::rule_syntax,
                  fmt::format("offset {}: expected an option between the brackets", offset_));
    }
    for (; !token.text.empty(); token = next_token(inside_, at_)) {
      at_ = token.end;
      TRY(take(token));
    }
    return std::move(options_);
  }

 private:
  Result<void> take(const Token& token) {
    if (!is_option(token)) {
      return fail(Errc::rule_syntax,
                  fmt::format("offset {}: expected an option, which starts with --", where(token)));
    }
    if (const auto* row = find_option(text_options, token.text); row != text_options.end()) {
      return take_text(*row, token);
    }
    if (const auto* row = find_option(letter_options, token.text); row != letter_options.end()) {
      return take_letter(*row, token);
    }
    if (const auto* row = find_option(flag_options, token.text); row != flag_options.end()) {
      options_.*row->target = true;
      return {};
    }
    return fail(Errc::unknown_option,
                fmt::format("offset {}: expected --key, --uid, --pwd, --post, --alias, --srv, "
                            "--delta or --status",
                            where(token)));
  }

  Result<void> take_text(const TextOption& row, const Token& name) {
    TRY(const auto argument, take_argument(name));
    options_.*row.target = decode(argument, row.escapes);
    return {};
  }

  Result<void> take_letter(const LetterOption& row, const Token& name) {
    TRY(const auto argument, take_argument(name));
    if (argument.size() != 1 || argument.front() < 'a' || argument.front() > 'p') {
      return fail(Errc::option_argument, fmt::format("offset {}: {} needs one letter from a to p",
                                                     where(name), name.text));
    }
    options_.*row.target = argument.front();
    return {};
  }

  // R-RULE-12: a word, or a phrase in quotes. A word that starts with -- is the next option.
  Result<std::string_view> take_argument(const Token& name) {
    const Token token = next_token(inside_, at_);
    if (token.text.empty() || is_option(token)) {
      return fail(Errc::option_argument,
                  fmt::format("offset {}: {} needs an argument", where(name), name.text));
    }
    at_ = token.end;
    std::string_view text = token.text;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      text.remove_prefix(1);
      text.remove_suffix(1);
    }
    // R-RULE-12: the quotes enclose all of an argument or none of it.
    if (text.find('"') != std::string_view::npos) {
      return fail(Errc::option_argument,
                  fmt::format("offset {}: the quotes must enclose the whole argument of {}",
                              where(token), name.text));
    }
    return text;
  }

  std::size_t where(const Token& token) const { return offset_ + token.begin; }

  std::string_view inside_;
  std::size_t offset_;
  std::size_t at_ = 0;
  RuleOptions options_;
};

bool may_hold_secret(std::string_view option, SecretScope scope) {
  if (scope == SecretScope::nowhere) return false;
  if (option == "--key") return true;
  return scope == SecretScope::key_uid_and_pwd && (option == "--uid" || option == "--pwd");
}

}  // namespace

Result<RuleOptions> parse_rule_options(std::string_view inside, std::size_t offset) {
  return OptionParser(inside, offset).parse();
}

RuleOptions options_for(RuleKind kind, RuleOptions options) {
  switch (kind) {
    case RuleKind::profile:
      // R-RULE-17: reports alone know these two; elsewhere they say nothing.
      options.delta = false;
      options.status = false;
      return options;
    case RuleKind::upgrade: {
      // R-RULE-18: documents know no options here, servers in the field send credentials.
      RuleOptions credentials;
      credentials.uid = std::move(options.uid);
      credentials.pwd = std::move(options.pwd);
      return credentials;
    }
    case RuleKind::report:
      break;
  }
  return options;
}

// R-MACRO-09: the option is the token in front of the one that is being written. A blank at the end
// begins a new, empty one.
bool continues_secret_argument(std::string_view inside, SecretScope scope) {
  std::string_view previous;
  Token token = next_token(inside, 0);
  while (token.end < inside.size()) {
    previous = token.text;
    token = next_token(inside, token.end);
  }
  return may_hold_secret(previous, scope) && !is_option(token);
}

}  // namespace provphone::macro::detail
