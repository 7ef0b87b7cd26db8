#include "client/scenario/template.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provphone::client::scenario {
namespace {

using PieceKind = TemplatePiece::Kind;

constexpr unsigned widest = 20;

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_';
}

// `04X` of `{index:04X}`.
bool take_format(std::string_view format, TemplatePiece& piece) {
  if (format.starts_with('0')) {
    piece.zeros = true;
    format.remove_prefix(1);
  }
  unsigned width = 0;
  const auto [end, error] = std::from_chars(format.data(), format.data() + format.size(), width);
  // No digit at all is no width, and no fault.
  if (error == std::errc::result_out_of_range || width > widest) return false;
  piece.width = static_cast<std::uint8_t>(width);
  format.remove_prefix(static_cast<std::size_t>(end - format.data()));
  if (format.empty()) return true;
  piece.base = format.front();
  return format == "d" || format == "x" || format == "X";
}

// `+1000` and `:04X` behind `index`.
bool take_index(std::string_view rest, TemplatePiece& piece) {
  piece.kind = PieceKind::index;
  if (rest.starts_with('+')) {
    const auto* begin = rest.data() + 1;
    const auto [end, error] = std::from_chars(begin, rest.data() + rest.size(), piece.add);
    if (error != std::errc{}) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  if (rest.empty()) return true;
  return rest.front() == ':' && take_format(rest.substr(1), piece);
}

Result<TemplatePiece> parse_hole(std::string_view hole) {
  TemplatePiece piece;
  const auto name = hole.substr(
      0,
      static_cast<std::size_t>(std::find_if_not(hole.begin(), hole.end(), is_word) - hole.begin()));
  const auto rest = hole.substr(name.size());
  if (name == "index") {
    if (take_index(rest, piece)) return piece;
    return fail(Errc::bad_argument,
                fmt::format("'{{{}}}': expected {{index}}, {{index:04X}} or {{index+1000}}", hole));
  }
  if (!rest.empty() || !is_variable_name(name)) {
    return fail(Errc::bad_argument,
                fmt::format("'{{{}}}' is no variable; write {{{{ for a brace", hole));
  }
  piece.kind = name == "mac"     ? PieceKind::mac
               : name == "group" ? PieceKind::group
                                 : PieceKind::variable;
  piece.text = name;
  return piece;
}

void add_text(Template& text, std::string_view more) {
  if (more.empty()) return;
  if (text.pieces.empty() || text.pieces.back().kind != PieceKind::text) text.pieces.emplace_back();
  text.pieces.back().text.append(more);
}

std::string expand_index(const TemplatePiece& piece, std::uint32_t index) {
  // The sum of two numbers of 32 bits may need one more.
  const std::uint64_t number = std::uint64_t{index} + piece.add;
  auto digits = piece.base == 'x'   ? fmt::format("{:x}", number)
                : piece.base == 'X' ? fmt::format("{:X}", number)
                                    : fmt::format("{}", number);
  if (digits.size() < piece.width)
    digits.insert(0, piece.width - digits.size(), piece.zeros ? '0' : ' ');
  return digits;
}

std::string_view variable(const Variables& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view{} : found->second;
}

// An empty cell is as if the group alone had the variable.
std::string_view cell(const TemplateValues& values, std::string_view name) {
  const auto text = values.inventory != nullptr
                        ? variable_in(*values.inventory, values.row, name).value_or("")
                        : std::string_view{};
  return text.empty() ? variable(values.variables, name) : text;
}

}  // namespace

bool is_variable_name(std::string_view text) {
  return !text.empty() && !ascii::is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), is_word);
}

bool Template::differs_within_group() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const TemplatePiece& piece) {
    return piece.kind == PieceKind::index || piece.kind == PieceKind::mac ||
           piece.kind == PieceKind::column;
  });
}

Result<Template> parse_template(std::string_view text) {
  Template parsed;
  for (std::size_t at = 0; at < text.size();) {
    const auto brace = std::min(text.find_first_of("{}", at), text.size());
    add_text(parsed, text.substr(at, brace - at));
    if (brace == text.size()) break;
    const auto two = text.substr(brace, 2);
    if (two == "{{" || two == "}}") {
      add_text(parsed, two.substr(1));
      at = brace + 2;
      continue;
    }
    const auto end = text.find_first_of("{}", brace + 1);
    if (two.front() == '}' || end == std::string_view::npos || text[end] == '{') {
      return fail(Errc::bad_argument,
                  fmt::format("the brace at offset {} has no other; write {{{{ or }}}} for a brace",
                              brace));
    }
    TRY(auto piece, parse_hole(text.substr(brace + 1, end - brace - 1)));
    parsed.pieces.push_back(std::move(piece));
    at = end + 1;
  }
  return parsed;
}

std::string expand(const Template& text, const TemplateValues& values) {
  std::string expanded;
  for (const auto& piece : text.pieces) {
    switch (piece.kind) {
      case PieceKind::text:
        expanded.append(piece.text);
        break;
      case PieceKind::index:
        expanded.append(expand_index(piece, values.index));
        break;
      case PieceKind::mac:
        expanded.append(format_lower(values.mac));
        break;
      case PieceKind::group:
        expanded.append(values.group);
        break;
      case PieceKind::variable:
        expanded.append(variable(values.variables, piece.text));
        break;
      case PieceKind::column:
        expanded.append(cell(values, piece.text));
        break;
    }
  }
  return expanded;
}

}  // namespace provphone::client::scenario
