#include "client/scenario/detail/keys.hpp"
#include "client/transport/targets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

namespace provphone::client::scenario {
namespace {

constexpr std::array<Key<LatencyModel>, 2> latency_model_keys{{
    {"p50", into<&LatencyModel::p50, as_duration>, Need::required},
    {"p99", into<&LatencyModel::p99, as_duration>, Need::required},
}};

Result<LatencyModel> as_latency(const Node& node, const Reading& reading) {
  if (node.kind == Node::Kind::map) {
    LatencyModel model;
    TRY(read_block(node, latency_model_keys, model, reading));
    if (model.p99 < model.p50) return fail_at(place_of(node, "p99"), "p99 is below p50");
    return model;
  }
  TRY(const auto always, as_duration(node));
  return LatencyModel{always, always};
}

constexpr std::array<Key<Capacity>, 2> capacity_keys{{
    {"requests_per_second", into<&Capacity::requests_per_second, as_count>, Need::required},
    {"queue", into<&Capacity::queue, as_queue>},
}};

Result<std::optional<Capacity>> as_capacity(const Node& node, const Reading& reading) {
  Capacity capacity{};
  TRY(read_block(node, capacity_keys, capacity, reading));
  return capacity;
}

Result<std::uint64_t> as_octets_a_second(const Node& node) {
  TRY(const auto octets, as_load_bytes(node));
  if (octets == 0) return unexpected_value(node, "octets a second above 0, such as 125MB");
  return octets;
}

constexpr std::array<Key<Bandwidth>, 2> bandwidth_keys{{
    {"total", into<&Bandwidth::total, as_octets_a_second>, Need::required},
    {"each", into<&Bandwidth::each, as_octets_a_second>},
}};

// One size is that of all together.
Result<std::optional<Bandwidth>> as_bandwidth(const Node& node, const Reading& reading) {
  Bandwidth bandwidth;
  if (node.kind == Node::Kind::map) {
    TRY(read_block(node, bandwidth_keys, bandwidth, reading));
  } else {
    TRY(const auto total, as_octets_a_second(node));
    bandwidth.total = total;
  }
  return bandwidth;
}

constexpr std::array<Key<Outage>, 3> outage_keys{{
    {"from", into<&Outage::from, as_duration>, Need::required},
    {"to", into<&Outage::to, as_duration>, Need::required},
    {"as", into<&Outage::as, as_failure>, Need::required},
}};

Result<std::vector<Outage>> as_outages(const Node& node, const Reading& reading) {
  return as_list(node, "a list of outages", [&](const Node& item) -> Result<Outage> {
    Outage outage{};
    TRY(read_block(item, outage_keys, outage, reading));
    if (outage.to <= outage.from)
      return fail_at(place_of(item, "to"), "an outage ends after it begins");
    return outage;
  });
}

Result<std::optional<std::size_t>> as_group(const Node& node, const Reading& reading) {
  TRY(const auto selector, as_selector(node, reading));
  const auto& first = selector.any_of.front();
  if (std::holds_alternative<EveryPhone>(first) && selector.any_of.size() == 1)
    return std::optional<std::size_t>{};
  const auto* group = std::get_if<PhonesOfGroup>(&first);
  if (group == nullptr || selector.any_of.size() != 1)
    return unexpected_value(node, "all, or the name of a group");
  return std::optional<std::size_t>{group->group};
}

// The row of `phones` stands above.
Result<void> read_profile_set(const Node& node, ServedProfile& profile, const Reading& reading) {
  Selector phones;
  if (profile.group) phones.any_of.emplace_back(PhonesOfGroup{*profile.group});
  TRY(profile.set, as_settings(node, groups_of(phones, reading.so_far)));
  return {};
}

constexpr std::array<Key<ServedProfile>, 5> profile_keys{{
    {"from", into<&ServedProfile::from, as_duration>},
    {"host", into<&ServedProfile::host, as_host_pattern>},
    {"path", into<&ServedProfile::path, as_path_pattern>},
    {"phones", into<&ServedProfile::group, as_group>},
    {"set", read_profile_set, Need::required},
}};

Result<std::vector<ServedProfile>> as_profiles(const Node& node, const Reading& reading) {
  return as_list(node, "a list of profiles", [&](const Node& item) -> Result<ServedProfile> {
    ServedProfile profile;
    TRY(read_block(item, profile_keys, profile, reading));
    return profile;
  });
}

constexpr std::array<Key<ServerModel>, 9> server_keys{{
    {"latency", into<&ServerModel::latency, as_latency>},
    {"capacity", into<&ServerModel::capacity, as_capacity>},
    {"bandwidth", into<&ServerModel::bandwidth, as_bandwidth>},
    {"overload", into<&ServerModel::overload, as_failure>},
    {"outages", into<&ServerModel::outages, as_outages>},
    {"answers", into<&ServerModel::answers, as_answers>},
    {"profiles", into<&ServerModel::profiles, as_profiles>},
    {"bytes", into<&ServerModel::bytes, as_bytes>},
    {"srv", into<&ServerModel::srv, as_srv>},
}};

constexpr std::array<Key<Trouble>, 2> trouble_keys{{
    {"tftp_loss", into<&Trouble::tftp_loss, as_share>},
    {"disconnect_mid_body", into<&Trouble::disconnect_mid_body, as_share>},
}};

Result<std::vector<std::string>> as_targets(const Node& node) {
  return as_list(node, "a list of addresses, prefixes or host names",
                 [](const Node& item) -> Result<std::string> {
                   auto text = as_filled_text(item);
                   if (!text) return text;
                   // Tried out where the place in the file is known; the run adds it to its own.
                   transport::Targets targets;
                   if (const auto added = targets.add(*text); !added)
                     return fail_at(item.place, added.error().detail);
                   return text;
                 });
}

Result<AbortWhen> as_abort_when(const Node& node) {
  constexpr std::array<Choice<AbortWhen>, 2> choices{
      {{"lost", AbortWhen::lost}, {"never", AbortWhen::never}}};
  return as_choice(node, choices);
}

constexpr std::array<Key<Limits>, 5> limit_keys{{
    {"targets", into<&Limits::targets, as_targets>},
    {"starts_per_second", into<&Limits::starts_per_second, as_count>},
    {"duration", into<&Limits::duration, as_positive_duration>},
    {"wait_for_server", into<&Limits::wait_for_server, as_positive_duration>},
    {"abort_when", into<&Limits::abort_when, as_abort_when>},
}};

template <class Block, std::size_t count>
Result<Block> as_block(const Node& node, const std::array<Key<Block>, count>& keys,
                       const Reading& reading) {
  Block block;
  TRY(read_block(node, keys, block, reading));
  return block;
}

}  // namespace

Result<ServerModel> as_server(const Node& node, const Reading& reading) {
  return as_block(node, server_keys, reading);
}

Result<Trouble> as_trouble(const Node& node, const Reading& reading) {
  return as_block(node, trouble_keys, reading);
}

Result<Limits> as_limits(const Node& node, const Reading& reading) {
  return as_block(node, limit_keys, reading);
}

std::vector<BlockInfo> server_blocks() {
  return {{"server", infos(server_keys)},
          {"server.latency", infos(latency_model_keys)},
          {"server.capacity", infos(capacity_keys)},
          {"server.bandwidth", infos(bandwidth_keys)},
          {"server.outages", infos(outage_keys)},
          {"server.profiles", infos(profile_keys)},
          {"trouble", infos(trouble_keys)},
          {"limits", infos(limit_keys)}};
}

}  // namespace provphone::client::scenario
