#pragma once

#include "client/scenario/inventory.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Texts that differ from phone to phone: `FCH2200{index:04X}`, `sip-{site}.example.net`. Macros of
// phones, `$MA`, are left alone; `{{` and `}}` are braces.
namespace provphone::client::scenario {

using Variables = std::map<std::string, std::string, std::less<>>;

// What the names in braces stand for.
struct TemplateValues {
  std::uint32_t index = 0;  // of the phone within its group
  MacAddress mac;
  std::string_view group;
  const Variables& variables;
  const Inventory* inventory = nullptr;  // null: the phone is in none
  std::size_t row = 0;
};

struct TemplatePiece {
  // A column is a variable that may differ from row to row; as_template_for() finds them out.
  enum class Kind : std::uint8_t { text, index, mac, group, variable, column };

  Kind kind = Kind::text;
  std::string text;       // itself, or the variable's name
  std::uint32_t add = 0;  // to the index: `{index+1000}`
  // Of the index, filled up with blanks or zeros; up to 20.
  std::uint8_t width = 0;
  bool zeros = false;
  // Of the index: decimal, or hexadecimal in small or capital letters.
  char base = 'd';
};

struct Template {
  std::vector<TemplatePiece> pieces;

  // Whether two phones of one group may get different texts.
  bool differs_within_group() const;
};

// The names that no variable may have.
inline constexpr std::string_view reserved_names[] = {"index", "mac", "group"};

// Fails with bad_argument, for a lone brace with its offset. Any text without braces is a template.
// Which variables there are is for as_template_for() to check.
Result<Template> parse_template(std::string_view text);

// The text for one phone. An unknown variable is left out; the reader of scenarios has refused it.
std::string expand(const Template& text, const TemplateValues& values);

// Letters, digits and `_`, not beginning with a digit.
bool is_variable_name(std::string_view text);

}  // namespace provphone::client::scenario
