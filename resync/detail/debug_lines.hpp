#pragma once

#include "resync/retrieval_values.hpp"

// What goes to Debug_Server beyond the messages that a syslog server gets too (behaviour rule
// R-LOG-18). The words are provphone's own: no document has those of phones.
namespace provphone::resync::detail {

// Of RFC 5424, §6.2.1, those that a line here has.
enum class Severity : std::uint8_t { notice = 5, info = 6, debug = 7 };

// Whether Debug_Level lets lines of that severity through. NOTICE, INFO and DEBUG do, each with
// those before it; 1, 2 and 3 are the same of older phones; any other level lets none.
bool lets_through(std::string_view debug_level, Severity severity);

// Puts a line behind each of the outputs from `first` on that has one, and one for `input` before
// them. Nothing where Debug_Server is empty.
void add_debug_lines(const Device& device, const Input& input, Outputs& outputs, std::size_t first);

}  // namespace provphone::resync::detail
