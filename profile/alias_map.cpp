#include "profile/alias_map.hpp"

#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::profile {
namespace {

constexpr std::string_view target_prefix = "/flat-profile/";

// `/path/element = /flat-profile/Parameter`
void add_entry(AliasMap& map, std::string_view text) {
  const auto equals = text.find('=');
  const auto suffix = ascii::trimmed(text.substr(0, equals));
  const auto target =
      equals == std::string_view::npos ? "" : ascii::trimmed(text.substr(equals + 1));
  const auto ignore = [&](std::string why) {
    map.ignored.push_back({fmt::format("alias {}", suffix), std::move(why)});
  };
  if (suffix.size() < 2 || suffix.front() != '/' || !target.starts_with(target_prefix)) {
    return ignore("not of the form /path/element = /flat-profile/Parameter");
  }
  const auto id = find_parameter(target.substr(target_prefix.size()));
  if (!id) return ignore("its target is no parameter");
  if (map.entries.size() == max_alias_entries) {
    return ignore(fmt::format("a map holds no more than {} entries", max_alias_entries));
  }
  map.entries.push_back({std::string(suffix), *id});
}

}  // namespace

AliasMap parse_alias_map(std::string_view text) {
  AliasMap map;
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    const auto entry = ascii::trimmed(text.substr(0, end));
    if (!entry.empty()) add_entry(map, entry);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return map;
}

}  // namespace provphone::profile
