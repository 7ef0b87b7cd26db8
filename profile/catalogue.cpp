#include "profile/catalogue.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/fnv1a.hpp"
#include "profile/detail/table_lines.hpp"

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

using detail::read_lines;
using detail::take_until;

constexpr EnumArray<Generation, std::string_view> generation_names{{"spa", "mpp11", "mpp12"}};
constexpr EnumArray<Role, std::string_view> role_names{{"stored", "acts"}};

// A line of catalogue.tsv; the file itself says what its fields are.
struct Row {
  std::string_view name, numbers, type, marks, allowed;
  EnumArray<Generation, std::string_view> factory;
};

struct Catalogue {
  std::vector<Parameter> parameters;
  std::vector<EnumArray<Generation, std::string_view>> factory;  // by ParameterId
  std::uint16_t rows = 0;
  std::unordered_map<std::string_view, ParameterId> by_name;
};

// A parameter by the letters of its name; a print for the letters, since there are thousands.
struct Letters {
  std::uint64_t print;
  ParameterId id;

  friend bool operator<(const Letters& a, const Letters& b) { return a.print < b.print; }
};

// What is asked for names that are no parameter's alone, and hence made when the first one is.
struct Spellings {
  std::vector<Letters> letters;                                      // of every parameter, sorted
  std::unordered_map<std::string_view, std::string_view> numbers;    // of a family by its name
  std::unordered_map<std::string_view, std::string_view> misprints;  // what is meant
  std::vector<std::string_view> router_groups;
  std::vector<std::pair<std::string_view, OtherName>> others;  // by what is meant
};

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != '.' && c != '-') letters.push_back(ascii::to_lower(c));
  }
  return letters;
}

std::uint64_t print_of_letters(std::string_view name) {
  macro::Fnv1a<std::uint64_t> print;
  for (const char c : name) {
    if (c != '_' && c != '.' && c != '-')
      print.take(static_cast<unsigned char>(ascii::to_lower(c)));
  }
  return print.value();
}

Row parse_row(std::string_view line) {
  Row row;
  row.name = take_until(line, "\t");
  row.numbers = take_until(line, "\t");
  row.type = take_until(line, "\t");
  row.marks = take_until(line, "\t");
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

// FIRST..LAST, or FIRST..LAST..MOST.
struct Numbers {
  int first, last, most;
};

Numbers parse_numbers(std::string_view range) {
  Numbers numbers{};
  numbers.first = parse_number(take_until(range, ".."));
  numbers.last = parse_number(take_until(range, ".."));
  numbers.most = range.empty() ? numbers.last : parse_number(range);
  return numbers;
}

struct Member {
  std::string name;
  bool beyond = false;  // LAST
};

// Proxy_#_ with 1..16 stands for Proxy_1_ to Proxy_16_; of two ranges the first is for the first #.
std::vector<Member> expand_family(const Row& row) {
  std::vector<Member> members{{std::string(row.name)}};
  for (auto ranges = row.numbers; !ranges.empty();) {
    const auto numbers = parse_numbers(take_until(ranges, ","));
    std::vector<Member> next;
    next.reserve(members.size() * static_cast<std::size_t>(numbers.most - numbers.first + 1));
    for (const auto& member : members) {
      const auto hole = member.name.find('#');
      for (int i = numbers.first; i <= numbers.most; ++i) {
        next.push_back({std::string(member.name).replace(hole, 1, std::to_string(i)),
                        member.beyond || i > numbers.last});
      }
    }
    members = std::move(next);
  }
  return members;
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
  const bool secret = row.marks.find("secret") != std::string_view::npos;
  const bool elsewhere = row.marks.find("elsewhere") != std::string_view::npos;
  for (auto& [name, beyond] : expand_family(row)) {
    catalogue.parameters.push_back({std::move(name), row.type, secret, elsewhere || beyond,
                                    row.allowed, role.role, role.tab, role.why, catalogue.rows});
    catalogue.factory.push_back(row.factory);
  }
  ++catalogue.rows;
}

// A line that is not empty and no comment: a row has tabs even where all its fields are empty, the
// others have none.
enum class LineKind : std::uint8_t { row, alias, misprint, router_group };

LineKind kind_of(std::string_view line) {
  if (line.find('\t') != std::string_view::npos) return LineKind::row;
  if (line.find(" = ") != std::string_view::npos) return LineKind::alias;
  return line.find(" ~ ") != std::string_view::npos ? LineKind::misprint : LineKind::router_group;
}

Catalogue load_catalogue() {
  Catalogue catalogue;
  Roles roles = load_roles();
  std::vector<std::pair<std::string_view, std::string_view>> aliases;
  read_lines(catalogue_tsv, [&](std::string_view line) {
    const auto kind = kind_of(line);
    if (kind == LineKind::row) return add_row(catalogue, parse_row(line), roles);
    if (kind != LineKind::alias) return;
    const auto alias = take_until(line, " = ");
    aliases.emplace_back(alias, line);
  });
  assert(roles.empty());
  assert(catalogue.parameters.size() <= std::numeric_limits<std::uint16_t>::max());
  // The names are viewed only now that no growing vector moves them any more.
  catalogue.by_name.reserve(catalogue.parameters.size() + aliases.size());
  for (std::size_t i = 0; i < catalogue.parameters.size(); ++i) {
    catalogue.by_name.emplace(catalogue.parameters[i].name, ParameterId(i));
  }
  for (const auto& [alias, target] : aliases) {
    catalogue.by_name.emplace(alias, catalogue.by_name.at(target));
  }
  return catalogue;
}

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue();
  return loaded;
}

