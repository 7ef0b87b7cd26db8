#include "client/report/detail/markup.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace provphone::client::report {
namespace {

// The length of the character at the front, or 0 where the octets are none that XML may hold.
std::size_t character_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = octet(0);
  if (first < 0x80) return first >= 0x20 || first == '\n' || first == '\t' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t character = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0U) != 0x80U) return 0;
    character = (character << 6U) | (octet(i) & 0x3fU);
  }
  // RFC 3629: a character has one encoding, the shortest; XML 1.0 has no surrogates and neither
  // U+FFFE nor U+FFFF.
  constexpr std::uint32_t shortest[]{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  const bool is_none = character == 0xfffe || character == 0xffff || character > 0x10ffff;
  return character < shortest[length] || is_surrogate || is_none ? 0 : length;
}

}  // namespace

std::string as_clean_text(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const auto length = character_length(text);
    // One mark for each octet that begins no character.
    clean += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

std::string escaped(std::string_view text, std::span<const Escape> escapes) {
  std::string out;
  for (const char c : as_clean_text(text)) {
    const auto found = std::find_if(escapes.begin(), escapes.end(),
                                    [c](const Escape& escape) { return escape.character == c; });
    if (found == escapes.end()) {
      out += c;
    } else {
      out += found->text;
    }
  }
  return out;
}

std::string escaped_markup(std::string_view text) {
  constexpr Escape escapes[]{{'&', "&amp;"},  {'<', "&lt;"},   {'>', "&gt;"},   {'"', "&quot;"},
                             {'\'', "&#39;"}, {'\n', "&#10;"}, {'\r', "&#13;"}, {'\t', "&#9;"}};
  return escaped(text, escapes);
}

}  // namespace provphone::client::report
