#include "resync/personality.hpp"

#include "macro/enum_array.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace provphone::resync {
namespace {

std::optional<std::int64_t> parse_choice(const KnobRow& row, std::string_view text) {
  for (const auto& choice : row.choices()) {
    if (choice.name == text) return choice.value;
  }
  return std::nullopt;
}

std::string_view choice_named(const KnobRow& row, std::int64_t value) {
  for (const auto& choice : row.choices()) {
    if (choice.value == value) return choice.name;
  }
  return {};
}

// The largest value a knob takes, a day in milliseconds: nothing a knob counts is longer.
constexpr std::int64_t largest = 86'400'000;

std::optional<std::int64_t> parse_number(std::string_view text) {
  return parse_whole(text, std::uint64_t{largest});
}

// `300ms`, `2s` or a bare number of seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t unit = 1'000;
  if (text.ends_with("ms")) {
    unit = 1;
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
  }
  const auto number = parse_number(text);
  if (!number || *number * unit > largest) return std::nullopt;
  return *number * unit;
}

std::optional<std::int64_t> parse_value(const KnobRow& row, std::string_view text) {
  switch (row.unit) {
    case Unit::number:
      return parse_number(text);
    case Unit::choice:
      return parse_choice(row, text);
    case Unit::duration:
      return parse_duration(text);
  }
  return std::nullopt;
}

std::string accepted_values(const KnobRow& row) {
  switch (row.unit) {
    case Unit::number:
      return "a number";
    case Unit::choice:
      return choice_names(row);
    case Unit::duration:
      return "a duration such as 300ms or 20s";
  }
  return {};
}

// There are too many of them to list where one is misspelt.
std::string unknown_knob(std::string_view name) {
  const auto table = knob_table();
  const auto distance = [name](const KnobRow& row) {
    return profile::spelling_distance(name, row.name);
  };
  const auto nearest = std::min_element(
      table.begin(), table.end(),
      [&](const KnobRow& a, const KnobRow& b) { return distance(a) < distance(b); });
  const bool is_near = distance(*nearest) <= name.size() / 2;
  return fmt::format("there is no knob '{}'{}; `provphone decode --list-knobs` lists them", name,
                     is_near ? fmt::format(", did you mean {}?", nearest->name) : "");
}

}  // namespace

std::string_view name(Status status) {
  constexpr EnumArray<Status, std::string_view> names{{"documented", "observed", "assumed"}};
  return names[status];
}

std::string format_knob(const KnobRow& row, std::int64_t value) {
  switch (row.unit) {
    case Unit::number:
      return fmt::format("{}", value);
    case Unit::choice:
      return std::string(choice_named(row, value));
    case Unit::duration:
      return value % 1'000 == 0 ? fmt::format("{}s", value / 1'000) : fmt::format("{}ms", value);
  }
  return {};
}

std::string choice_names(const KnobRow& row) {
  std::string names;
  for (const auto& choice : row.choices())
    names.append(names.empty() ? "" : "|").append(choice.name);
  return names;
}

Result<void> set_knob(Personality& personality, std::string_view assignment) {
  const auto equals = assignment.find('=');
  const auto knob_name = assignment.substr(0, equals);
  if (equals == std::string_view::npos) {
    return fail(Errc::bad_argument, fmt::format("knob '{}': expected NAME=VALUE", assignment));
  }
  for (const auto& row : knob_table()) {
    if (row.name != knob_name) continue;
    const auto value = parse_value(row, assignment.substr(equals + 1));
    if (!value) {
      return fail(Errc::bad_argument,
                  fmt::format("knob {}: expected {}", row.name, accepted_values(row)));
    }
    row.set(personality, *value);
    return {};
  }
  return fail(Errc::bad_argument, unknown_knob(knob_name));
}

TftpHabits tftp_habits_of(const Personality& personality) {
  return {personality.tftp_options, personality.tftp_timeout, personality.tftp_tries,
          personality.tftp_port_unreachable, personality.tftp_client_port};
}

macro::Dialect dialect_of(const Personality& personality) {
  const bool is_spa = personality.generation == profile::Generation::spa;
  return {is_spa ? macro::VersionOrder::legacy : macro::VersionOrder::mpp, is_spa, true,
          personality.url_user_info, personality.upgrade_rule_options};
}

}  // namespace provphone::resync
