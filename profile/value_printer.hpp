#pragma once

#include <tinyxml2.h>

#include <string>
#include <string_view>

// Writing XML that reads back as what was meant (R-XML-28).
namespace provphone::profile {

// tinyxml2's printer, with what it lacks: character references for what readers would take for
// something else if it stood there as it is. It writes to memory; text() is the document.
//
// Names and values end at a NUL, and XML has no way to say most control characters: the caller sees
// to them. A name must live until its element is closed.
class ValuePrinter : public tinyxml2::XMLPrinter {
 public:
  explicit ValuePrinter(std::size_t indentation) : indentation_(indentation) {}  // blanks a level

  // Character references for those of `referenced`, besides the entities that XML needs.
  void push_text(const std::string& text, std::string_view referenced);
  void push_attribute(const char* name, const std::string& value, std::string_view referenced);

  // Ends the start tag, so that an element without contents has an end tag on a line of its own.
  void end_start_tag() { SealElementIfJustOpened(); }

  std::string text() const;

 private:
  void PrintSpace(int depth) override;
  void Write(const char* data, std::size_t size) override;

  std::size_t indentation_;
  std::string_view referenced_;  // of the value at hand
};

}  // namespace provphone::profile
