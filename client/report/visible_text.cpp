#include "client/report/visible_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace provphone::client::report {
namespace {

using Octet = unsigned char;

constexpr bool continues(char c) {
  return (static_cast<Octet>(c) & 0xC0U) == 0x80;
}

// How long a character is that begins so; 0: none does.
std::size_t octets_of_character(char first) {
  const auto octet = static_cast<Octet>(first);
  if (octet < 0x80) return 1;
  if (octet >= 0xC2 && octet < 0xE0) return 2;
  if (octet >= 0xE0 && octet < 0xF0) return 3;
  return octet >= 0xF0 && octet < 0xF5 ? 4 : 0;
}

// Of a whole one, without a look at whether it is well chosen.
std::uint32_t code_point(std::string_view character) {
  constexpr std::array<std::uint32_t, 5> first_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  auto code = static_cast<Octet>(character.front()) & first_bits[character.size()];
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<Octet>(c) & 0x3FU);
  return code;
}

// C1 controls, DEL, and the marks, embeddings, overrides and isolates of the bidirectional
// algorithm.
bool is_obeyed(std::uint32_t code) {
  return (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string shown_octet(char octet) {
  return fmt::format("<{:02X}>", static_cast<Octet>(octet));
}

// Octets from the front of `text` that are one character as far as they go.
std::size_t begun(std::string_view text, std::size_t length) {
  std::size_t count = 1;
  while (count < std::min(length, text.size()) && continues(text[count])) ++count;
  return count;
}

}  // namespace

std::string VisibleText::visible(std::string_view piece) {
  const auto whole = std::exchange(waiting_, {}).append(piece);
  std::string out;
  for (std::string_view text = whole; !text.empty();) {
    const auto length = octets_of_character(text.front());
    const auto count = begun(text, length);
    if (length > count && count == text.size()) {
      waiting_ = text;
      break;
    }
    const auto character = text.substr(0, count);
    if (count != length) {
      out += shown_octet(text.front());
      text.remove_prefix(1);
      continue;
    }
    const auto code = code_point(character);
    if (is_obeyed(code)) {
      out += fmt::format("<U+{:04X}>", code);
    } else {
      out += character;
    }
    text.remove_prefix(count);
  }
  return out;
}

std::string VisibleText::rest() {
  std::string out;
  for (const char octet : std::exchange(waiting_, {})) out += shown_octet(octet);
  return out;
}

std::string visible_line(std::string_view text) {
  VisibleText whole;
  auto line = whole.visible(text);
  line += whole.rest();
  const auto is_control = [](char c) { return static_cast<Octet>(c) < 0x20; };
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  return line;
}

}  // namespace provphone::client::report
