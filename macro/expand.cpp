#include "macro/expand.hpp"

#include "macro/ascii.hpp"
#include "macro/detail/rule_options.hpp"
#include "macro/detail/rule_scanner.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>

namespace provphone::macro {
namespace {

constexpr bool is_name_character(char c) {
  return ascii::is_alnum(c) || c == '_';
}

constexpr std::size_t to_the_end = std::numeric_limits<std::size_t>::max();

// What follows a `$`. Where nothing is to be looked up, `name` is empty and the text stays.
struct Macro {
  std::string_view name;
  std::size_t length = 1;  // of the whole spelling, `$` included
  std::size_t offset = 0;
  std::size_t count = to_the_end;
  bool is_known = false;  // once it has been looked up
};

// Reads `:digits` at `at` and steps over it. A number too large for any text is as good as the
// largest one.
std::optional<std::size_t> take_number(std::string_view text, std::size_t& at) {
  if (at >= text.size() || text[at] != ':') return {};
  const std::size_t length = ascii::run_length(text, at + 1, ascii::is_digit);
  if (length == 0) return {};
  std::size_t value = 0;
  for (const char c : text.substr(at + 1, length)) {
    const auto digit = static_cast<std::size_t>(c - '0');
    value = value > (to_the_end - digit) / 10 ? to_the_end : value * 10 + digit;
  }
  at += 1 + length;
  return value;
}

// Reads `NAME`, `NAME:p` or `NAME:p:q`; anything else leaves the macro without a name.
Macro parse_parenthesised(std::string_view inside) {
  Macro macro;
  macro.length = inside.size() + 3;  // `$`, `(` and `)`
  std::size_t at = ascii::run_length(inside, 0, is_name_character);
  const std::string_view name = inside.substr(0, at);
  if (at < inside.size()) {
    const auto offset = take_number(inside, at);
    if (!offset) return macro;
    macro.offset = *offset;
  }
  if (at < inside.size()) {
    const auto count = take_number(inside, at);
    if (!count) return macro;
    macro.count = *count;
  }
  if (at == inside.size()) macro.name = name;
  return macro;
}

// `text` starts with `$`.
Macro parse_macro(std::string_view text, NameExtent names) {
  if (text.size() > 1 && text[1] == '(') {
    const std::size_t close = text.find(')', 2);
    if (close == std::string_view::npos) return {};
    return parse_parenthesised(text.substr(2, close - 2));
  }
  // R-MACRO-03
  const bool ends_at_underscore = names == NameExtent::letters_and_digits;
  Macro macro;
  macro.name = text.substr(
      1, ascii::run_length(text, 1, ends_at_underscore ? ascii::is_alnum : is_name_character));
  macro.length = 1 + macro.name.size();
  return macro;
}

// R-MACRO-09: knows whether a secret may be written where the output stands. It follows the output,
// not the input, because the output is what the rule parser will see; and it only looks when a
// secret turns up.
class SecretGate {
 public:
  explicit SecretGate(SecretScope scope) : scope_(scope) {}

  bool is_open(std::string_view out) {
    if (scope_ == SecretScope::nowhere) return false;
    while (scanner_.position() < out.size()) scanner_.feed(out[scanner_.position()]);
    return scanner_.zone() == detail::Zone::options &&
           detail::continues_secret_argument(out.substr(scanner_.opened_at() + 1), scope_);
  }

