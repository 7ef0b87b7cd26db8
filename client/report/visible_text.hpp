#pragma once

#include <string>
#include <string_view>

// What phones and servers say is printed as it came, and a terminal obeys what it is shown. Octets
// that it would obey or hide are told instead.
namespace provphone::client::report {

// Text that comes in pieces: `<U+202E>` for a character that would change the direction of what
// follows or be a control of the second set, `<9B>` for an octet that is no UTF-8. The first set of
// controls stays: provphone's own are among them, and what is foreign has none by then.
class VisibleText {
 public:
  // A character that is cut off at the end waits for the next piece.
  std::string visible(std::string_view piece);
  // Of what still waits.
  std::string rest();

 private:
  std::string waiting_;
};

// A whole text for one line: other controls become blanks, too.
std::string visible_line(std::string_view text);

}  // namespace provphone::client::report
