#pragma once

#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "macro/rule.hpp"

#include <cstddef>
#include <string_view>

// The brackets of a rule: --key, --uid and the others (R-RULE-12 to R-RULE-17).
namespace provphone::macro::detail {

// Parses what stands between the brackets. `offset` is where `inside` begins in its rule, for
// messages. Fails with rule_syntax, unknown_option or option_argument.
Result<RuleOptions> parse_rule_options(std::string_view inside, std::size_t offset);

// What is left of `options` in a rule of that kind (R-RULE-17, R-RULE-18).
RuleOptions options_for(RuleKind kind, RuleOptions options);

// True where text appended to `inside`, the so far written part of an option list, would be the
// argument of an option that may hold a secret, or part of it.
bool continues_secret_argument(std::string_view inside, SecretScope scope);

}  // namespace provphone::macro::detail
