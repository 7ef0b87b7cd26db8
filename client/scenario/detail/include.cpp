#include "client/scenario/detail/include.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace provphone::client::scenario {
namespace {

constexpr std::string_view opening = "${";
constexpr std::string_view fallback_mark = ":-";

// `${NAME}` and `${NAME:-default}`; one with another dollar before it stays as it is.
class EnvironmentReader {
 public:
  EnvironmentReader(const Surroundings& given, EnvironmentUsed& used)
      : given_(given), used_(used) {}

  Result<void> fill(Node& node) {
    if (node.kind == Node::Kind::scalar && node.text.find(opening) != std::string::npos) {
      TRY(node.text, filled(node));
    }
    for (auto& item : node.items) {
      TRY(fill(item));
    }
    for (auto& entry : node.entries) {
      TRY(fill(entry.value));
    }
    return {};
  }

 private:
  Result<std::string> filled(const Node& node) {
    const std::string_view text = node.text;
    std::string result;
    for (std::size_t at = 0;;) {
      const auto begin = text.find(opening, at);
      result.append(text.substr(at, begin - at));
      if (begin == std::string_view::npos) return result;
      if (begin > 0 && text[begin - 1] == '$') {
        result.append(opening);
        at = begin + opening.size();
        continue;
      }
      const auto end = text.find('}', begin);
      const auto inside = end == std::string_view::npos
                              ? std::string_view{}
                              : text.substr(begin + opening.size(), end - begin - opening.size());
      TRY(const auto value, value_of(node, inside));
      result.append(value);
      at = end + 1;
    }
  }

  Result<std::string> value_of(const Node& node, std::string_view inside) {
    const auto mark = inside.find(fallback_mark);
    const std::string name(inside.substr(0, mark));
    if (!is_variable_name(name))
      return fail_at(node.place,
                     "expected ${NAME} or ${NAME:-default}; write $${ for these characters");
    auto value = given_.environment ? given_.environment(name) : std::nullopt;
    const bool has_default = mark != std::string_view::npos;
    // As in a shell: a default is for what is empty, too.
    if (has_default && value.value_or("").empty())
      value = inside.substr(mark + fallback_mark.size());
    if (!value)
      return fail_at(node.place, fmt::format("the environment has no {}, and no default is given: "
                                             "${{{}:-default}}",
                                             name, name));
    const auto known = std::find_if(used_.begin(), used_.end(),
                                    [&](const auto& each) { return each.first == name; });
    if (known == used_.end()) used_.emplace_back(name, *value);
    return *value;
  }

  const Surroundings& given_;
  EnvironmentUsed& used_;
};

bool is_appended(std::string_view key) {
  return key == "phones" || key == "events" || key == "expect";
}

enum class Level : std::uint8_t { scenario, within };

// What `own` says goes over what `included` says.
void merge(Node& included, Node own, Level level) {
  if (included.kind != Node::Kind::map || own.kind != Node::Kind::map) {
    included = std::move(own);
    return;
  }
  included.place = own.place;
  for (auto& entry : own.entries) {
    const auto known = std::find_if(included.entries.begin(), included.entries.end(),
                                    [&](const Entry& each) { return each.key == entry.key; });
    if (known == included.entries.end()) {
      included.entries.push_back(std::move(entry));
      continue;
    }
    auto& value = known->value;
    const bool both_lists = value.kind == Node::Kind::list && entry.value.kind == Node::Kind::list;
    if (level == Level::scenario && both_lists && is_appended(entry.key)) {
      value.items.insert(value.items.end(), std::make_move_iterator(entry.value.items.begin()),
                         std::make_move_iterator(entry.value.items.end()));
    } else {
      merge(value, std::move(entry.value), Level::within);
    }
  }
}

class TreeReader {
 public:
  TreeReader(const Reading& reading, EnvironmentUsed& used)
      : reading_(reading), environment_(reading.given, used) {}

  Result<Node> read(std::string_view yaml, std::string_view name) {
    TRY(auto tree, input::read_tree(yaml, name));
    TRY(environment_.fill(tree));
    const auto include = std::find_if(tree.entries.begin(), tree.entries.end(),
                                      [](const Entry& entry) { return entry.key == "include"; });
    if (include == tree.entries.end()) return tree;
    const auto files = std::move(include->value);
    tree.entries.erase(include);
    path_.push_back(std::filesystem::path(name).lexically_normal().string());
    Node merged;
    merged.kind = Node::Kind::map;
    if (files.kind == Node::Kind::list) {
      if (files.items.empty())
        return unexpected_value(files, "the name of a file, or a list of them");
      for (const auto& file : files.items) {
        TRY(add(file, merged));
      }
    } else {
      TRY(add(files, merged));
    }
    path_.pop_back();
    merge(merged, std::move(tree), Level::scenario);
    return merged;
  }

 private:
  Result<void> add(const Node& file, Node& merged) {
    TRY(const auto name, as_filled_text(file));
    const auto path = std::filesystem::path(reading_.path_of(name)).lexically_normal().string();
    if (std::find(path_.begin(), path_.end(), path) != path_.end())
      return fail_at(file.place, fmt::format("{} includes itself", path));
    if (path_.size() > max_include_depth)
      return fail_at(file.place,
                     fmt::format("files include one another more than {} deep", max_include_depth));
    if (++count_ > max_included_files)
      return fail_at(file.place,
                     fmt::format("more than {} files are included", max_included_files));
    const auto yaml = reading_.read_file(name, input::max_scenario_bytes);
    if (!yaml) return fail_at(file.place, yaml.error().detail);
    TRY(auto tree, read(*yaml, path));
    if (tree.kind != Node::Kind::map)
      return fail_at(tree.place, fmt::format("expected the blocks of a scenario, found {}",
                                             input::describe(tree)));
    merge(merged, std::move(tree), Level::scenario);
    return {};
  }

  const Reading& reading_;
  EnvironmentReader environment_;
  std::vector<std::string> path_;  // of the files that are being read, each in the one before
  std::size_t count_ = 0;
};

}  // namespace

Result<Node> read_whole_tree(std::string_view yaml, std::string_view name, const Reading& reading,
                             EnvironmentUsed& used) {
  return TreeReader(reading, used).read(yaml, name);
}

}  // namespace provphone::client::scenario
