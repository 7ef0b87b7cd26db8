#include "client/input/tree.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::input {
namespace {

// What an override brings is complained about at the override: no line of the file has it.
void move_to(Node& node, const Place& place) {
  node.place = place;
  for (auto& item : node.items) move_to(item, place);
  for (auto& entry : node.entries) {
    entry.place = place;
    move_to(entry.value, place);
  }
}

// `{index:04X}` is a template, although YAML sees a map of one key without a value.
bool is_template(const Node& node) {
  return node.kind == Node::Kind::map && !node.entries.empty() &&
         std::all_of(node.entries.begin(), node.entries.end(),
                     [](const Entry& entry) { return entry.value.kind == Node::Kind::nothing; });
}

// `{a: {b: c}}`, `[1, 2]` and `"quoted"` are YAML. All else is the text itself, as is what YAML
// makes no sense of, such as a rule that begins with a bracket.
Node value_of(std::string_view text, const Place& place) {
  Node value;
  value.kind = Node::Kind::scalar;
  value.text = text;
  if (!text.empty() && std::string_view("{[\"'").find(text.front()) != std::string_view::npos) {
    auto tree = read_tree(text, "");
    if (tree && tree->kind != Node::Kind::nothing && !is_template(*tree)) value = *std::move(tree);
  }
  move_to(value, place);
  return value;
}

Result<Node*> step_into_list(Node& list, std::string_view step, const Place& place) {
  // A group's name begins with a letter, so that no step can mean both.
  const auto number = parse_whole<std::size_t>(step);
  if (number && *number < list.items.size()) return &list.items[*number];
  for (auto& item : list.items) {
    const auto* group = find(item, "group");
    if (group != nullptr && group->text == step) return &item;
  }
  return fail_at(place, fmt::format("{} is neither the name of a group there nor a number below {}",
                                    input::quoted(step), list.items.size()));
}

Result<Node*> step_into(Node& node, std::string_view step, const Place& place) {
  if (step.empty()) return fail_at(place, "expected block.key=value");
  if (node.kind == Node::Kind::list) return step_into_list(node, step, place);
  if (node.kind == Node::Kind::scalar) {
    return fail_at(place, fmt::format("{} leads into {}, which is no block", input::quoted(step),
                                      describe(node)));
  }
  // A key without a value becomes a block here: what is missing on the way is made.
  node.kind = Node::Kind::map;
  for (auto& entry : node.entries) {
    if (entry.key == step) return &entry.value;
  }
  node.entries.push_back({std::string(step), place, {}});
  node.entries.back().value.place = place;
  return &node.entries.back().value;
}

}  // namespace

Result<void> apply_override(Node& root, std::string_view assignment) {
  const Place place{
      std::make_shared<const std::string>(fmt::format("--with {}", input::quoted(assignment))), 0,
      0};
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) return fail_at(place, "expected block.key=value");
  Node* target = &root;
  auto path = assignment.substr(0, equals);
  // The tree stays within the depth of read_tree(), which all who walk it by recursion rely on.
  if (std::count(path.begin(), path.end(), '.') >= static_cast<std::ptrdiff_t>(max_tree_depth))
    return fail_at(place, fmt::format("more than {} steps", max_tree_depth));
  for (;;) {
    const auto dot = path.find('.');
    TRY(const auto next, step_into(*target, path.substr(0, dot), place));
    target = next;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  *target = value_of(assignment.substr(equals + 1), place);
  return {};
}

}  // namespace provphone::client::input
