#pragma once

#include "client/input/tree.hpp"
#include "client/scenario/scenario.hpp"
#include "macro/try.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string_view>

// One value of a scenario each: from the tree's text to a number, a time, a name. All of them fail
// with scenario_invalid at the value's place, saying what was expected.
namespace provphone::client::scenario {

using input::Entry;
using input::Node;
using input::Place;

// `expected {expected}, found {what is there}`.
tl::unexpected<Error> unexpected_value(const Node& node, std::string_view expected);

Result<std::string> as_text(const Node& node);  // may be empty
// May not be empty.
Result<std::string> as_filled_text(const Node& node);
Result<std::uint64_t> as_number(const Node& node);  // from 0
Result<std::uint32_t> as_count(const Node& node);   // from 1
// From 0 to what 32 bits hold.
Result<std::uint32_t> as_queue(const Node& node);
Result<Duration> as_duration(const Node& node);  // from 0
Result<Duration> as_positive_duration(const Node& node);
// 0% to 100%, with up to four decimals: millionths are what a share is counted in.
Result<Share> as_share(const Node& node);
// 512, 40KB, 2MiB: the size of a profile, up to the 8 MiB that phones read.
Result<std::uint64_t> as_bytes(const Node& node);
// Of any file, firmware included, up to 4 GiB (R-UPGRADE-05).
Result<std::uint64_t> as_load_bytes(const Node& node);
Result<MacAddress> as_mac(const Node& node);
Result<std::chrono::local_seconds> as_civil_time(const Node& node);
// By its form only: whether this machine knows it shows when it is loaded.
Result<std::string> as_time_zone(const Node& node);
// The text of what input::parse_pattern takes, up to 200 octets. Whoever uses it parses it again,
// and can count on success.
Result<std::string> as_pattern(const Node& node);
Result<profile::ParameterId> as_parameter(const Node& node);
Result<Template> as_template(const Node& node);
Result<void> as_true(const Node& node);  // true, and nothing else
Result<Failure> as_failure(const Node& node);

// Of a URL, as macro::Url has it: a host without port and brackets, a path from its `/` on. `*`
// stands for anything in a pattern.
Result<std::string> as_host(const Node& node);
Result<std::string> as_host_pattern(const Node& node);
Result<std::string> as_path_pattern(const Node& node);

Result<AddressRange> as_address_range(const Node& node);

// A template whose variables each of the groups has.
Result<Template> as_template_for(const Node& node, std::span<const PhoneGroup* const> groups);

template <class Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

// `expected` where the text is none of the choices; the nearest is suggested.
tl::unexpected<Error> no_choice(const Node& node, const std::vector<std::string_view>& names);

template <class Enum, std::size_t count>
Result<Enum> as_choice(const Node& node, const std::array<Choice<Enum>, count>& choices) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : choices) {
    if (node.kind == Node::Kind::scalar && node.text == name) return value;
    names.push_back(name);
  }
  return no_choice(node, names);
}

// A list, item by item; a single value where `read` takes one is no list.
template <class Read>
auto as_list(const Node& node, std::string_view expected, Read read)
    -> Result<std::vector<typename decltype(read(node))::value_type>> {
  std::vector<typename decltype(read(node))::value_type> values;
  if (node.kind != Node::Kind::list) return unexpected_value(node, expected);
  for (const auto& item : node.items) {
    TRY(auto value, read(item));
    values.push_back(std::move(value));
  }
  return values;
}

}  // namespace provphone::client::scenario
