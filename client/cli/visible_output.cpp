#include "client/cli/visible_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace provphone::client::cli {
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

VisibleOutput::VisibleOutput(std::ostream& stream, int descriptor)
    : stream_(stream), to_(isatty(descriptor) != 0 ? stream.rdbuf(this) : nullptr) {}

VisibleOutput::~VisibleOutput() {
  if (to_ == nullptr) return;
  const auto rest = text_.rest();
  to_->sputn(rest.data(), static_cast<std::streamsize>(rest.size()));
  stream_.rdbuf(to_);
}

std::streamsize VisibleOutput::xsputn(const char* text, std::streamsize length) {
  const auto visible = text_.visible({text, static_cast<std::size_t>(length)});
  const auto size = static_cast<std::streamsize>(visible.size());
  return to_->sputn(visible.data(), size) == size ? length : 0;
}

VisibleOutput::int_type VisibleOutput::overflow(int_type octet) {
  if (traits_type::eq_int_type(octet, traits_type::eof())) return traits_type::not_eof(octet);
  const auto c = traits_type::to_char_type(octet);
  return xsputn(&c, 1) == 1 ? octet : traits_type::eof();
}

int VisibleOutput::sync() {
  return to_->pubsync();
}

}  // namespace provphone::client::cli
