#include "client/evidence/detail/yaml_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence::detail {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    constexpr unsigned char blank = 0x20, last_of_ascii = 0x7e;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (octet < blank || octet > last_of_ascii) {
      out += fmt::format("\\x{:02x}", octet);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string as_template(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '{' || c == '}') out += c;
  }
  return out;
}

std::string duration(std::chrono::milliseconds ms) {
  using std::chrono::milliseconds;
  const auto fit = std::clamp(ms, milliseconds(0), milliseconds(longest_duration));
  return fmt::format("{}s", std::chrono::ceil<std::chrono::seconds>(fit).count());
}

void YamlLines::line(std::string_view text, std::string_view remark) {
  text_ += text;
  if (!remark.empty()) text_ += fmt::format("  # {}", remark);
  text_ += '\n';
}

void YamlLines::comment(std::string_view text, std::size_t indent) {
  constexpr std::size_t columns = 98;
  while (!text.empty()) {
    const auto room = columns - indent;
    auto length = text.size();
    if (length > room) {
      const auto blank = text.rfind(' ', room);
      length = blank == std::string_view::npos ? std::min(text.find(' '), text.size()) : blank;
    }
    text_ += std::string(indent, ' ') + "# ";
    // Names of files may hold anything.
    for (const char c : text.substr(0, length))
      text_ += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    text_ += '\n';
    text.remove_prefix(std::min(text.size(), length + 1));
  }
}

}  // namespace provphone::client::evidence::detail
