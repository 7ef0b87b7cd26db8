#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// A scenario file as a tree of texts that remember where they stand. yaml-cpp goes no further than
// tree.cpp.
namespace provphone::client::input {

// Limits on what somebody else wrote. Going past one is an error that says so.
inline constexpr std::size_t max_scenario_bytes = std::size_t{8} << 20;
inline constexpr std::size_t max_tree_depth = 16;
inline constexpr std::size_t max_tree_values = 1'000'000;  // with what aliases stand for
inline constexpr std::size_t max_map_keys = 2'000;         // of one map

struct Place {
  std::shared_ptr<const std::string> source;  // a file's name, or the override
  int line = 0, column = 0;                   // from 1; 0 in an override
};

struct Entry;

// `nothing` is a key without a value. Quoted and plain scalars are not told apart: `"5"` and `5`
// are both the text.
struct Node {
  enum class Kind { nothing, scalar, list, map };

  Kind kind = Kind::nothing;
  Place place;
  std::string text;            // of a scalar, without quotes
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in file order; no key twice
};

struct Entry {
  std::string key;
  Place place;
  Node value;
};

// The value of a key, or null; null too where the node is no map. Good as long as the map is not
// changed.
const Node* find(const Node& map, std::string_view key);

// scenario_invalid with `source:line:column: message` as its detail, one line whatever is in it.
tl::unexpected<Error> fail_at(const Place& place, std::string_view message);

// Foreign text for a message: in quotes, cut where it is long.
std::string quoted(std::string_view text);

// What stands there, for a message: 'text', a list, a map, nothing.
std::string describe(const Node& node);

// The node on one line, as YAML would be written in a hurry: `converged: 99%, within: 15m`.
std::string on_one_line(const Node& node);

// `did you mean '...'?` with `; ` before it, or nothing where no candidate is near or the text has
// more than 100 octets.
std::string suggestion(std::string_view text, const std::vector<std::string_view>& candidates);

// One YAML document. `name` is what messages call it. Aliases are copied. Fails with
// scenario_invalid at the first place that is wrong; a tag (`!!str`, `!x`) and a key that is no
// scalar are wrong too.
Result<Node> read_tree(std::string_view yaml, std::string_view name);

// `block.key=value`: sets what the path leads to, and makes what is missing on the way. A step into
// a list is a number from 0 or the name of a group; a value in brackets or quotes is YAML. Fails
// with scenario_invalid; `root` may be half changed then.
Result<void> apply_override(Node& root, std::string_view assignment);

}  // namespace provphone::client::input
