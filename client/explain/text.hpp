#pragma once

#include "client/explain/narrator.hpp"

#include <string>

namespace provphone::client::explain {

// For a terminal of that many columns.
std::string format_text(const Explanation& explanation, std::size_t columns);

// One JSON object with a line end: phone, from, to, sections and situation.
std::string format_json(const Explanation& explanation);

}  // namespace provphone::client::explain
