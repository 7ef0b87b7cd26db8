#pragma once

#include "macro/error.hpp"

namespace provphone {

// What to do about a failure, as the last column of docs/errors.md has it; a test compares the two.
// Every code has one. Static storage.
std::string_view remedy(Errc code);

}  // namespace provphone
