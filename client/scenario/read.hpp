#pragma once

#include "client/scenario/scenario.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// From a scenario's text to its structs. Each value is checked where it stands, so that whoever
// runs a scenario need not do it again; files, the time zone and the name server are for whoever
// uses them. docs/reference/scenario.md has the keys.
namespace provphone::client::scenario {

inline constexpr std::uint32_t max_phones = 10'000'000;

// What a scenario is read amid. Whoever runs one for a person gives both functions; without them a
// scenario that asks for a file or a variable of the environment is refused.
struct Surroundings {
  LeasedPhones leased{};  // not null: the phones are these, of the scenario's only group
  // A whole file of at most so many octets, by its path. Fails with unreadable_file.
  std::function<Result<std::string>(const std::string& path, std::size_t limit)> read_file{};
  // Nothing where the environment has no such variable.
  std::function<std::optional<std::string>(const std::string& name)> environment{};
};

// Reads a scenario. `name` is the file's name: it stands in messages, and file names within start
// from its folder, those of included files too. `overrides` are `block.key=value`, applied in their
// order to all that the files say together. Fails with scenario_invalid and one line,
// `name:line:column: message`.
Result<Scenario> read_scenario(std::string_view yaml, std::string_view name,
                               std::span<const std::string> overrides = {},
                               const Surroundings& given = {});

// The same from a file; `-` is standard input, whose file names start from the working directory.
// Fails with unreadable_file too.
Result<Scenario> load_scenario(const std::string& file, std::span<const std::string> overrides = {},
                               const Surroundings& given = {});

// The keys that the reader knows, block by block, for whoever documents them.
struct KeyInfo {
  std::string_view name;
  bool required;
};
struct BlockInfo {
  std::string_view name;
  std::vector<KeyInfo> keys;
};
// All blocks, the scenario itself first; names are `server.latency` and the like.
std::vector<BlockInfo> known_blocks();

}  // namespace provphone::client::scenario
