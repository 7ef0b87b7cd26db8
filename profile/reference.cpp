#include "profile/reference.hpp"

#include "macro/whole_number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace provphone::profile {
namespace {

// The longest is &#x10FFFF;, leading zeros apart; a bound keeps a file of ampersands cheap.
constexpr std::size_t longest_reference = 16;

// The octets of `&#` or `&#x` and of the zeros behind it, which count for nothing however many
// there are; 0 for another reference.
std::size_t leading_zeros(std::string_view text) {
  if (!text.starts_with("&#")) return 0;
  const std::size_t begin = text.starts_with("&#x") ? 3 : 2;
  return std::min(text.find_first_not_of('0', begin), text.size());
}

constexpr std::array<std::pair<std::string_view, char32_t>, 5> entities{
    {{"amp", U'&'}, {"lt", U'<'}, {"gt", U'>'}, {"apos", U'\''}, {"quot", U'"'}}};

// The characters a document may hold, XML 1.0 production 2.
bool is_xml_character(std::uint32_t c) {
  return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c <= 0xd7ff) ||
         (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

std::optional<char32_t> parse_character_number(std::string_view digits) {
  const int base = digits.starts_with('x') ? 16 : 10;
  if (base == 16) digits.remove_prefix(1);
  const auto value = parse_whole(digits, std::numeric_limits<std::uint32_t>::max(), base);
  if (!value || !is_xml_character(*value)) return std::nullopt;
  return char32_t{*value};
}

std::optional<char32_t> parse_name(std::string_view name) {
  if (name.starts_with('#')) return parse_character_number(name.substr(1));
  for (const auto& [entity, character] : entities) {
    if (entity == name) return character;
  }
  return std::nullopt;
}

// RFC 3629. `c` is a character that XML allows, so no surrogate and nothing above 10FFFF.
void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t octet) { out.push_back(static_cast<char>(octet)); };
  const auto put_rest = [&](int shift) { put(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put_rest(6);
  } else {
    put(0xf0 | c >> 18);
    put_rest(12);
    put_rest(6);
  }
  put_rest(0);
}

}  // namespace

std::optional<Reference> parse_reference(std::string_view text) {
  const auto end = text.substr(0, leading_zeros(text) + longest_reference).find(';');
  if (!text.starts_with('&') || end == std::string_view::npos) return std::nullopt;
  const auto character = parse_name(text.substr(1, end - 1));
  if (!character) return std::nullopt;
  return Reference{*character, end + 1};
}

void append_resolved(std::string& out, std::string_view raw) {
  while (true) {
    const auto ampersand = raw.find('&');
    out.append(raw.substr(0, ampersand));
    if (ampersand == std::string_view::npos) return;
    raw.remove_prefix(ampersand);
    const auto reference = parse_reference(raw);
    if (reference) {
      append_utf8(out, reference->character);
    } else {
      out.push_back('&');
    }
    raw.remove_prefix(reference ? reference->length : 1);
  }
}

}  // namespace provphone::profile
