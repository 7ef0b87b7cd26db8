#pragma once

#include "client/trace/json_octets.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Names of enums in capsules, for the sources that write and read them. Whoever renames one makes
// older capsules unreadable.
namespace provphone::client::capsule {

inline constexpr std::array<std::string_view, 2> lane_names{"work", "reports"};
inline constexpr std::array<std::string_view, 5> origin_names{"operator", "sip_notify", "web",
                                                              "phone_menu", "xml_execute"};
inline constexpr std::array<std::string_view, 2> scope_names{"configured_rules", "one_time_rule"};
inline constexpr std::array<std::string_view, 3> by_hand_names{"set", "submitted", "pushed"};
inline constexpr std::array<std::string_view, 2> version_names{"v4", "v6"};

template <class Names, class E>
std::string_view named(const Names& names, E value) {
  return names[static_cast<std::size_t>(value)];
}

// Thrown while a line is read; stimulus_of() makes an error of it.
struct Unreadable {
  std::string expected;
};

template <class E, class Names>
E value_of(const Names& names, const nlohmann::ordered_json& json) {
  const auto text = json.get<std::string>();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  throw Unreadable{"a name in place of '" + text + "'"};
}

// The number behind a kind, of which there are the least and the most.
inline std::int64_t number_at(const nlohmann::ordered_json& json, std::int64_t least,
                              std::int64_t most) {
  const auto number = json.at(1).get<std::int64_t>();
  if (number >= least && number <= most) return number;
  throw Unreadable{"a number from " + std::to_string(least) + " to " + std::to_string(most)};
}

inline std::string text_at(const nlohmann::ordered_json& json, std::size_t place) {
  return trace::octets_of(json.at(place).get<std::string>());
}

}  // namespace provphone::client::capsule
