#include "client/scenario/detail/keys.hpp"

#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

namespace provphone::client::scenario {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Tried in this order: twelve digits are an address before they are a number, and a group's name
// can be neither (as_group_name).
Result<Selection> as_selection(const Node& node, const Reading& reading) {
  const std::string_view text = node.text;
  const auto& groups = reading.so_far.phones;
  if (node.kind == Node::Kind::scalar && text == "all") return EveryPhone{};
  if (text.ends_with('%')) {
    const auto share = as_share(node);
    return share ? Result<Selection>(ShareOfPhones{*share}) : tl::unexpected(share.error());
  }
  if (const auto mac = parse_mac_address(text)) {
    if (const auto phone = phone_with(reading.so_far, *mac)) return SinglePhone{*phone};
    return fail_at(node.place, fmt::format("no phone has the address {}", input::quoted(text)));
  }
  if (is_number(text)) {
    const auto count = as_count(node);
    return count ? Result<Selection>(NumberOfPhones{*count}) : tl::unexpected(count.error());
  }
  std::vector<std::string_view> names{"all"};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!text.empty() && groups[i].part == 0 && groups[i].name == text) return PhonesOfGroup{i};
    names.emplace_back(groups[i].name);
  }
  if (text.empty())
    return unexpected_value(node, "all, a group, a percentage, a number or an address");
  return fail_at(node.place, fmt::format("there is no group {}{}", input::quoted(text),
                                         input::suggestion(text, names)));
}

}  // namespace

std::string Reading::path_of(const std::string& name) const {
  return scenario::path_of(so_far, name);
}

Result<std::string> Reading::read_file(const std::string& name, std::size_t limit) const {
  if (!given.read_file)
    return fail(Errc::unreadable_file, fmt::format("{} is out of reach here", input::quoted(name)));
  if (std::find(files.begin(), files.end(), name) == files.end()) files.push_back(name);
  return given.read_file(path_of(name), limit);
}

Result<LeaseOption> as_lease_option(const Entry& entry, std::span<const PhoneGroup* const> groups) {
  const auto option = resync::parse_option_name(entry.key);
  if (!option) {
    return fail_at(
        entry.place,
        fmt::format("expected an option of 1 to 254, or one of DHCPv6 as v6-17, found {}",
                    input::quoted(entry.key)));
  }
  TRY(auto value, as_template_for(entry.value, groups));
  return LeaseOption{option->number, std::move(value), option->version};
}

Result<void> check_keys(const Node& node, const std::vector<KeyInfo>& keys) {
  std::vector<std::string_view> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.push_back(key.name);
  if (node.kind != Node::Kind::map) {
    std::string some;
    // A few keys show which map is meant.
    for (std::size_t i = 0; i < names.size() && i < 3; ++i)
      some.append(some.empty() ? "" : ", ").append(names[i]);
    return unexpected_value(node, fmt::format("a map with keys such as {}", some));
  }
  for (const auto& entry : node.entries) {
    if (std::find(names.begin(), names.end(), entry.key) == names.end()) {
      return fail_at(entry.place, fmt::format("unknown key {}{}", input::quoted(entry.key),
                                              input::suggestion(entry.key, names)));
    }
  }
  for (const auto& key : keys) {
    if (key.required && find(node, key.name) == nullptr)
      return fail_at(node.place, fmt::format("the key '{}' is missing", key.name));
  }
  return {};
}

const Place& place_of(const Node& block, std::string_view key) {
  const auto* value = find(block, key);
  return value == nullptr ? block.place : value->place;
}

Result<Selector> as_selector(const Node& node, const Reading& reading) {
  Selector selector;
  if (node.kind == Node::Kind::list) {
    auto list =
        as_list(node, "a list", [&](const Node& item) { return as_selection(item, reading); });
    if (!list) return tl::unexpected(list.error());
    if (list->empty()) return fail_at(node.place, "an empty list picks no phone");
    selector.any_of = *std::move(list);
    return selector;
  }
  TRY(const auto one, as_selection(node, reading));
  selector.any_of.push_back(one);
  return selector;
}

std::vector<const PhoneGroup*> groups_of(const Selector& selector, const Scenario& scenario) {
  std::vector<bool> picked(scenario.phones.size(), selector.any_of.empty());
  for (const auto& selection : selector.any_of) {
    if (const auto* group = std::get_if<PhonesOfGroup>(&selection)) {
      for (auto part = group->group; part < picked.size(); ++part) {
        if (first_part(scenario, part) != group->group) break;
        picked[part] = true;
      }
    } else if (const auto* phone = std::get_if<SinglePhone>(&selection)) {
      picked[group_of(scenario, phone->phone)] = true;
    } else {
      picked.assign(picked.size(), true);
    }
  }
  std::vector<const PhoneGroup*> groups;
  for (std::size_t i = 0; i < picked.size(); ++i) {
    if (picked[i]) groups.push_back(&scenario.phones[i]);
  }
  return groups;
}

Result<std::vector<Setting>> as_settings(const Node& node,
                                         std::span<const PhoneGroup* const> groups) {
  if (node.kind != Node::Kind::map) return unexpected_value(node, "a map of parameters and values");
  std::vector<Setting> settings;
  for (const auto& entry : node.entries) {
    // A key is read as a value would be, and complained about at its own place.
    Node name;
    name.kind = Node::Kind::scalar;
    name.text = entry.key;
    name.place = entry.place;
    TRY(const auto id, as_parameter(name));
    TRY(auto value, as_template_for(entry.value, groups));
    const auto behind = std::lower_bound(settings.begin(), settings.end(), id,
                                         [](const Setting& setting, profile::ParameterId other) {
                                           return setting.parameter < other;
                                         });
    // One parameter may have two names.
    if (behind != settings.end() && behind->parameter == id)
      return fail_at(entry.place, fmt::format("{} is set already", profile::parameter(id).name));
    settings.insert(behind, {id, std::move(value)});
  }
  return settings;
}

}  // namespace provphone::client::scenario
