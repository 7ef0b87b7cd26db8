#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Showing a person where in a file something went wrong (R-XML-27).
namespace provphone::profile {

// Both count from 1; a line ends at LF, a column is an octet.
struct Position {
  std::size_t line;
  std::size_t column;

  friend bool operator==(const Position&, const Position&) = default;
};

// The position of an octet, or of the end of the text where `offset` is past it.
Position position_at(std::string_view text, std::size_t offset);

// The line around `where` with a caret under it, in two lines:
//
//   12 | <Name>Tom & Jerry</Name>
//      |           ^
//
// A long line is cut to some 100 columns round the caret. Control characters and octets that are no
// UTF-8 become a dot each, so that printing the excerpt does nothing to a terminal. It shows the
// file as it is, passwords too: it is for whoever owns the file.
std::string excerpt(std::string_view text, Position where);

}  // namespace provphone::profile
