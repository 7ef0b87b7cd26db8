#pragma once

#include "client/explain/story.hpp"

#include <string>

namespace provphone::client::explain {

// For a terminal of that many columns.
std::string format_text(const Story& story, std::size_t columns);

// One JSON object with a line end: phone, from, to, chapters and situation.
std::string format_json(const Story& story);

}  // namespace provphone::client::explain
