#include "profile/origin.hpp"

#include "profile/detail/table_lines.hpp"

#include <cassert>

namespace provphone::profile {

// Embedded by the build: profile/sources.tsv.
extern const std::string_view sources_tsv;

namespace {

using detail::read_lines;
using detail::take_until;

constexpr EnumArray<ProductLine, std::string_view> line_names{
    {"spa", "mpp11", "mpp12", "ata", "phoneos"}};
constexpr EnumArray<ProductLine, std::string_view> line_products{
    {"SPA phones", "MPP phones before 11.3", "MPP phones", "ATAs", "PhoneOS phones"}};

// 11.3(1) and later; releases before that are mpp11's.
bool is_since_mpp12(std::string_view since) {
  return !since.empty() && !since.starts_with("11.0") && !since.starts_with("11.1") &&
         !since.starts_with("11.2");
}

// `mpp` in sources.tsv is both lines.
void mark(Origin& origin, std::string_view word) {
  const auto presence = word.starts_with('-') ? Presence::lacks : Presence::has;
  if (presence == Presence::lacks) word.remove_prefix(1);
  if (word == "mpp") {
    origin.in[ProductLine::mpp12] = presence;
    origin.in[ProductLine::mpp11] =
        is_since_mpp12(origin.since) && presence == Presence::has ? Presence::lacks : presence;
    return;
  }
  const auto line = line_names.key_of(word);
  assert(line);
  origin.in[*line] = presence;
}

// FIRST.., ..LAST or FIRST..LAST, and `was OTHER` behind it.
void read_firmware(Origin& origin, std::string_view text) {
  auto range = take_until(text, " was ");
  origin.was = text;
  origin.since = take_until(range, "..");
  origin.until = range;
}

Origin parse_origin(std::string_view line) {
  Origin origin;
  origin.in = {};
  origin.row = take_until(line, "\t");
  auto lines = take_until(line, "\t");
  read_firmware(origin, take_until(line, "\t"));
  origin.sources = line;
  while (!lines.empty()) mark(origin, take_until(lines, " "));
  return origin;
}

// By Parameter::row.
const std::vector<Origin>& origins() {
  static const std::vector<Origin> loaded = [] {
    std::vector<Origin> all;
    read_lines(sources_tsv, [&](std::string_view line) { all.push_back(parse_origin(line)); });
    return all;
  }();
  return loaded;
}

std::string those_of(ParameterId id, Presence presence) {
  const auto& in = origin(id).in;
  std::string text;
  for (const auto line : every<ProductLine>) {
    // Where it is so of all MPP phones, one word is enough.
    const bool is_said = line == ProductLine::mpp11 && in[ProductLine::mpp12] == presence;
    if (in[line] != presence || is_said) continue;
    if (!text.empty()) text += ", ";
    text += line_products[line];
  }
  if (const auto last = text.rfind(", "); last != std::string::npos) text.replace(last, 2, " and ");
  return text;
}

}  // namespace

std::string_view name(ProductLine line) {
  return line_names[line];
}

std::string_view products(ProductLine line) {
  return line_products[line];
}

const Origin& origin(ParameterId id) {
  return origins()[parameter(id).row];
}

Presence presence(ParameterId id, ProductLine line) {
  return origin(id).in[line];
}

std::string_view source_of(std::string_view code) {
  for (auto text = sources_tsv; !text.empty();) {
    auto line = take_until(text, "\n");
    if (take_until(line, "\t") == "#" && take_until(line, "\t") == code) return line;
  }
  return {};
}

std::optional<ParameterId> renamed_to(ParameterId id) {
  for (const auto& origin : origins()) {
    if (!origin.was.empty() && origin.was == parameter(id).name) return find_parameter(origin.row);
  }
  return std::nullopt;
}

std::string owners(ParameterId id) {
  return those_of(id, Presence::has);
}

std::string those_without(ParameterId id) {
  return those_of(id, Presence::lacks);
}

}  // namespace provphone::profile
