#include "client/scenario/read.hpp"

#include "client/input/file.hpp"
#include "client/scenario/detail/include.hpp"
#include "client/scenario/detail/keys.hpp"
#include "client/trace/fingerprint.hpp"
#include "client/transport/exchange.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace provphone::client::scenario {
namespace {

// One, or a list in the order in which they are asked.
Result<std::vector<std::string>> as_name_servers(const Node& node) {
  if (node.kind == Node::Kind::list) return as_list(node, "a list of name servers", as_filled_text);
  TRY(auto server, as_filled_text(node));
  return std::vector{std::move(server)};
}

Result<std::string> as_address(const Node& node) {
  if (node.kind == Node::Kind::scalar && !transport::address_literal(node.text).empty())
    return node.text;
  return unexpected_value(node, "an address, without a port");
}

// `{NAME: ADDRESS}` or `{NAME: [ADDRESS, ...]}`.
Result<std::vector<HostEntry>> as_host_entries(const Node& node) {
  if (node.kind != Node::Kind::map) return unexpected_value(node, "a map of names and addresses");
  std::vector<HostEntry> hosts;
  for (const auto& entry : node.entries) {
    if (!transport::address_literal(entry.key).empty())
      return input::fail_at(entry.place, fmt::format("expected the name of a host, found {}",
                                                     input::quoted(entry.key)));
    Node name;
    name.kind = Node::Kind::scalar;
    name.text = entry.key;
    name.place = entry.place;
    TRY(auto host, as_host(name));
    std::vector<std::string> addresses;
    if (entry.value.kind == Node::Kind::list && !entry.value.items.empty()) {
      TRY(addresses, as_list(entry.value, "a list of addresses", as_address));
    } else {
      TRY(auto address, as_address(entry.value));
      addresses.push_back(std::move(address));
    }
    hosts.push_back({std::move(host), std::move(addresses)});
  }
  return hosts;
}

// What files name is merged by now (read_whole_tree), so that this one is an override.
Result<void> refuse_include(const Node& node, Scenario& /*scenario*/, const Reading& /*reading*/) {
  return fail_at(node.place, "files are included by a file, not by an override");
}

// Phones first: everything else may refer to them.
constexpr std::array<Key<Scenario>, 13> scenario_keys{{
    {"phones", into<&Scenario::phones, as_phones>, Need::required},
    {"seed", into<&Scenario::seed, as_number>},
    {"clock", into<&Scenario::clock, as_civil_time>},
    {"time_zone", into<&Scenario::time_zone, as_time_zone>},
    {"events", into<&Scenario::events, as_events>},
    {"server", into<&Scenario::server, as_server>},
    {"trouble", into<&Scenario::trouble, as_trouble>},
    {"expect", into<&Scenario::expect, as_expectations>},
    {"pki", into<&Scenario::pki, as_filled_text>},
    {"dns", into<&Scenario::dns, as_name_servers>},
    {"hosts", into<&Scenario::hosts, as_host_entries>},
    {"limits", into<&Scenario::limits, as_limits>},
    {"include", refuse_include},
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
                               std::span<const std::string> overrides, const Surroundings& given) {
  Scenario scenario;
  scenario.folder = std::filesystem::path(name).parent_path().string();
  // The reading is of the scenario that is being filled: each row sees what those above it have
  // read.
  const Reading reading{scenario, given, scenario.files};
  TRY(auto root, read_whole_tree(yaml, name, reading, scenario.environment));
  for (const auto& each : overrides) {
    TRY(input::apply_override(root, each));
  }
  TRY(read_block(root, scenario_keys, scenario, reading));
  // Without a plan every phone gets power at the start; an empty list is a plan.
  if (find(root, "events") == nullptr) scenario.events.push_back({{}, PowerOn{}, {}, {}, {}, {}});
  // Of the tree with its overrides, which make another scenario of it.
  trace::Fingerprint fingerprint;
  add_to(fingerprint, root);
  if (given.leased) {
    for (const auto& phone : *given.leased) fingerprint.add(phone.mac.bits);
  }
  for (const auto& group : scenario.phones)
    if (group.listed && group.part == 0) fingerprint.add(group.listed->inventory->fingerprint);
  scenario.fingerprint = fingerprint.hex();
  return scenario;
}

Result<Scenario> load_scenario(const std::string& file, std::span<const std::string> overrides,
                               const Surroundings& given) {
  TRY(const auto yaml, input::read_file(file, input::max_scenario_bytes));
  return read_scenario(yaml, file == "-" ? "standard input" : file, overrides, given);
}

std::vector<BlockInfo> known_blocks() {
  std::vector<BlockInfo> blocks{{"scenario", infos(scenario_keys)}};
  for (auto&& more : {phone_blocks(), event_blocks(), shape_blocks(), server_blocks(),
                      answer_blocks(), srv_blocks(), expectation_blocks()})
    blocks.insert(blocks.end(), more.begin(), more.end());
  return blocks;
}

}  // namespace provphone::client::scenario
