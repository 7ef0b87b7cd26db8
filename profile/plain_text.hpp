#pragma once

#include "macro/error.hpp"
#include "profile/decode.hpp"

#include <string_view>

// The plain-text source that Sipura's and Linksys' profile compiler reads (behaviour rules R-TEXT-*
// in docs/behaviour/profiles.md). Phones do not read it, so decode() takes none of it; people who
// keep such sources do.
namespace provphone::profile {

// `Name ! "value" ;` and so on, to changes. Names and values that make no sense pass over their
// statement; everything else is all or nothing. Fails with body_too_large, or with not_a_profile,
// whose detail is "line L, column C: cause" and never repeats a value.
Result<Decoded> parse_plain_text(std::string_view text, const ValueRules& rules = {});

// Whether the text begins with a statement, after comments and blanks.
bool looks_like_plain_text(std::string_view text);

}  // namespace provphone::profile
