#include "profile/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace provphone::profile {
namespace {

constexpr std::size_t before_caret = 60;  // columns of a cut line to the left of the caret
constexpr std::size_t after_caret = 40;   // and from the caret on

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// How many octets of `text` are one printable character; 0 where its first octet begins none.
std::size_t printable_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  const auto rest = text.substr(1, length - 1);
  if (!std::all_of(rest.begin(), rest.end(), continues_character)) return 0;
  // c2 80 to c2 9f are control characters again.
  return first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0 ? 0 : length;
}

// What stands on the line, a column each.
struct Columns {
  std::vector<std::string_view> shown;
  std::size_t caret = 0;  // index of the column that holds the octet asked for
};

Columns split_columns(std::string_view line, std::size_t octet) {
  Columns columns;
  for (std::size_t at = 0; at < line.size();) {
    if (at <= octet) columns.caret = columns.shown.size();
    const auto length = printable_length(line.substr(at));
    columns.shown.push_back(length > 0         ? line.substr(at, length)
                            : line[at] == '\t' ? std::string_view(" ")
                                               : std::string_view("."));
    at += std::max<std::size_t>(length, 1);
  }
  if (octet >= line.size()) columns.caret = columns.shown.size();
  return columns;
}

// The line that is number `wanted`, without its line end; the last one where there are fewer.
std::string_view line_of(std::string_view text, std::size_t wanted) {
  for (std::size_t number = 1; number < wanted; ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

Position position_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  return {1 + static_cast<std::size_t>(lines),
          before.size() - (before.rfind('\n') + 1) + 1};  // npos + 1 is 0
}

std::string excerpt(std::string_view text, Position where) {
  auto line = line_of(text, where.line);
  std::size_t octet = std::min(where.column - 1, line.size());
  // A file on one line may be long; four octets are room for any character.
  const std::size_t skipped = octet - std::min(octet, 4 * before_caret + 4);
  line = line.substr(skipped, 4 * (before_caret + after_caret) + 8);
  octet -= skipped;

  const auto [shown, caret] = split_columns(line, octet);
  const std::size_t from = caret > before_caret ? caret - before_caret : 0;
  const std::size_t to = std::min(shown.size(), caret + after_caret);
  const std::string_view head = from > 0 || skipped > 0 ? "..." : "";
  std::string cut;
  for (std::size_t i = from; i < to; ++i) cut += shown[i];
  const std::string_view tail = to < shown.size() ? "..." : "";

  const auto number = std::to_string(where.line);
  return fmt::format("{} | {}{}{}\n{:{}} | {:{}}^\n", number, head, cut, tail, "", number.size(),
                     "", head.size() + caret - from);
}

}  // namespace provphone::profile