Spellings make_spellings() {
  Spellings spellings;
  const auto& parameters = catalogue().parameters;
  spellings.letters.reserve(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    spellings.letters.push_back({print_of_letters(parameters[i].name), ParameterId(i)});
  }
  std::sort(spellings.letters.begin(), spellings.letters.end());
  read_lines(catalogue_tsv, [&](std::string_view line) {
    const auto kind = kind_of(line);
    if (kind == LineKind::misprint) {
      const auto misprint = take_until(line, " ~ ");
      spellings.misprints.emplace(misprint, line);
      spellings.others.push_back({line, {misprint, OtherName::Kind::misprint}});
    } else if (kind == LineKind::alias) {
      const auto alias = take_until(line, " = ");
      spellings.others.push_back({line, {alias, OtherName::Kind::second_spelling}});
    } else if (kind == LineKind::router_group) {
      spellings.router_groups.push_back(take_until(line, " / "));
    } else if (kind == LineKind::row) {
      const auto name = take_until(line, "\t");
      const auto numbers = take_until(line, "\t");
      if (!numbers.empty()) spellings.numbers.emplace(name, numbers);
    }
  });
  return spellings;
}

const Spellings& spellings() {
  static const Spellings made = make_spellings();
  return made;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Where each number in `name` begins.
std::vector<std::size_t> number_places(std::string_view name) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_digit(name[i]) && (i == 0 || !is_digit(name[i - 1]))) places.push_back(i);
  }
  return places;
}

// Proxy_17_ is Proxy_#_. `chosen` has a bit for each number, the first one's being the lowest.
std::string with_holes(std::string_view name, const std::vector<std::size_t>& places,
                       unsigned chosen) {
  std::string family(name);
  for (auto i = places.size(); i-- > 0;) {
    if ((chosen >> i & 1U) == 0) continue;
    std::size_t end = places[i];
    while (end < name.size() && is_digit(name[end])) ++end;
    family.replace(places[i], end - places[i], "#");
  }
  return family;
}

// `1..16` in words, and `1..4..12` is from 1 to 12.
std::string spoken_numbers(std::string_view ranges) {
  std::string text;
  while (!ranges.empty()) {
    const auto numbers = parse_numbers(take_until(ranges, ","));
    if (!text.empty()) text += " and ";
    text += std::to_string(numbers.first) + " to " + std::to_string(numbers.most);
  }
  return text;
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
  const auto& all = spellings().letters;
  const auto [first, last] =
      std::equal_range(all.begin(), all.end(), Letters{print_of_letters(name), {}});
  if (last - first != 1 || letters_of(parameter(first->id).name) != letters_of(name))
    return std::nullopt;
  return first->id;
}

std::string numbers_known_for(std::string_view name) {
  if (find_parameter(name)) return {};
  auto places = number_places(name);
  if (places.size() > 3) places.resize(3);  // more than any family has
  for (unsigned chosen = 1; chosen < 1U << places.size(); ++chosen) {
    const auto found = spellings().numbers.find(with_holes(name, places, chosen));
    if (found != spellings().numbers.end()) return spoken_numbers(found->second);
  }
  return {};
}

std::string_view meant_by_misprint(std::string_view name) {
  const auto found = spellings().misprints.find(name);
  return found == spellings().misprints.end() ? std::string_view{} : found->second;
}

bool is_router_group(std::string_view name) {
  const auto& groups = spellings().router_groups;
  return std::find(groups.begin(), groups.end(), name) != groups.end();
}

std::string numbers_of_row(std::string_view row) {
  const auto found = spellings().numbers.find(row);
  return found == spellings().numbers.end() ? std::string() : spoken_numbers(found->second);
}

std::vector<OtherName> other_names(ParameterId id) {
  std::vector<OtherName> found;
  for (const auto& [meant, other] : spellings().others) {
    if (meant == parameter(id).name) found.push_back(other);
  }
  return found;
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
