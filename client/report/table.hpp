#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Tables for a terminal, in columns of one width.
namespace provphone::client::report {

// Figures stand at the right of their columns; the first column is text all the same.
enum class Columns : std::uint8_t { texts, figures };

// Columns side by side, the first row as heading over a rule. A cell wider than 44 columns goes on
// below itself, broken at blanks where there are any. Cells hold no controls: visible_line().
std::string format_table(const std::vector<std::vector<std::string>>& rows,
                         Columns columns = Columns::texts);

}  // namespace provphone::client::report
