#pragma once

#include <span>
#include <string>
#include <string_view>

// Texts made fit for XML, HTML and whatever else has characters of its own. Phones are sent
// anything, so nothing is taken for clean.
namespace provphone::client::report {

// Only what XML may hold, and is UTF-8: control characters and broken octets become U+FFFD.
std::string as_clean_text(std::string_view text);

struct Escape {
  char character;
  std::string_view text;  // what stands for it
};

// `text`, cleaned, with some characters written in another way.
std::string escaped(std::string_view text, std::span<const Escape> escapes);

// A text within HTML, in an element or an attribute. Line ends are references, so that no blank
// line ends a piece of HTML in Markdown.
std::string escaped_markup(std::string_view text);

}  // namespace provphone::client::report
