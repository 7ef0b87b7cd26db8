#include "client/report/screen_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace provphone::client::report {
namespace {

using CodeRange = std::pair<std::uint32_t, std::uint32_t>;

// Marks that combine, joiners, and selectors of variants.
constexpr std::array<CodeRange, 9> no_column{{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x064B, 0x065F},
                                              {0x1AB0, 0x1AFF},
                                              {0x200B, 0x200F},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};

// Scripts of East Asia, their full-width forms, and pictures.
constexpr std::array<CodeRange, 12> two_columns{{{0x1100, 0x115F},
                                                 {0x2E80, 0x303E},
                                                 {0x3041, 0xA4CF},
                                                 {0xA960, 0xA97F},
                                                 {0xAC00, 0xD7A3},
                                                 {0xF900, 0xFAFF},
                                                 {0xFE30, 0xFE6F},
                                                 {0xFF00, 0xFF60},
                                                 {0xFFE0, 0xFFE6},
                                                 {0x1F300, 0x1F64F},
                                                 {0x1F680, 0x1FAFF},
                                                 {0x20000, 0x3FFFD}}};

template <std::size_t size>
bool is_in(const std::array<CodeRange, size>& ranges, std::uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [code](const CodeRange& range) {
    return code >= range.first && code <= range.second;
  });
}

std::size_t columns_of_code(std::uint32_t code) {
  if (code < 0x300) return 1;
  if (is_in(no_column, code)) return 0;
  return is_in(two_columns, code) ? 2 : 1;
}

// What stands at the beginning of a text: a character, or a colour.
struct Piece {
  std::string_view text;
  std::size_t columns = 0;
  bool is_colour = false;
};

Piece first_piece(std::string_view text) {
  if (text.front() == '\x1b') {
    const auto end = text.find('m');
    return {text.substr(0, end == text.npos ? end : end + 1), 0, true};
  }
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  auto code = length == 1 ? std::uint32_t{first} : std::uint32_t{first} & (0x7FU >> length);
  const auto character = text.substr(0, length);
  for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned>(c) & 0x3FU);
  return {character, columns_of_code(code), false};
}

// What fits into so many columns, and whether a colour is still on behind it.
struct Prefix {
  std::string_view text;
  bool is_coloured = false;
};

Prefix prefix_of(std::string_view line, std::size_t columns) {
  Prefix prefix;
  std::size_t used = 0, length = 0;
  while (length < line.size()) {
    const auto piece = first_piece(line.substr(length));
    used += piece.columns;
    if (used > columns) break;
    if (piece.is_colour) prefix.is_coloured = piece.text != "\x1b[0m";
    length += piece.text.size();
  }
  prefix.text = line.substr(0, length);
  return prefix;
}

std::string_view sign_of_more(Charset charset) {
  return charset == Charset::utf8 ? "…" : ">";
}

constexpr std::array<std::string_view, 8> eighths_high{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> eighths_wide{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
constexpr std::array<std::string_view, 8> heights_in_ascii{".", ".", ":", ":", "|", "|", "#", "#"};

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto piece = first_piece(text);
    columns += piece.columns;
    text.remove_prefix(piece.text.size());
  }
  return columns;
}

std::string_view first_columns(std::string_view text, std::size_t columns) {
  return prefix_of(text, columns).text;
}

std::string clipped(std::string_view line, std::size_t columns, Charset charset) {
  const auto all = prefix_of(line, columns);
  const bool fits = line.find_first_not_of(' ', all.text.size()) == line.npos;
  const bool has_only_colours_left = columns_of(line.substr(all.text.size())) == 0;
  if (fits || has_only_colours_left || columns == 0)
    return std::string(all.text) + (all.is_coloured ? "\x1b[0m" : "");
  const auto most = prefix_of(line, columns - 1);
  std::string text(most.text);
  text += sign_of_more(charset);
  return most.is_coloured ? text + "\x1b[0m" : text;
}

std::string fitted(std::string_view text, std::size_t columns, Charset charset) {
  auto cut = clipped(text, columns, charset);
  const auto used = columns_of(cut);
  return cut.append(columns - std::min(columns, used), ' ');
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  while (columns_of(text) > columns) {
    // A blank right behind what fits is where it ends.
    const auto fits = prefix_of(text, columns).text.size();
    const auto begin = std::min(text.find_first_not_of(' '), text.size());
    auto end = text.rfind(' ', fits);
    if (end == text.npos || end < begin) end = text.find(' ', begin);
    if (end == text.npos) break;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

Bar bar_of(double share, std::size_t columns, Charset charset) {
  const auto eighths =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(columns * 8));
  Bar bar;
  const bool is_utf8 = charset == Charset::utf8;
  for (std::size_t i = 0; i < eighths / 8; ++i) bar.full += is_utf8 ? "█" : "#";
  auto used = eighths / 8;
  if (is_utf8 && eighths % 8 > 0) {
    bar.full += eighths_wide[eighths % 8];
    ++used;
  }
  for (; used < columns; ++used) bar.empty += is_utf8 ? "·" : ".";
  return bar;
}

std::vector<std::string> chart_of(const std::vector<double>& values, std::size_t rows,
                                  Charset charset) {
  std::vector<std::string> lines(rows);
  const auto largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  const auto& steps = charset == Charset::utf8 ? eighths_high : heights_in_ascii;
  for (const auto value : values) {
    const auto full = static_cast<double>(rows * 8);
    auto height = largest > 0 ? static_cast<std::size_t>(std::lround(value / largest * full)) : 0;
    if (value > 0) height = std::max<std::size_t>(height, 1);
    for (std::size_t row = 0; row < rows; ++row) {
      const auto below = (rows - 1 - row) * 8;
      const auto here = height > below ? std::min<std::size_t>(height - below, 8) : 0;
      lines[row] += here == 0 ? " " : steps[here - 1];
    }
  }
  return lines;
}

}  // namespace provphone::client::report
