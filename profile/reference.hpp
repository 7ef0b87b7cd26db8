#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// References in XML text (R-XML-14).
namespace provphone::profile {

// An entity or character reference such as `&lt;` or `&#x41;`.
struct Reference {
  char32_t character;
  std::size_t length;  // from & to ; inclusive
};

// Reads the reference at the start of `text`. Nothing where there is none: a bare &, an entity that
// is not one of XML's five, a character that XML forbids.
std::optional<Reference> parse_reference(std::string_view text);

// Appends `raw` with its references translated, to UTF-8. What is no reference stays as it is.
void append_resolved(std::string& out, std::string_view raw);

}  // namespace provphone::profile
