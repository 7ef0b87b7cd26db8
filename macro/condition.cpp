#include "macro/condition.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace provphone::macro {
namespace {

using Ordering = std::strong_ordering;

enum class Operator : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

struct Spelling {
  std::string_view text;
  Operator meaning;
};

// Longer spellings stand before those that they start with.
constexpr std::array<Spelling, 6> symbols{{
    {"!=", Operator::not_equal},
    {"<=", Operator::less_equal},
    {">=", Operator::greater_equal},
    {"=", Operator::equal},
    {"<", Operator::less},
    {">", Operator::greater},
}};

constexpr std::array<Spelling, 6> words{{
    {"eq", Operator::equal},
    {"ne", Operator::not_equal},
    {"lt", Operator::less},
    {"le", Operator::less_equal},
    {"gt", Operator::greater},
    {"ge", Operator::greater_equal},
}};

enum class OperandType : std::uint8_t { integer, version, string };

struct Operand {
  OperandType type = OperandType::string;
  std::string_view text;
  std::int64_t number = 0;
};

struct Comparison {
  Operand left;
  Operand right;
  Operator op = Operator::equal;
  std::size_t operator_offset = 0;
};

bool holds(Operator op, Ordering order) {
  switch (op) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_equal:
      return order >= 0;
  }
  return false;
}

// Of any family: a version that the phone does not understand is `version_format` and no syntax
// error (R-COND-15).
bool is_version_of_any_family(std::string_view text) {
  return is_version(text, VersionOrder::legacy) || is_version(text, VersionOrder::mpp);
}

// Digits and a separator with a digit behind it: meant as a version, whatever is wrong with it.
bool resembles_version(std::string_view text) {
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool separates = text[i] == '.' || text[i] == '-';
    if (separates && ascii::is_alnum(text[i - 1]) && ascii::is_digit(text[i + 1])) return true;
  }
  return false;
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && ascii::run_length(text, 0, ascii::is_digit) == text.size();
}

// The type of a text without quotes (R-COND-05, R-COND-09).
Result<Operand> classify(std::string_view text, std::size_t offset) {
  if (is_integer(text)) {
    Operand operand{OperandType::integer, text};
    const auto end = text.data() + text.size();
    if (std::from_chars(text.data(), end, operand.number).ec != std::errc{}) {
      return fail(Errc::condition_syntax,
                  fmt::format("offset {}: expected an integer of at most 64 bits", offset));
    }
    return operand;
  }
  if (is_version_of_any_family(text)) return Operand{OperandType::version, text};
  if (resembles_version(text)) {
    return fail(Errc::version_format, fmt::format("offset {}: expected a version like 2.0.6(b) or "
                                                  "sip88xx.11-3-2MPP0001-609",
                                                  offset));
  }
  return fail(
      Errc::condition_syntax,
      fmt::format("offset {}: expected an integer, a version or a string in quotes", offset));
}

// R-COND-08: hardware versions have dots on every phone, so two dotted literals are compared as
// such.
Result<bool> compare_as_versions(const Comparison& comparison, const Dialect& dialect) {
  const std::string_view left = comparison.left.text;
  const std::string_view right = comparison.right.text;
  const bool both_dotted =
      is_version(left, VersionOrder::legacy) && is_version(right, VersionOrder::legacy);
  const auto order =
      compare_versions(left, right, both_dotted ? VersionOrder::legacy : dialect.versions);
  if (!order) {
    return fail(order.error().code, fmt::format("operator at offset {}, {}",
                                                comparison.operator_offset, order.error().detail));
  }
  return holds(comparison.op, *order);
}

// R-COND-06: strings know equality alone. R-COND-07: a version beside a string is taken as text.
Result<bool> compare_as_text(const Comparison& comparison) {
  const bool same = comparison.left.text == comparison.right.text;
  if (comparison.op == Operator::equal) return same;
  if (comparison.op == Operator::not_equal) return !same;
  return fail(Errc::condition_type, fmt::format("offset {}: expected eq or ne between strings",
                                                comparison.operator_offset));
}

Result<bool> evaluate(const Comparison& comparison, const Dialect& dialect) {
  const OperandType left = comparison.left.type;
  const OperandType right = comparison.right.type;
  if (left == OperandType::integer && right == OperandType::integer) {
    return holds(comparison.op, comparison.left.number <=> comparison.right.number);
  }
  if (left == OperandType::version && right == OperandType::version) {
    return compare_as_versions(comparison, dialect);
  }
  if (left == OperandType::integer || right == OperandType::integer) {
    return fail(Errc::condition_type, fmt::format("offset {}: expected an integer on both sides",
                                                  comparison.operator_offset));
  }
  return compare_as_text(comparison);
}

