#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace provphone::profile {

// A stretch of octets.
struct Span {
  std::size_t start;
  std::size_t size;
};

// What check_markup found that holds no element and no value.
struct Markup {
  std::vector<Span>
      asides;  // comments and processing instructions, the XML declaration too, in file order
};

// Whether `text` (no byte order mark) is well-formed XML 1.0 without a document type, as strictly
// as the common parsers take it, and within the limits of profile/decode.hpp. Fails with
// xml_malformed, xml_too_deep, xml_too_many_elements or xml_doctype; the detail is "line L, column
// C: cause" (columns count octets) and names known elements only, because markup that went wrong
// may be a piece of somebody's password.
//
// One thing is laxer than XML: octets above 7f are taken as they are, whatever the encoding
// declaration says (R-XML-05).
Result<Markup> check_markup(std::string_view text);

}  // namespace provphone::profile
