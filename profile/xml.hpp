#pragma once

#include "macro/error.hpp"
#include "profile/decode.hpp"
#include "profile/markup.hpp"

#include <tl/expected.hpp>

#include <string_view>

// What a profile's elements and attributes mean (R-XML-01 to R-XML-26). profile/markup.hpp has how
// they are spelt.
namespace provphone::profile {

// Its children are what a file sets.
inline constexpr const char* profile_element = "flat-profile";

std::string_view without_byte_order_mark(std::string_view text);

// Whether the first octet after a byte order mark and white space is `<`.
bool looks_like_markup(std::string_view bytes);

// The XML layer alone: `text` to changes, in one pass. Fails with xml_malformed (detail: line,
// column and cause), xml_too_deep, xml_too_many_elements or xml_doctype.
Result<Decoded> parse_xml(std::string_view text, const DecodeOptions& options);

struct XmlFailure {
  MarkupFault fault;     // its offset does not count a byte order mark
  Decoded before_fault;  // empty but with MalformedProfile::up_to_fault
};

// The same, with the place of a failure and what is applied in spite of it.
tl::expected<Decoded, XmlFailure> locate_xml(std::string_view text, const DecodeOptions& options);

}  // namespace provphone::profile
