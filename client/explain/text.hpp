#pragma once

#include "client/explain/narrator.hpp"

#include <string>

// A explanation as a person reads it, and as a program does. What is no UTF-8 becomes U+FFFD in
// both.
namespace provphone::client::explain {

// For a terminal of that many columns; fewer than 40 count as 40. Words longer than a line stay
// whole.
std::string format_text(const Explanation& explanation, std::size_t columns);

// One JSON object with a line end: phone, from, to, sections and situation. Times are seconds since
// the start of the run, with milliseconds; `clock`, `outcome` and `again` are left out where empty.
std::string format_json(const Explanation& explanation);

}  // namespace provphone::client::explain