class ConditionParser {
 public:
  ConditionParser(std::string_view text, const Dialect& dialect, std::string_view software_version)
      : text_(text), dialect_(dialect), software_version_(software_version) {}

  // R-COND-03: every comparison is read, also behind one that does not hold.
  Result<bool> evaluate_all() {
    bool all_hold = true;
    while (true) {
      TRY(const auto comparison, parse_comparison());
      TRY(const auto result, evaluate(comparison, dialect_));
      all_hold = all_hold && result;
      if (ascii::skip_space(text_, at_) == text_.size()) return all_hold;
      if (!take_and()) return tl::unexpected(expected("and, or the end of the condition"));
    }
  }

 private:
  Result<Comparison> parse_comparison() {
    at_ = ascii::skip_space(text_, at_);
    Comparison comparison;
    if (dialect_.implicit_software_version && operator_stands_here()) {
      // R-COND-14. The version has no offset of its own; the operator's is where it would stand.
      TRY(auto left, classify(software_version_, at_));
      comparison.left = left;
    } else {
      TRY(auto left, parse_operand());
      comparison.left = left;
    }
    const std::size_t operand_end = at_;
    at_ = ascii::skip_space(text_, at_);
    comparison.operator_offset = at_;
    const auto op = take_operator(operand_end);
    if (!op) return tl::unexpected(expected("an operator (eq ne lt le gt ge = != < <= > >=)"));
    comparison.op = *op;
    at_ = ascii::skip_space(text_, at_);
    TRY(auto right, parse_operand());
    comparison.right = right;
    return comparison;
  }

  Result<Operand> parse_operand() {
    if (text_.substr(at_).starts_with('"')) {
      const std::size_t close = text_.find('"', at_ + 1);
      if (close == std::string_view::npos) return tl::unexpected(expected("a closing quote"));
      const Operand operand{OperandType::string, text_.substr(at_ + 1, close - at_ - 1)};
      at_ = close + 1;
      return operand;
    }
    const std::string_view word = text_.substr(at_, ascii::run_length(text_, at_, in_word));
    if (word.empty()) return tl::unexpected(expected("an operand"));
    auto operand = classify(word, at_);
    if (operand) at_ += word.size();
    return operand;
  }

  bool operator_stands_here() {
    const std::size_t start = at_;
    const bool found = take_operator(start).has_value();
    at_ = start;
    return found;
  }

  // Symbols may touch their operands; words stand between blanks (R-COND-04).
  std::optional<Operator> take_operator(std::size_t operand_end) {
    const std::string_view rest = text_.substr(at_);
    for (const auto& symbol : symbols) {
      if (rest.starts_with(symbol.text)) return take(symbol);
    }
    // R-COND-14: a lone `!` is an older spelling of `!=`.
    if (dialect_.implicit_software_version && rest.starts_with('!')) {
      return take({"!", Operator::not_equal});
    }
    const bool apart = operand_end != at_ || at_ == 0 || ascii::is_space(text_[at_ - 1]);
    for (const auto& word : words) {
      if (apart && rest.starts_with(word.text) && ends_word(at_ + word.text.size())) {
        return take(word);
      }
    }
    return {};
  }

  Operator take(const Spelling& spelling) {
    at_ += spelling.text.size();
    return spelling.meaning;
  }

  // R-COND-02: the only connective, in capitals or not, with blanks around it.
  bool take_and() {
    const std::size_t start = ascii::skip_space(text_, at_);
    const std::string_view word = text_.substr(start, 3);
    const bool found =
        start != at_ && (word == "and" || word == "AND") && ends_word(start + word.size());
    at_ = found ? start + word.size() : start;
    return found;
  }

  bool ends_word(std::size_t at) const { return at >= text_.size() || ascii::is_space(text_[at]); }

  // R-COND-04: symbols may touch an operand, so what can begin one ends it.
  static bool in_word(char c) {
    const bool breaks = c == '"' || c == '=' || c == '<' || c == '>' || c == '!';
    return !breaks && !ascii::is_space(c);
  }

  Error expected(std::string_view what) const {
    return {Errc::condition_syntax, fmt::format("offset {}: expected {}", at_, what)};
  }

  std::string_view text_;
  const Dialect& dialect_;
  std::string_view software_version_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_blank(std::string_view value, const Dialect& dialect) {
  // R-RULE-03
  if (dialect.leading_hash_comments && value.starts_with('#')) return true;
  return ascii::skip_space(value, 0) == value.size();
}

Result<bool> evaluate_condition(std::string_view expanded, const Dialect& dialect,
                                std::string_view software_version) {
  return ConditionParser(expanded, dialect, software_version).evaluate_all();
}

}  // namespace provphone::macro
