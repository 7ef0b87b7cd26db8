#include "profile/value.hpp"

#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace provphone::profile {
namespace {

using Refusal = std::optional<std::string>;

// R-XML-17: the spellings of a Bool that phones and their older compilers take.
std::optional<std::string_view> normal_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> yes{"Yes", "yes", "Enable", "enable", "1", "YES"};
  constexpr std::array<std::string_view, 6> no{"No", "no", "Disable", "disable", "0", "NO"};
  if (std::find(yes.begin(), yes.end(), text) != yes.end()) return "Yes";
  if (std::find(no.begin(), no.end(), text) != no.end()) return "No";
  return std::nullopt;
}

// Decimal, or hexadecimal behind 0x.
std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  return parse_whole(text, std::numeric_limits<std::uint64_t>::max(), base);
}

bool is_time_of_day(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 4 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  return text == "2400" || (text.substr(0, 2) < "24" && text.substr(2) < "60");
}

// The same with a colon.
bool is_clock_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  return is_time_of_day(std::string(text.substr(0, 2)).append(text.substr(3)));
}

bool is_choice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const auto end = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, end) == text) return true;
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return false;
}

// A leading | says that the value may be empty too.
std::string_view without_empty(std::string_view allowed) {
  return allowed.substr(allowed.starts_with('|') ? 1 : 0);
}

// Several days of those allowed, in any order.
bool are_choices(std::string_view choices, std::string_view text) {
  while (true) {
    const auto end = text.find('|');
    if (!is_choice(choices, text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// The catalogue has the larger of the two limits that guides print.
std::uint64_t largest_number(const Parameter& described, const ValueRules& rules) {
  const auto& allowed = described.allowed;
  const auto most = parse_unsigned(allowed.substr(allowed.find('-') + 1)).value_or(0);
  return described.name == "Periodic_Upload_To_Server" ? rules.largest_upload_period : most;
}

// What is allowed is LEAST-MOST, or |LEAST-MOST.
Refusal refusal_of_number(const Parameter& described, std::string_view text,
                          const ValueRules& rules) {
  const auto allowed = without_empty(described.allowed);
  const auto least = parse_unsigned(allowed.substr(0, allowed.find('-')));
  const auto most = largest_number(described, rules);
  const auto value = parse_unsigned(text);
  if (value && value >= least && value <= most) return std::nullopt;
  return fmt::format("not a whole number from {} to {}", *least, most);
}

bool may_be_empty(ParameterId id) {
  if (parameter(id).allowed.starts_with('|')) return true;
  return default_value(id, Generation::spa).empty() &&
         default_value(id, Generation::mpp11).empty() &&
         default_value(id, Generation::mpp12).empty();
}

Refusal refusal_by_documents(ParameterId id, std::string_view text, const ValueRules& rules) {
  const auto& type = parameter(id).type;
  const auto allowed = parameter(id).allowed;
  if (allowed.empty()) return std::nullopt;
  // A parameter that leaves the factory empty can be made empty again.
  if (text.empty() && may_be_empty(id)) return std::nullopt;
  if (type == "Bool") return "neither Yes nor No";
  if (type == "HHmm") {
    if (is_time_of_day(text)) return std::nullopt;
    return "not a time of day from 0000 to 2400";
  }
  if (type == "Time") {
    if (is_clock_time(text)) return std::nullopt;
    return "not a time of day from 00:00 to 24:00";
  }
  if (type == "Choice" || type == "Days") {
    if (type == "Days" ? are_choices(allowed, text) : is_choice(allowed, text)) return std::nullopt;
    return fmt::format("none of {}", without_empty(allowed));
  }
  return refusal_of_number(parameter(id), text, rules);
}

}  // namespace

std::optional<std::string> refusal_of(ParameterId id, std::string& text, const ValueRules& rules) {
  if (rules.longest != 0 && text.size() > rules.longest)
    return fmt::format("longer than {} octets", rules.longest);
  // Before the knob: a phone that stores what is ruled out still stores Yes and No as such.
  if (parameter(id).type == "Bool") {
    if (const auto normal = normal_bool(text)) {
      text.assign(*normal);
      return std::nullopt;
    }
  }
  if (rules.invalid == InvalidValue::stored) return std::nullopt;
  return refusal_by_documents(id, text, rules);
}

tl::expected<std::string, std::string> accept_value(ParameterId id, std::string text,
                                                    const ValueRules& rules) {
  if (auto refusal = refusal_of(id, text, rules)) return tl::make_unexpected(*std::move(refusal));
  return text;
}

}  // namespace provphone::profile
