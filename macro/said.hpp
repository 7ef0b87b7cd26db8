#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What a server says in the body of an answer that refuses, for whoever reads why. Bodies are
// foreign octets: any are taken, and nothing of them is believed.
namespace provphone::macro {

inline constexpr std::size_t most_said = 200;  // characters
// Octets of a body that are looked at. Pages have their heads before they say anything.
inline constexpr std::size_t most_heard = 4096;

// The beginning of a body as a person reads it, on one line: at most `most_said` characters, the
// last of which is an ellipsis where there was more. Of HTML and XML the text alone, without the
// title where the page repeats it; white space is one blank. Values that stand behind names which
// speak of secrets are hidden, as are passwords and keys in URLs. Control characters, those that
// turn the direction of writing or cannot be seen, and octets that are no UTF-8 stand as `\xHH` for
// each octet, so that what comes out is UTF-8 and does nothing to a terminal.
std::string said_in(std::string_view body);

}  // namespace provphone::macro
