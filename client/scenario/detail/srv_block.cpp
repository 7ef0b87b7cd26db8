#include "client/scenario/detail/keys.hpp"
#include "macro/try.hpp"

// server.srv: what the model's DNS answers.
namespace provphone::client::scenario {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();

Result<std::uint16_t> as_rank(const Node& node) {
  const auto number = as_queue(node);
  if (number && *number <= most) return static_cast<std::uint16_t>(*number);
  return unexpected_value(node, "a number from 0 to 65535");
}

Result<std::uint16_t> as_port(const Node& node) {
  const auto number = as_count(node);
  if (number && *number <= most) return static_cast<std::uint16_t>(*number);
  return unexpected_value(node, "a port from 1 to 65535");
}

constexpr std::array<Key<SrvTarget>, 4> target_keys{{
    {"target", into<&SrvTarget::target, as_host>, Need::required},
    {"port", into<&SrvTarget::port, as_port>, Need::required},
    {"priority", into<&SrvTarget::priority, as_rank>},
    {"weight", into<&SrvTarget::weight, as_rank>},
}};

Result<void> check_name(const Entry& entry) {
  Node name;
  name.kind = Node::Kind::scalar;
  name.text = entry.key;
  name.place = entry.place;
  // An IPv6 address is a host, too, but has no SRV records.
  if (as_host(name) && name.text.find(':') == std::string::npos) return {};
  return unexpected_value(name, "a name such as _ciscoprov-http._tcp.example.net");
}

Result<std::vector<SrvTarget>> as_records(const Node& node, const Reading& reading) {
  auto records = as_list(node, "a list of SRV records", [&](const Node& item) -> Result<SrvTarget> {
    SrvTarget target;
    TRY(read_block(item, target_keys, target, reading));
    return target;
  });
  if (records && records->empty())
    return fail_at(node.place, "expected at least one record; a name without any is left out");
  return records;
}

}  // namespace

Result<std::vector<SrvRecords>> as_srv(const Node& node, const Reading& reading) {
  if (node.kind != Node::Kind::map)
    return unexpected_value(node, "a map of names and their SRV records");
  std::vector<SrvRecords> names;
  for (const auto& entry : node.entries) {
    TRY(check_name(entry));
    TRY(auto records, as_records(entry.value, reading));
    names.push_back({entry.key, std::move(records)});
  }
  return names;
}

std::vector<BlockInfo> srv_blocks() {
  return {{"server.srv", infos(target_keys)}};
}

}  // namespace provphone::client::scenario
