#include "macro/remarks.hpp"

#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace provphone::macro {
namespace {

// What other systems call a fact of the phone, and its macro.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> other_names{{
    {"mac", "MA"},
    {"macaddress", "MA"},
    {"model", "PN"},
    {"serial", "SN"},
    {"ipaddress", "IP"},
    {"firmware", "SWVER"},
    {"version", "SWVER"},
}};

std::string mapped(std::string_view text, char (*map)(char)) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), map);
  return out;
}

char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_known(std::string_view name, const Lookup& lookup) {
  std::string value;
  return lookup(name, value);
}

// The macro that may have been meant, as it is to be typed; empty where nothing comes to mind.
std::string meant_by(std::string_view name, const Lookup& lookup) {
  auto plain = mapped(name, ascii::to_lower);
  std::erase(plain, '_');
  const auto other = std::find_if(other_names.begin(), other_names.end(),
                                  [&](const auto& row) { return row.first == plain; });
  if (other != other_names.end()) return fmt::format("${}", other->second);
  const auto upper = mapped(name, to_upper);
  if (upper != name && is_known(upper, lookup)) return "$" + upper;
  // `$MAUx` was `$MAU` and an x.
  for (auto part = name.size() - 1; part > 1; --part) {
    if (is_known(name.substr(0, part), lookup))
      return fmt::format("$({}){}", name.substr(0, part), name.substr(part));
  }
  return {};
}

// --- templates

constexpr bool in_field_name(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '-' || c == '.';
}

// What other programs put around the name of a field.
struct Marks {
  std::string_view open, close;
};
// Longer marks come first.
constexpr std::array<Marks, 6> templates{{
    {"{{", "}}"},
    {"${", "}"},
    {"<%=", "%>"},
    {"{", "}"},
    {"%", "%"},
    {"<", ">"},
}};

bool is_escape(std::string_view text) {
  return text.size() > 2 && ascii::hex_value(text[1]) >= 0 && ascii::hex_value(text[2]) >= 0;
}

// The template's field that `text` begins with, marks included; empty where it is none.
std::string_view field_at(std::string_view text) {
  for (const auto& [open, close] : templates) {
    if (!text.starts_with(open)) continue;
    // Blanks are left beside the name by people, and beside a comparison's `<`.
    const auto skips = open.size() > 1;
    const auto begin = skips ? ascii::skip_space(text, open.size()) : open.size();
    const auto name_end = begin + ascii::run_length(text, begin, in_field_name);
    const auto end = skips ? ascii::skip_space(text, name_end) : name_end;
    const bool is_name = name_end > begin && ascii::is_alpha(text[begin]);
    if (!is_name || !text.substr(end).starts_with(close)) continue;
    // `%AB-%20` holds two octets that a URL escapes.
    if (open == "%" && is_escape(text) && is_escape(text.substr(end))) continue;
    return text.substr(0, end + close.size());
  }
  return {};
}

std::vector<std::string_view> fields_in(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto field = field_at(text.substr(at));
    if (!field.empty() && std::find(found.begin(), found.end(), field) == found.end())
      found.push_back(field);
    at += std::max<std::size_t>(field.size(), 1);
  }
  return found;
}

}  // namespace

std::vector<std::string> remarks_on(std::string_view text, const Expansion& how) {
  std::vector<std::string> remarks;
  for (const auto name : unknown_macros(text, how)) {
    const auto meant = meant_by(name, how.lookup);
    remarks.push_back(
        meant.empty() ? fmt::format("there is no macro `{}`: it stays as it is", name)
                      : fmt::format("there is no macro `{}` (did you mean `{}`?)", name, meant));
  }
  for (const auto field : fields_in(text))
    remarks.push_back(fmt::format("`{}` looks like a template that was not filled in", field));
  return remarks;
}

}  // namespace provphone::macro
