#pragma once

#include "macro/expand.hpp"

#include <string>
#include <string_view>
#include <vector>

// What is understood to mean nothing, and was hardly meant so (behaviour rule R-MACRO-26).
namespace provphone::macro {

// Remarks on a text as somebody typed it, a sentence each, in the order of their kinds: names
// behind a dollar that the lookup does not know, with the one that may have been meant, and the
// marks of other programs' templates that nobody has filled in. A phone takes all of them as they
// are. The sentences quote the text, so it must be one without secrets.
std::vector<std::string> remarks_on(std::string_view text, const Expansion& how);

}  // namespace provphone::macro
