#include "profile/excerpt.hpp"
#include "profile/markup.hpp"
#include "profile/xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Whatever passes the check must be read without an error, by either generation, and within the
// limits. Whatever does not has a place in the text that can be shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provphone::profile;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with("\xef\xbb\xbf")) return 0;  // parse_xml takes it off, check_markup does not
  const bool well_formed = check_markup(text).has_value();
  for (const auto self_closed : {SelfClosed::keeps_value, SelfClosed::clears_value_unless_rw}) {
    DecodeOptions options;
    options.self_closed = self_closed;
    options.malformed = MalformedProfile::up_to_fault;
    const auto decoded = locate_xml(text, options);
    if (decoded.has_value() != well_formed) std::abort();
    if (decoded && decoded->changes.size() > max_xml_elements) std::abort();
    if (decoded) continue;
    const auto& [fault, before] = decoded.error();
    const auto offset = fault.offset;
    // Of a part of the file, a part of what the whole one said.
    if (before.changes.size() > max_xml_elements) std::abort();
    if (offset > text.size() || fault.error.detail.find('\n') != std::string::npos) {
      std::abort();
    }
    if (excerpt(text, position_at(text, offset)).size() > 1000) std::abort();
  }
  return 0;
}
