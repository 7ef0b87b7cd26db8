#include "profile/catalogue.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace provphone::profile {

// Embedded by the build: profile/catalogue.tsv and profile/roles.tsv.
extern const std::string_view catalogue_tsv;
extern const std::string_view roles_tsv;

namespace {

constexpr EnumArray<Generation, std::string_view> generation_names{{"spa", "mpp11", "mpp12"}};
constexpr EnumArray<Role, std::string_view> role_names{{"stored", "acts"}};

// A line of catalogue.tsv; the file itself says what its fields are.
struct Row {
  std::string_view name, numbers, type, secret, allowed;
  EnumArray<Generation, std::string_view> factory;
};

struct Catalogue {
  std::vector<Parameter> parameters;
  std::vector<EnumArray<Generation, std::string_view>> factory;  // by ParameterId
  std::unordered_map<std::string_view, ParameterId> by_name;
  // By letters_of() the name; one that several parameters share is not in it.
  std::unordered_map<std::string, ParameterId> by_letters;
};

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != '.' && c != '-') letters.push_back(ascii::to_lower(c));
  }
  return letters;
}

// Takes what stands before the first `separator` off the front of `text`; all of it where there is
// none.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const auto end = text.find(separator);
  const auto taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  return taken;
}

Row parse_row(std::string_view line) {
  Row row;
  row.name = take_until(line, "\t");
  row.numbers = take_until(line, "\t");
  row.type = take_until(line, "\t");
  row.secret = take_until(line, "\t");
  row.allowed = take_until(line, "\t");
  for (auto& value : row.factory) value = take_until(line, "\t");
  return row;
}

int parse_number(std::string_view text) {
  int value = 0;
  [[maybe_unused]] const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  assert(read.ec == std::errc{});
  return value;
}

// Proxy_#_ with 1..16 stands for Proxy_1_ to Proxy_16_; of two ranges the first is for the first #.
std::vector<std::string> expand_family(const Row& row) {
  std::vector<std::string> names{std::string(row.name)};
  for (auto ranges = row.numbers; !ranges.empty();) {
    auto range = take_until(ranges, ",");
    const int first = parse_number(take_until(range, ".."));
    const int last = parse_number(range);
    std::vector<std::string> next;
    for (const auto& name : names) {
      const auto hole = name.find('#');
      for (int i = first; i <= last; ++i) {
        next.push_back(std::string(name).replace(hole, 1, std::to_string(i)));
      }
    }
    names = std::move(next);
  }
  return names;
}

// A line of roles.tsv behind its name.
struct RoleRow {
  std::string_view tab;
  Role role = Role::stored;
  std::string_view why;
};
using Roles = std::unordered_map<std::string_view, RoleRow>;

Roles load_roles() {
  Roles roles;
  for (auto text = roles_tsv; !text.empty();) {
    auto line = take_until(text, "\n");
    if (line.empty() || line.starts_with('#')) continue;
    const auto name = take_until(line, "\t");
    const auto tab = take_until(line, "\t");
    const auto role = role_names.key_of(take_until(line, "\t"));
    assert(role);
    roles.emplace(name, RoleRow{tab, *role, line});
  }
  return roles;
}

// A row of the catalogue takes its role with it; what is left over at the end is about no
// parameter.
void add_row(Catalogue& catalogue, const Row& row, Roles& roles) {
  RoleRow role;
  if (const auto found = roles.find(row.name); found != roles.end()) {
    role = found->second;
    roles.erase(found);
  }
  for (auto& name : expand_family(row)) {
    catalogue.parameters.push_back({std::move(name), std::string(row.type), !row.secret.empty(),
                                    row.allowed, role.role, role.tab, role.why});
    catalogue.factory.push_back(row.factory);
  }
}

