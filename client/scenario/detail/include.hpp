#pragma once

#include "client/scenario/detail/keys.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a scenario's file says together with the files that it includes and the environment.
namespace provphone::client::scenario {

// How deep files may include one another, and how many there may be altogether.
inline constexpr std::size_t max_include_depth = 8;
inline constexpr std::size_t max_included_files = 100;

// Names and values that `${NAME}` has been replaced with, in the order of their first use.
using EnvironmentUsed = std::vector<std::pair<std::string, std::string>>;

// The tree of `yaml` with what `include` names merged into it, without that key: lists of phones,
// events and expect one behind the other, the included ones first; maps key by key, where the
// including file wins, as it does in all else. Each file has its values from the environment by
// then. Fails with scenario_invalid, at a place of the file that is wrong.
Result<Node> read_whole_tree(std::string_view yaml, std::string_view name, const Reading& reading,
                             EnvironmentUsed& used);

}  // namespace provphone::client::scenario
