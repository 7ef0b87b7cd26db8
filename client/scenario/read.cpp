#include "client/scenario/read.hpp"

#include "client/input/file.hpp"
#include "client/scenario/detail/keys.hpp"
#include "client/trace/fingerprint.hpp"
#include "macro/try.hpp"

#include <filesystem>

namespace provphone::client::scenario {
namespace {

Result<std::vector<PhoneGroup>> as_groups(const Node& node, const Reading& /*reading*/) {
  return as_phones(node);
}

// Phones first: everything else may refer to them.
constexpr std::array<Key<Scenario>, 11> scenario_keys{{
    {"phones", into<&Scenario::phones, as_groups>, Need::required},
    {"seed", into<&Scenario::seed, as_number>},
    {"clock", into<&Scenario::clock, as_civil_time>},
    {"time_zone", into<&Scenario::time_zone, as_time_zone>},
    {"events", into<&Scenario::events, as_events>},
    {"server", into<&Scenario::server, as_server>},
    {"trouble", into<&Scenario::trouble, as_trouble>},
    {"expect", into<&Scenario::expect, as_expectations>},
    {"pki", into<&Scenario::pki, as_filled_text>},
    {"dns", into<&Scenario::dns, as_filled_text>},
    {"limits", into<&Scenario::limits, as_limits>},
}};

// The order of keys says nothing, and neither do comments and quotes.
void add_to(trace::Fingerprint& fingerprint, const Node& node) {
  fingerprint.add(static_cast<std::uint64_t>(node.kind));
  fingerprint.add(node.text);
  fingerprint.add(node.items.size());
  for (const auto& item : node.items) add_to(fingerprint, item);
  std::vector<const Entry*> entries;
  entries.reserve(node.entries.size());
  for (const auto& entry : node.entries) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const Entry* a, const Entry* b) { return a->key < b->key; });
  for (const auto* entry : entries) {
    fingerprint.add(entry->key);
    add_to(fingerprint, entry->value);
  }
}

}  // namespace

Result<Scenario> read_scenario(std::string_view yaml, std::string_view name,
                               std::span<const std::string> overrides) {
  TRY(auto root, input::read_tree(yaml, name));
  for (const auto& each : overrides) {
    TRY(input::apply_override(root, each));
  }
  Scenario scenario;
  // The reading is of the scenario that is being filled: each row sees what those above it have
  // read.
  TRY(read_block(root, scenario_keys, scenario, {scenario}));
  // Without a plan every phone gets power at the start; an empty list is a plan.
  if (find(root, "events") == nullptr) scenario.events.push_back({{}, PowerOn{}, {}, {}, {}, {}});
  scenario.folder = std::filesystem::path(name).parent_path().string();
  // Of the tree with its overrides, which make another scenario of it.
  trace::Fingerprint fingerprint;
  add_to(fingerprint, root);
  scenario.fingerprint = fingerprint.hex();
  return scenario;
}

Result<Scenario> load_scenario(const std::string& file, std::span<const std::string> overrides) {
  TRY(const auto yaml, input::read_file(file, input::max_scenario_bytes));
  return read_scenario(yaml, file == "-" ? "standard input" : file, overrides);
}

std::vector<BlockInfo> known_blocks() {
  std::vector<BlockInfo> blocks{{"scenario", infos(scenario_keys)}};
  for (auto&& more : {phone_blocks(), event_blocks(), server_blocks(), answer_blocks(),
                      srv_blocks(), expectation_blocks()})
    blocks.insert(blocks.end(), more.begin(), more.end());
  return blocks;
}

}  // namespace provphone::client::scenario