Catalogue load_catalogue() {
  Catalogue catalogue;
  Roles roles = load_roles();
  std::vector<std::pair<std::string_view, std::string_view>> aliases;
  for (auto text = catalogue_tsv; !text.empty();) {
    auto line = take_until(text, "\n");
    if (line.empty() || line.starts_with('#')) continue;
    // A row has tabs even where all its fields are empty, an alias has none.
    if (line.find(" = ") != std::string_view::npos && line.find('\t') == std::string_view::npos) {
      const auto alias = take_until(line, " = ");
      aliases.emplace_back(alias, line);
    } else {
      add_row(catalogue, parse_row(line), roles);
    }
  }
  assert(roles.empty());
  assert(catalogue.parameters.size() <= std::numeric_limits<std::uint16_t>::max());
  // The names are viewed only now that no growing vector moves them any more.
  for (std::size_t i = 0; i < catalogue.parameters.size(); ++i) {
    catalogue.by_name.emplace(catalogue.parameters[i].name, ParameterId(i));
  }
  std::vector<std::string> shared;
  for (std::size_t i = 0; i < catalogue.parameters.size(); ++i) {
    auto letters = letters_of(catalogue.parameters[i].name);
    if (!catalogue.by_letters.emplace(letters, ParameterId(i)).second)
      shared.push_back(std::move(letters));
  }
  for (const auto& letters : shared) catalogue.by_letters.erase(letters);
  for (const auto& [alias, target] : aliases) {
    catalogue.by_name.emplace(alias, catalogue.by_name.at(target));
  }
  return catalogue;
}

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue();
  return loaded;
}

}  // namespace

std::string_view name(Generation generation) {
  return generation_names[generation];
}

std::optional<Generation> parse_generation(std::string_view text) {
  return generation_names.key_of(text);
}

std::string_view name(Role role) {
  return role_names[role];
}

std::size_t parameter_count() {
  return catalogue().parameters.size();
}

const Parameter& parameter(ParameterId id) {
  return catalogue().parameters[static_cast<std::size_t>(id)];
}

std::string_view default_value(ParameterId id, Generation generation) {
  return catalogue().factory[static_cast<std::size_t>(id)][generation];
}

std::optional<ParameterId> find_parameter(std::string_view name) {
  const auto found = catalogue().by_name.find(name);
  if (found == catalogue().by_name.end()) return std::nullopt;
  return found->second;
}

std::optional<ParameterId> parameter_of_same_letters(std::string_view name) {
  if (find_parameter(name)) return std::nullopt;
  const auto found = catalogue().by_letters.find(letters_of(name));
  if (found == catalogue().by_letters.end()) return std::nullopt;
  return found->second;
}

// R-XML-32: each blank and each bracket, parenthesis or slash is one underscore.
std::string element_name(std::string_view label) {
  std::string name(label);
  for (char& c : name) {
    const bool stays = (ascii::to_lower(c) >= 'a' && ascii::to_lower(c) <= 'z') ||
                       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (!stays) c = '_';
  }
  const bool may_begin = !name.empty() && name.front() != '.' && name.front() != '-' &&
                         !(name.front() >= '0' && name.front() <= '9');
  return may_begin ? name : "_" + name;
}

// Letters of another case count half, so that gpp_a is nearer to GPP_A than to GPP_B; two
// neighbours that changed places count once.
std::size_t spelling_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = 2 * i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = a[i - 1], y = b[j - 1];
      const std::size_t change = x == y ? 0 : ascii::to_lower(x) == ascii::to_lower(y) ? 1 : 2;
      next[j] = std::min({row[j - 1] + change, row[j] + 2, next[j - 1] + 2});
      if (i > 1 && j > 1 && x == b[j - 2] && y == a[i - 2])
        next[j] = std::min(next[j], before[j - 2] + 2);
    }
    before.swap(row);
    row.swap(next);
  }
  return row.back();
}

std::string_view nearest_parameter(std::string_view name) {
  std::string_view nearest;
  // Wrong case altogether is near; else about a third of the letters may be wrong, and not more
  // than four.
  std::size_t limit = 2 * std::min<std::size_t>(name.size() / 3, 4) + 1;
  for (const auto& candidate : catalogue().parameters) {
    const std::string_view other = candidate.name;
    if (std::equal(name.begin(), name.end(), other.begin(), other.end(),
                   [](char a, char b) { return ascii::to_lower(a) == ascii::to_lower(b); })) {
      return other;
    }
    if (other.size() > name.size() + limit / 2 || name.size() > other.size() + limit / 2) continue;
    if (const auto distance = spelling_distance(name, other); distance < limit) {
      limit = distance;
      nearest = other;
    }
  }
  return nearest;
}

}  // namespace provphone::profile
