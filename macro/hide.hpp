#pragma once

#include <functional>
#include <string>
#include <string_view>

// R-RULE-45: what outputs may show of a rule.
namespace provphone::macro {

// What stands where a secret was.
inline constexpr std::string_view hidden_value = "********";

// Any text with URLs in it, or with paths, without the values of query members whose names speak of
// passwords, keys or tokens. A value goes up to the next `&`, `;`, blank, quote or bracket.
std::string hide_query_secrets(std::string_view text);

// Any text without the values that stand behind names which speak of secrets, in the ways in which
// programs write a value to its name: `name=value`, `name: value`, `"name":"value"` and
// `<Name>value</Name>`, whatever else the text is. A value in quotes or brackets goes to their end,
// another one to the next blank, comma, semicolon, `&`, quote or bracket, and one that begins with
// the scheme of a login to the end of its line. Rather hides too much than too little.
std::string hide_named_secrets(std::string_view text);

// `rule` as outputs may show it: without the arguments of --key and --pwd, without the password in
// a URL, without its secret query members, and without the values assigned to parameters for which
// `is_secret` is true. Works on any
// text, well-formed or not, expanded or not; rather hides too much than too little. `is_secret` is
// given names as the rule spells them.
std::string hide_secrets(std::string_view rule,
                         const std::function<bool(std::string_view name)>& is_secret);

}  // namespace provphone::macro
