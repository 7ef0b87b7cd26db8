#include "client/cli/inventory_flag.hpp"

#include "client/input/tree.hpp"
#include "client/scenario/phones.hpp"
#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace provphone::client::cli {
namespace {

namespace fs = std::filesystem;

struct List {
  std::string group;  // empty: the only one
  std::string file;
};

// A file's name with a `=` in it is told from a group's by whatever no group's name has.
List list_of(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return {"", text};
  const auto name = std::string_view(text).substr(0, equals);
  const bool is_group = std::all_of(
      name.begin(), name.end(), [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; });
  return is_group ? List{std::string(name), text.substr(equals + 1)} : List{"", text};
}

// A name that somebody typed starts from the working directory, one in a scenario from its folder.
std::string from_folder(const std::string& file, const std::string& scenario) {
  const fs::path typed = file;
  const auto folder = fs::path(scenario).parent_path();
  std::error_code error;
  // Of a relative name that is not there proximate() would make nothing.
  auto path = typed.is_absolute() || folder.empty()
                  ? typed
                  : fs::proximate(fs::absolute(typed), folder, error);
  if (error) path = fs::absolute(typed, error);
  // What begins otherwise is YAML to an override.
  const auto text = path.string();
  return text.find_first_of("{[\"'") == 0 ? "./" + text : text;
}

std::string override_of(const std::string& typed, const std::string& scenario) {
  const auto list = list_of(typed);
  return fmt::format("phones.{}.inventory={}", list.group.empty() ? "0" : list.group,
                     from_folder(list.file, scenario));
}

// Nobody typed the override that a list came to.
Error told_of_flag(Error error, const std::vector<std::string>& lists,
                   const std::string& scenario) {
  for (const auto& each : lists) {
    const auto place = fmt::format("--with {}", input::quoted(override_of(each, scenario)));
    if (!error.detail.starts_with(place)) continue;
    error.detail = fmt::format("--inventory {}{}", each, error.detail.substr(place.size()));
    break;
  }
  return error;
}

}  // namespace

Option inventory_option(std::vector<std::string>& lists) {
  return {"--inventory", lists, "[GROUP=]FILE",
          "the phones are those of this list, CSV with a column mac, in the place of the only "
          "group's, or of GROUP's; repeatable"};
}

std::vector<std::string> with_lists(std::vector<std::string> with,
                                    const std::vector<std::string>& lists,
                                    const std::string& scenario) {
  for (const auto& each : lists) with.push_back(override_of(each, scenario));
  return with;
}

Result<scenario::Scenario> read_with_lists(std::string_view yaml, const std::string& file,
                                           const std::vector<std::string>& with,
                                           const std::vector<std::string>& lists,
                                           const scenario::Surroundings& given) {
  const std::string title = file == "-" ? "standard input" : file;
  auto scenario = scenario::read_scenario(yaml, title, with_lists(with, lists, title), given);
  if (!scenario) return tl::unexpected(told_of_flag(scenario.error(), lists, title));
  const auto groups = scenario::named_groups(*scenario);
  for (const auto& each : lists) {
    if (groups > 1 && list_of(each).group.empty())
      return fail(Errc::bad_argument,
                  fmt::format("--inventory: the scenario has {} groups; say whose phones these "
                              "are, GROUP={} by its name or its number from 0",
                              groups, each));
  }
  return scenario;
}

}  // namespace provphone::client::cli
