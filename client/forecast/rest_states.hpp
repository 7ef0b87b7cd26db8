#pragma once

#include "client/scenario/phones.hpp"
#include "client/scenario/scenario.hpp"
#include "resync/phone_classes.hpp"
#include "resync/settings.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

// Most phones of a forecast are like many others. What they are made of is kept once, and a phone
// at rest is its schedule and a number.
namespace provphone::client::forecast {

// What the machine's wish to evaluate a rule leads to.
enum class Course : std::uint8_t {
  unknown,  // nobody has looked yet
  skipped,  // nothing is asked for
  fetches,  // one request, whose answer is the end of it, whichever it is
  own,      // each phone's own: evaluate it for that phone
};

// A class of phones that remember the same of what they have done, and what their rules lead to.
struct RestState {
  std::uint32_t phone_class;
  std::uint32_t memory;
  std::shared_ptr<const resync::Settings> settings;  // of the class's parameters
  std::array<Course, resync::rule_slots> courses{};
  // Those that are skipped, once all courses are known.
  std::optional<std::bitset<resync::rule_slots>> idle_rules{};
  std::array<macro::Scheme, resync::rule_slots> schemes{};  // where a rule fetches
};

// Nothing is ever given back: a forecast comes to the same states again and again.
class RestStates {
 public:
  // `scenario` must outlive it. `groups` are the scenario's, in their order.
  RestStates(const scenario::Scenario& scenario, const std::vector<scenario::GroupSetup>& groups);

  // Stays where it is while there are more.
  RestState& operator[](std::uint32_t number) { return states_[number]; }
  const RestState& operator[](std::uint32_t number) const { return states_[number]; }

  const resync::PhoneClass& class_of(std::uint32_t number) const {
    return classes_[states_[number].phone_class];
  }
  // What its phones remember besides; null: nothing.
  const resync::SavedState* saved_state_of(std::uint32_t number) const;

  // Of a phone before anything has happened to it.
  std::uint32_t initial(std::uint32_t phone);
  // Of a phone as it is now. What it remembers is moved out of it.
  std::uint32_t settle(std::size_t group, resync::Device& device);
  // Makes a device that is otherwise the phone's own what phones in that state are.
  void adopt(resync::Device& device, std::uint32_t number) const;

 private:
  using Memory = std::optional<resync::SavedState>;

  std::uint32_t memory_with(Memory saved_state);
  std::uint32_t state_with(std::uint32_t phone_class, std::uint32_t memory,
                           const resync::Device& device);

  const scenario::Scenario& scenario_;
  const std::vector<scenario::GroupSetup>& groups_;
  resync::PhoneClasses classes_;
  std::deque<Memory> memories_;
  std::deque<RestState> states_;
  std::unordered_map<std::string, std::uint32_t> known_memories_;
  std::unordered_map<std::uint64_t, std::uint32_t> known_states_;  // by class and memory
  std::vector<std::optional<std::uint32_t>> initial_;  // by group, where its phones are alike
};

}  // namespace provphone::client::forecast
