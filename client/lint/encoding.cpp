#include "client/lint/encoding.hpp"

#include "client/trace/json_octets.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::lint {
namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// The octets of the character that `text` begins with, which is beyond ASCII; 0 where it is none.
std::size_t wide_character(std::string_view text) {
  for (std::size_t length = 2; length <= std::min<std::size_t>(text.size(), 4); ++length) {
    if (trace::is_utf8(text.substr(0, length))) return length;
  }
  return 0;
}

// Where the first octet is that is of no character; npos: nowhere.
std::size_t first_stray_octet(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_ascii(text[at])) {
      ++at;
      continue;
    }
    const auto length = wide_character(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

// What the declaration calls the encoding; empty where it says nothing.
std::string_view declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  const auto declaration = text.substr(0, text.find("?>"));
  constexpr std::string_view label = "encoding=";
  const auto at = declaration.find(label);
  if (at == std::string_view::npos) return {};
  const auto value = declaration.substr(at + label.size());
  return value.empty() ? value : value.substr(1, value.find(value.front(), 1) - 1);
}

}  // namespace

std::vector<Finding> encoding_findings(std::string_view text) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_ascii);
  if (first == text.end()) return {};
  if (const auto stray = first_stray_octet(text); stray != std::string_view::npos) {
    auto finding = finding_of(
        Kind::encoding, "",
        fmt::format("octet {:02x} is of no UTF-8 character; phones keep octets as they come",
                    static_cast<unsigned char>(text[stray])));
    finding.position = profile::position_at(text, stray);
    return {finding};
  }
  const auto declared = declared_encoding(text);
  if (declared.empty() || ascii::equal_ignoring_case(declared, "utf-8")) return {};
  auto finding = finding_of(Kind::encoding, "",
                            fmt::format("the declaration says {}, the file is UTF-8, and phones do "
                                        "not look at the declaration",
                                        declared));
  finding.position = profile::position_at(text, static_cast<std::size_t>(first - text.begin()));
  return {finding};
}

}  // namespace provphone::client::lint
