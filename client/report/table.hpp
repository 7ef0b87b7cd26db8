#pragma once

#include <string>
#include <vector>

namespace provphone::client::report {

// Columns side by side, the first row as heading over a rule. A cell wider than 44 characters goes
// on below itself, broken at
// `, ` or blanks where there are any. Cells hold ASCII.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace provphone::client::report
