#pragma once

#include "client/scenario/detail/values.hpp"
#include "client/scenario/read.hpp"

#include <span>
#include <type_traits>

// A block of a scenario is a table of its keys with a reader each. Rows are read in the table's
// order, whatever the file's, so that a reader may rely on the rows above it.
namespace provphone::client::scenario {

// What readers may look at: the scenario as far as it is read. Phones come before all that refers
// to them.
struct Reading {
  const Scenario& so_far;
  const Surroundings& given;
  std::vector<std::string>& files;  // that were read, as they are named

  // A file that the scenario names, from its folder.
  std::string path_of(const std::string& name) const;
  // Notes it too. Fails as Surroundings::read_file does.
  Result<std::string> read_file(const std::string& name, std::size_t limit) const;
};

// A row of a block: a key, who reads it, and whether it has to be there. A reader sees its value's
// node, sets what it means in the block, and fails with scenario_invalid at a place of the file.
enum class Need : std::uint8_t { optional, required };

template <class Block>
struct Key {
  std::string_view name;
  Result<void> (*read)(const Node&, Block&, const Reading&);
  Need need = Need::optional;
};

// The reader of a key whose value goes into one member.
template <auto member, auto read, class Block>
Result<void> into(const Node& node, Block& block, const Reading& reading) {
  auto value = [&] {
    if constexpr (std::is_invocable_v<decltype(read), const Node&, const Reading&>) {
      return read(node, reading);
    } else {
      return read(node);
    }
  }();
  if (!value) return tl::unexpected(value.error());
  block.*member = *std::move(value);
  return {};
}

template <class Block, std::size_t count>
std::vector<KeyInfo> infos(const std::array<Key<Block>, count>& keys) {
  std::vector<KeyInfo> rows;
  rows.reserve(count);
  for (const auto& key : keys) rows.push_back({key.name, key.need == Need::required});
  return rows;
}

// Fails with scenario_invalid unless the node is a map, all of its keys are known and none is
// missing. The nearest key is suggested.
Result<void> check_keys(const Node& node, const std::vector<KeyInfo>& keys);

// Only the keys that are there; the block's other members keep their defaults.
template <class Block, std::size_t count>
Result<void> read_keys(const Node& node, const std::array<Key<Block>, count>& keys, Block& block,
                       const Reading& reading) {
  for (const auto& key : keys) {
    const auto* value = find(node, key.name);
    if (value == nullptr) continue;
    if (auto read = key.read(*value, block, reading); !read) return read;
  }
  return {};
}

template <class Block, std::size_t count>
Result<void> read_block(const Node& node, const std::array<Key<Block>, count>& keys, Block& block,
                        const Reading& reading) {
  if (auto known = check_keys(node, infos(keys)); !known) return known;
  return read_keys(node, keys, block, reading);
}

// Where to point at for one key of a block: at its value, or at the block where it has none. Good
// as long as the node.
const Place& place_of(const Node& block, std::string_view key);

// --- what several blocks have in common ---

Result<Selector> as_selector(const Node& node, const Reading& reading);

// The groups that a selector may pick phones of, in order; all of them where a share or a number of
// phones is drawn. Good as long as the scenario's phones are not changed.
std::vector<const PhoneGroup*> groups_of(const Selector& selector, const Scenario& scenario);

// `{NAME: value}`, in catalogue order; each value is a template for all of the groups.
Result<std::vector<Setting>> as_settings(const Node& node,
                                         std::span<const PhoneGroup* const> groups);

// `66: text`, or `v6-17: text` of DHCP for IPv6.
Result<LeaseOption> as_lease_option(const Entry& entry, std::span<const PhoneGroup* const> groups);

// --- the blocks ---

Result<std::vector<PhoneGroup>> as_phones(const Node& node, const Reading& reading);
Result<std::vector<ScheduledEvent>> as_events(const Node& node, const Reading& reading);
// The key `shape` of an event.
Result<void> read_shape(const Node& node, ScheduledEvent& event, const Reading& reading);
Result<ServerModel> as_server(const Node& node, const Reading& reading);
Result<std::vector<PlannedAnswer>> as_answers(const Node& node, const Reading& reading);
Result<std::vector<SrvRecords>> as_srv(const Node& node, const Reading& reading);
Result<Trouble> as_trouble(const Node& node, const Reading& reading);
Result<std::vector<Expectation>> as_expectations(const Node& node, const Reading& reading);
Result<Limits> as_limits(const Node& node, const Reading& reading);

// The keys of each, for known_blocks().
std::vector<BlockInfo> phone_blocks();
std::vector<BlockInfo> event_blocks();
std::vector<BlockInfo> shape_blocks();
std::vector<BlockInfo> server_blocks();
std::vector<BlockInfo> answer_blocks();
std::vector<BlockInfo> srv_blocks();
std::vector<BlockInfo> expectation_blocks();

}  // namespace provphone::client::scenario
