#include "resync/load.hpp"

#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::resync {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

// Names are split where versions are, whichever of the three a server's owner likes.
std::vector<std::string_view> fields_of(std::string_view name) {
  std::vector<std::string_view> fields;
  while (true) {
    const auto end = name.find_first_of("-._");
    fields.push_back(name.substr(0, end));
    if (end == std::string_view::npos) return fields;
    name.remove_prefix(end + 1);
  }
}

// A version at the end of a load's name.
struct VersionInName {
  std::vector<std::string_view> numbers;
  std::string_view suffix;  // `b` of 2b, `SR5`; empty: none
};

// Takes `7` and `7b` from the end of the fields; false: the last one is neither.
bool take_last_number(std::vector<std::string_view>& fields, VersionInName& version) {
  if (fields.empty()) return false;
  auto last = fields.back();
  const auto letters = std::find_if_not(last.begin(), last.end(), ascii::is_digit) - last.begin();
  const auto number = last.substr(0, static_cast<std::size_t>(letters));
  const auto suffix = last.substr(number.size());
  if (number.empty() || !std::all_of(suffix.begin(), suffix.end(), ascii::is_alpha)) return false;
  if (!suffix.empty() && !version.suffix.empty()) return false;
  if (!suffix.empty()) version.suffix = suffix;
  version.numbers.push_back(number);
  fields.pop_back();
  return true;
}

// Nothing where there are not two numbers at least.
std::optional<VersionInName> version_in(std::string_view name) {
  constexpr std::size_t fewest = 2, most = 4;
  auto fields = fields_of(name);
  VersionInName version;
  // `5-a` and `1-SR5` are `5a` and `1SR5`.
  if (!fields.back().empty() && ascii::is_alpha(fields.back().front()) && fields.size() > fewest) {
    version.suffix = fields.back();
    fields.pop_back();
  }
  if (!take_last_number(fields, version)) return std::nullopt;
  while (version.numbers.size() < most && !fields.empty() && is_number(fields.back())) {
    version.numbers.insert(version.numbers.begin(), fields.back());
    fields.pop_back();
  }
  if (version.numbers.size() < fewest) return std::nullopt;
  return version;
}

std::string written(const VersionInName& version, LoadVersion how) {
  std::string text;
  for (const auto number : version.numbers) {
    if (!text.empty()) text += '.';
    text += number;
  }
  if (version.suffix.empty()) return text;
  // A word is in parentheses everywhere: 1.4.1(SR5).
  const bool is_word = version.suffix.size() > 1;
  return how == LoadVersion::in_parentheses || is_word ? fmt::format("{}({})", text, version.suffix)
                                                       : text + std::string(version.suffix);
}

// `11-1-0MSR3-9` of `ata192.11-1-0MSR3-9`.
std::string behind_prefix(std::string_view name) {
  const auto dot = name.find('.');
  const bool has_prefix = dot != std::string_view::npos && dot > 0 &&
                          !ascii::is_digit(name.front()) && dot + 1 < name.size() &&
                          ascii::is_digit(name[dot + 1]);
  return std::string(has_prefix ? name.substr(dot + 1) : name);
}

bool is_of_name(char c) {
  return ascii::is_digit(c) || ascii::is_alpha(c) || c == '.' || c == '-' || c == '_';
}

bool is_called_part(std::string_view word) {
  for (const std::string_view suffix : {".sbn", ".sgn", ".bin", ".img"}) {
    if (word.size() > suffix.size() && word.ends_with(suffix)) return true;
  }
  return false;
}

// `2MPP0001`, and not `1MN`.
bool is_mpp_field(std::string_view field) {
  const auto letters = std::find_if_not(field.begin(), field.end(), ascii::is_digit);
  const auto word = field.substr(static_cast<std::size_t>(letters - field.begin()));
  return letters != field.begin() && word.starts_with('M') && word != "MN";
}

// In small letters, where the file is a page or XML; else empty.
std::string head_of_markup(std::string_view beginning) {
  const auto first = beginning.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos || beginning[first] != '<') return {};
  return ascii::lowered(beginning.substr(first, 64));
}

bool is_page(std::string_view head) {
  return head.starts_with("<!doctype html") || head.starts_with("<html");
}

}  // namespace

std::string_view load_name(std::string_view path) {
  path = path.substr(0, path.find('?'));
  const auto slash = path.rfind('/');
  auto file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  for (const std::string_view suffix : {".loads", ".img", ".bin"}) {
    if (file.ends_with(suffix)) return file.substr(0, file.size() - suffix.size());
  }
  return file;
}

std::string firmware_of(std::string_view path, const Personality& personality) {
  const auto name = load_name(path);
  const auto how = personality.load_version;
  if (how == LoadVersion::name) return std::string(name);
  if (how == LoadVersion::without_prefix) return behind_prefix(name);
  const auto version = version_in(name);
  return version ? written(*version, how) : std::string(name);
}

bool is_list_of_parts(std::string_view path) {
  return path.substr(0, path.find('?')).ends_with(".loads");
}

bool is_called_load(std::string_view path) {
  return is_list_of_parts(path) || is_called_part(path.substr(0, path.find('?')));
}

std::vector<std::string> parts_in(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty() && parts.size() < most_parts) {
    const auto begin = std::find_if(list.begin(), list.end(), is_of_name);
    list.remove_prefix(static_cast<std::size_t>(begin - list.begin()));
    const auto end = std::find_if_not(list.begin(), list.end(), is_of_name);
    const auto word = list.substr(0, static_cast<std::size_t>(end - list.begin()));
    list.remove_prefix(word.size());
    const bool is_new = std::find(parts.begin(), parts.end(), word) == parts.end();
    if (is_called_part(word) && is_new) parts.emplace_back(word);
  }
  return parts;
}

bool is_enterprise_load(std::string_view load) {
  constexpr std::size_t fewest = 4;  // sip78xx, 14, 1, 1MN
  const auto fields = fields_of(load);
  return fields.size() >= fewest && load.starts_with("sip") && is_number(fields[1]) &&
         is_number(fields[2]) && std::none_of(fields.begin() + 1, fields.end(), is_mpp_field);
}

Result<void> check_licence(std::string_view beginning) {
  if (!is_page(head_of_markup(beginning))) return {};
  return fail(Errc::not_licensed, "the licence is an HTML page");
}

Result<void> check_load(std::string_view beginning) {
  const auto refuse = [](const char* what) {
    return fail(Errc::not_a_load, fmt::format("the file is {}", what));
  };
  if (const auto head = head_of_markup(beginning); !head.empty())
    return refuse(is_page(head) ? "an HTML page" : "XML");
  const auto is_text = [](unsigned char c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c != 0x7f);
  };
  if (std::all_of(beginning.begin(), beginning.end(), is_text)) return refuse("a text");
  return {};
}

}  // namespace provphone::resync
