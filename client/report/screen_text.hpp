#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Text by the columns of a terminal that it takes, and figures drawn in it. UTF-8, with colours as
// the only sequences (ESC [ ... m), which take no column.
namespace provphone::client::report {

// What the terminal has characters for.
enum class Charset : std::uint8_t { ascii, utf8 };

// Columns that it takes: a wide character two, a mark that goes onto the one before it none.
std::size_t columns_of(std::string_view text);

// As much of it as takes at most so many.
std::string_view first_columns(std::string_view text, std::size_t columns);

// As much as fits; where something is missing, the last column says so. Colours end where the text
// does.
std::string clipped(std::string_view line, std::size_t columns, Charset charset);

// Clipped or filled with blanks: exactly so many columns.
std::string fitted(std::string_view text, std::size_t columns, Charset charset);

// Lines of at most so many columns, broken at blanks; a word that is longer is left whole. At least
// one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

// A bar in two parts, so that each can have its colour. Together `columns` wide.
struct Bar {
  std::string full, empty;
};
Bar bar_of(double share, std::size_t columns, Charset charset);

// Values as columns of a chart, `rows` lines from top to bottom, the largest value at the full
// height. What is not nothing can be seen.
std::vector<std::string> chart_of(const std::vector<double>& values, std::size_t rows,
                                  Charset charset);

}  // namespace provphone::client::report
