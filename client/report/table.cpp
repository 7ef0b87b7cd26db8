#include "client/report/table.hpp"

#include "client/report/screen_text.hpp"

#include <algorithm>

namespace provphone::client::report {
namespace {

constexpr std::size_t widest_cell = 44;

std::vector<std::string> wrapped_cell(std::string text) {
  std::vector<std::string> lines;
  while (columns_of(text) > widest_cell) {
    const auto fits = first_columns(text, widest_cell).size();
    auto cut = text.rfind(' ', fits);
    // A word that is too long is broken anywhere rather than widening the column.
    if (cut == std::string::npos || cut == 0) cut = fits;
    lines.push_back(text.substr(0, cut));
    text.erase(0, text[cut] == ' ' ? cut + 1 : cut);
  }
  lines.push_back(std::move(text));
  return lines;
}

using Cells = std::vector<std::vector<std::string>>;  // of one row: the lines of each cell

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string format_row(const Cells& cells, const std::vector<std::size_t>& widths,
                       Columns columns) {
  std::size_t height = 0;
  for (const auto& lines : cells) height = std::max(height, lines.size());
  std::string text;
  for (std::size_t i = 0; i < height; ++i) {
    std::string line = "  ";
    for (std::size_t column = 0; column < cells.size(); ++column) {
      std::string cell = i < cells[column].size() ? cells[column][i] : "";
      const auto missing = widths[column] - std::min(columns_of(cell), widths[column]);
      const bool is_right = columns == Columns::figures && column > 0;
      cell.insert(is_right ? 0 : cell.size(), missing, ' ');
      line += cell + "  ";
    }
    text += without_trailing_blanks(std::move(line)) + '\n';
  }
  return text;
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows, Columns columns) {
  std::vector<Cells> table;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    Cells cells;
    for (std::size_t column = 0; column < row.size(); ++column) {
      cells.push_back(wrapped_cell(row[column]));
      if (widths.size() <= column) widths.push_back(0);
      for (const auto& line : cells.back())
        widths[column] = std::max(widths[column], columns_of(line));
    }
    table.push_back(std::move(cells));
  }
  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    text += format_row(table[i], widths, columns);
    if (i > 0) continue;
    // Behind the heading alone.
    Cells rule;
    for (const auto width : widths) rule.push_back({std::string(width, '-')});
    text += format_row(rule, widths, columns);
  }
  return text;
}

}  // namespace provphone::client::report