 private:
  SecretScope scope_;
  detail::RuleScanner scanner_;
};

// Appends the macro's value; false where it stays as it is spelled. Whether a secret may be told is
// settled before anybody looks it up.
bool append_value(const Macro& macro, const Lookup& lookup, SecretGate& secrets, std::string& out) {
  if (macro.name.empty()) return false;
  if (is_secret_macro(macro.name) && !secrets.is_open(out)) return false;
  const std::size_t start = out.size();
  if (!lookup(macro.name, out)) return false;
  // R-MACRO-05: an offset behind the end gives nothing, a length behind the end is clipped.
  const std::size_t length = out.size() - start;
  if (macro.offset != 0) out.erase(start, std::min(macro.offset, length));
  if (macro.count < out.size() - start) out.resize(start + macro.count);
  return true;
}

// R-MACRO-12: a name with underscores in it, `$GPP_A`, is one where what stands in front of the
// first underscore is none. False, and `macro` as it was, where it is none either.
bool append_long_name(Macro& macro, std::string_view text, const Lookup& lookup,
                      SecretGate& secrets, std::string& out) {
  if (text.substr(macro.length, 1) != "_") return false;
  const auto whole = parse_macro(text, NameExtent::longest_run);
  if (!append_value(whole, lookup, secrets, out)) return false;
  macro = whole;
  return true;
}

// R-MACRO-13: shortens a bare name until the phone knows it; false, and `macro` as it was, where it
// knows none.
bool append_known_part(Macro& macro, const Lookup& lookup, SecretGate& secrets, std::string& out) {
  const bool bare = macro.length == macro.name.size() + 1;
  for (Macro part = macro; bare && part.name.size() > 1;) {
    part.name.remove_suffix(1);
    --part.length;
    if (!append_value(part, lookup, secrets, out)) continue;
    macro = part;
    return true;
  }
  return false;
}

// One step of an expansion: ordinary text, what stands in a macro's place, or a macro that stays.
struct Piece {
  enum class Kind : std::uint8_t { literal, value, unknown };

  Kind kind;
  std::size_t typed_at;
  std::size_t expanded_at;
  std::string_view name;  // of a macro that stays; empty where what stays has no name
};

// Takes the macro that `rest` begins with, known or not.
Macro take_macro(std::string_view rest, const Expansion& how, SecretGate& gate, std::string& out) {
  Macro macro = parse_macro(rest, how.names);
  bool known = append_value(macro, how.lookup, gate, out);
  if (!known && how.names == NameExtent::letters_and_digits)
    known = append_long_name(macro, rest, how.lookup, gate, out);
  if (!known && how.names == NameExtent::longest_known)
    known = append_known_part(macro, how.lookup, gate, out);
  macro.is_known = known;
  // R-MACRO-04, R-MACRO-07. The whole spelling is stepped over: no macro begins inside it.
  if (!known) out.append(rest.substr(0, macro.length));
  return macro;
}

// The expansion, of which every piece is given to `note` in its order.
template <class Note>
std::string expand_noting(std::string_view text, const Expansion& how, const Note& note) {
  // A guess: room for a few short values, so that most expansions allocate once.
  constexpr std::size_t room_for_values = 48;
  std::string out;
  out.reserve(text.size() + room_for_values);
  SecretGate gate(how.secrets);
  for (std::size_t at = 0; true;) {
    const std::size_t dollar = std::min(text.find('$', at), text.size());
    note(Piece{Piece::Kind::literal, at, out.size(), {}});
    out.append(text.substr(at, dollar - at));
    if (dollar == text.size()) return out;
    at = dollar;
    const std::size_t before = out.size();
    // R-MACRO-06, before anything else can take the second dollar for its own.
    if (text.substr(at).starts_with("$$")) {
      out.push_back('$');
      note(Piece{Piece::Kind::value, at, before, {}});
      at += 2;
      continue;
    }
    const auto macro = take_macro(text.substr(at), how, gate, out);
    const auto kind = macro.is_known ? Piece::Kind::value : Piece::Kind::unknown;
    note(Piece{kind, at, before, macro.name});
    at += macro.length;
  }
}

}  // namespace

// R-MACRO-09, R-MACRO-24
bool is_secret_macro(std::string_view name) {
  return (name.size() == 2 && name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D') || name == "MPWD";
}

std::string expand(std::string_view text, const Lookup& lookup, SecretScope secrets,
                   NameExtent names) {
  return expand_noting(text, {lookup, secrets, names}, [](const Piece&) {});
}

std::size_t offset_as_typed(std::string_view text, const Expansion& how, std::size_t offset) {
  std::size_t typed = 0;
  expand_noting(text, how, [&](const Piece& piece) {
    if (piece.expanded_at > offset) return;
    typed = piece.typed_at;
    if (piece.kind != Piece::Kind::value) typed += offset - piece.expanded_at;
  });
  return std::min(typed, text.size());
}

std::vector<std::string_view> unknown_macros(std::string_view text, const Expansion& how) {
  std::vector<std::string_view> found;
  expand_noting(text, how, [&](const Piece& piece) {
    if (piece.kind != Piece::Kind::unknown || is_secret_macro(piece.name)) return;
    if (!piece.name.empty() && std::find(found.begin(), found.end(), piece.name) == found.end())
      found.push_back(piece.name);
  });
  return found;
}

}  // namespace provphone::macro
