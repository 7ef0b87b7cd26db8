#include "macro/version.hpp"

#include "macro/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace provphone::macro {
namespace {

using Ordering = std::strong_ordering;

constexpr std::string_view loads_suffix = ".loads";

// Digits of any length, so no version is too large to compare. Leading zeros go, so a missing
// number is 0 (R-COND-17).
Ordering compare_digits(std::string_view left, std::string_view right) {
  left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
  right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left.compare(right) <=> 0;
}

// `2MPP0001`: digits, then whatever else.
struct Field {
  std::string_view digits;
  std::string_view tail;
};

Field split_field(std::string_view text) {
  const std::size_t length = ascii::run_length(text, 0, ascii::is_digit);
  return {text.substr(0, length), text.substr(length)};
}

struct LegacyVersion {
  std::array<std::string_view, 3> numbers;  // an absent one is empty, which compares like 0
  std::string_view suffix;
};

// `(b)`, `(0412s)`, or without parentheses as SPA phones print it: `b`, `SR1`.
std::optional<std::string_view> parse_legacy_suffix(std::string_view text) {
  if (text.starts_with('(') && text.ends_with(')') && text.size() > 2) {
    text = text.substr(1, text.size() - 2);
  } else if (!text.empty() && !ascii::is_alpha(text.front())) {
    return {};
  }
  if (!std::all_of(text.begin(), text.end(), ascii::is_alnum)) return {};
  return text;
}

// R-COND-10: two or three numbers and a suffix.
std::optional<LegacyVersion> parse_legacy(std::string_view text) {
  LegacyVersion version;
  std::size_t count = 0;
  while (true) {
    const Field field = split_field(text);
    if (field.digits.empty()) return {};
    version.numbers[count++] = field.digits;
    text = field.tail;
    if (count == version.numbers.size() || !text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  const auto suffix = parse_legacy_suffix(text);
  if (count < 2 || !suffix) return {};
  version.suffix = *suffix;
  return version;
}

Ordering compare(const LegacyVersion& left, const LegacyVersion& right) {
  for (std::size_t i = 0; i < left.numbers.size(); ++i) {
    const Ordering order = compare_digits(left.numbers[i], right.numbers[i]);
    if (order != Ordering::equal) return order;
  }
  return left.suffix.compare(right.suffix) <=> 0;
}

struct LoadName {
  std::array<std::optional<Field>, 4> fields;
  std::optional<Field> build;
};

// The model in front of the first dot says nothing about age (R-COND-12).
std::string_view without_model(std::string_view text) {
  if (text.empty() || !ascii::is_alpha(text.front())) return text;
  const auto in_model = [](char c) { return ascii::is_alnum(c) || c == '_'; };
  const std::size_t length = ascii::run_length(text, 0, in_model);
  return length < text.size() && text[length] == '.' ? text.substr(length + 1) : text;
}

struct FieldList {
  std::array<std::string_view, 5> fields;
  std::size_t count = 0;
};

constexpr bool in_field(char c) {
  return c != '-' && c != '.';
}

// R-COND-16: release notes print the same load with dashes and with dots.
std::optional<FieldList> split_load_name(std::string_view text) {
  FieldList list;
  while (true) {
    const std::size_t length = ascii::run_length(text, 0, in_field);
    const std::string_view field = text.substr(0, length);
    if (field.empty() || !ascii::is_digit(field.front())) return {};
    if (!std::all_of(field.begin(), field.end(), ascii::is_alnum)) return {};
    if (list.count == list.fields.size()) return {};
    list.fields[list.count++] = field;
    if (length == text.size()) return list;
    text.remove_prefix(length + 1);
  }
}

// R-COND-11: three or four fields and a build. `11-1-0` without a build is understood, as ATA
// firmware does; with dots that would be a legacy version, and so would bare numbers with dots,
// which therefore do not count as load names.
std::optional<LoadName> parse_load_name(std::string_view text) {
  if (text.ends_with(loads_suffix)) text.remove_suffix(loads_suffix.size());
  const std::string_view body = without_model(text);
  const auto list = split_load_name(body);
  if (!list || list->count < 3) return {};
  const bool dotted = body.find('.') != std::string_view::npos;
  if (list->count == 3 && dotted) return {};
  const bool bare_numbers =
      body.size() == text.size() &&
      std::none_of(body.begin(), body.end(), [](char c) { return ascii::is_alpha(c) || c == '-'; });
  if (bare_numbers) return {};
  LoadName load;
  const std::size_t field_count = list->count == 3 ? 3 : list->count - 1;
  for (std::size_t i = 0; i < field_count; ++i) load.fields[i] = split_field(list->fields[i]);
  if (field_count < list->count) load.build = split_field(list->fields[field_count]);
  return load;
}

// A missing field is lower than any present one.
Ordering compare_presence(const std::optional<Field>& left, const std::optional<Field>& right) {
  return left.has_value() <=> right.has_value();
}

Ordering compare_numbers(const std::optional<Field>& left, const std::optional<Field>& right) {
  if (!left || !right) return compare_presence(left, right);
  return compare_digits(left->digits, right->digits);
}

Ordering compare_tails(const std::optional<Field>& left, const std::optional<Field>& right) {
  if (!left || !right) return compare_presence(left, right);
  return left->tail.compare(right->tail) <=> 0;
}

// R-COND-13: all numbers weigh more than all letters, fields more than the build.
Ordering compare(const LoadName& left, const LoadName& right) {
  for (std::size_t i = 0; i < left.fields.size(); ++i) {
    const Ordering order = compare_numbers(left.fields[i], right.fields[i]);
    if (order != Ordering::equal) return order;
  }
  for (std::size_t i = 0; i < left.fields.size(); ++i) {
    const Ordering order = compare_tails(left.fields[i], right.fields[i]);
    if (order != Ordering::equal) return order;
  }
  const Ordering order = compare_numbers(left.build, right.build);
  return order != Ordering::equal ? order : compare_tails(left.build, right.build);
}

template <class Version>
Result<Ordering> compare_parsed(const std::optional<Version>& left,
                                const std::optional<Version>& right, std::string_view expected) {
  if (left && right) return compare(*left, *right);
  std::string detail(left ? "right" : "left");
  return fail(Errc::version_format, detail.append(" side: expected ").append(expected));
}

}  // namespace

bool is_version(std::string_view text, VersionOrder order) {
  return order == VersionOrder::legacy ? parse_legacy(text).has_value()
                                       : parse_load_name(text).has_value();
}

Result<std::strong_ordering> compare_versions(std::string_view left, std::string_view right,
                                              VersionOrder order) {
  if (order == VersionOrder::legacy) {
    return compare_parsed(parse_legacy(left), parse_legacy(right), "a version like 2.0.6(b)");
  }
  return compare_parsed(parse_load_name(left), parse_load_name(right),
                        "a load name like sip88xx.11-3-2MPP0001-609");
}

}  // namespace provphone::macro
