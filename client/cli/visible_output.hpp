#pragma once

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

// What phones and servers say is printed as it came, and a terminal obeys what it is shown. Octets
// that it would obey or hide are told instead.
namespace provphone::client::cli {

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

// Makes a stream's text visible as long as it lives, where a terminal is behind the descriptor.
// Nothing else may be: a file gets what there was.
class VisibleOutput : private std::streambuf {
 public:
  VisibleOutput(std::ostream& stream, int descriptor);
  ~VisibleOutput() override;
  VisibleOutput(const VisibleOutput&) = delete;
  VisibleOutput& operator=(const VisibleOutput&) = delete;

 private:
  std::streamsize xsputn(const char* text, std::streamsize length) override;
  int_type overflow(int_type octet) override;
  int sync() override;

  std::ostream& stream_;
  std::streambuf* to_;  // null: there is no terminal
  VisibleText text_;
};

}  // namespace provphone::client::cli
