#pragma once

#include "macro/error.hpp"
#include "profile/decode.hpp"

#include <string_view>

namespace provphone::profile {

// Whether the first octet after a byte order mark and white space is `<`.
bool looks_like_markup(std::string_view bytes);

// The XML layer alone: `text` to changes. Fails with xml_malformed (detail: line and cause),
// xml_too_deep, xml_too_many_elements or xml_doctype.
Result<Decoded> parse_xml(std::string_view text, SelfClosed self_closed,
                          std::string_view alias_map);

}  // namespace provphone::profile
