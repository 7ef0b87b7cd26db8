#pragma once

#include "client/scenario/phones.hpp"
#include "client/scenario/scenario.hpp"
#include "resync/keepsake.hpp"
#include "resync/settings.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

// Most phones of a forecast are like many others. What they are made of is kept once, and a phone
// at rest is its schedule and a number.
namespace provphone::client::forecast {

// Distinct parameters, and what follows from them.
struct Variant {
  std::size_t group;
  profile::ParameterSet parameters;
  std::shared_ptr<const resync::Settings> settings;
  resync::RequestMacros recalled;
};

// What else a phone remembers.
struct Memory {
  std::optional<resync::Keepsake> keepsake;  // nothing: nothing
  resync::FilePrints files{};
};

// What the machine's wish to evaluate a rule leads to.
enum class Course : std::uint8_t {
  unknown,  // nobody has looked yet
  skipped,  // nothing is asked for
  fetches,  // one request, whose answer is the end of it, whichever it is
  own,      // each phone's own: evaluate it for that phone
};

struct Kind {
  std::uint32_t variant;
  std::uint32_t memory;
  std::array<Course, resync::rule_slots> courses{};
  std::array<macro::Scheme, resync::rule_slots> schemes{};  // where a rule fetches
};

class Kinds {
 public:
  // `scenario` must outlive it. `groups` are the scenario's, in their order.
  Kinds(const scenario::Scenario& scenario, const std::vector<scenario::GroupSetup>& groups);

  // Stays where it is while there are more.
  Kind& operator[](std::uint32_t kind) { return kinds_[kind]; }
  const Kind& operator[](std::uint32_t kind) const { return kinds_[kind]; }
  std::size_t size() const { return kinds_.size(); }

  const Variant& variant_of(std::uint32_t kind) const { return variants_[kinds_[kind].variant]; }
  const Memory& memory_of(std::uint32_t kind) const { return memories_[kinds_[kind].memory]; }

  // Of a phone before anything has happened to it.
  std::uint32_t initial(std::uint32_t phone);
  // Of a phone as it is now. What it remembers is moved out of it.
  std::uint32_t settle(std::size_t group, resync::Device& device);
  // Makes a device that is otherwise the phone's own what its kind is.
  void assume(resync::Device& device, std::uint32_t kind) const;

 private:
  std::uint32_t variant_with(std::size_t group, const resync::Device& device);
  std::uint32_t memory_with(Memory memory);
  std::uint32_t kind_with(std::uint32_t variant, std::uint32_t memory);

  const scenario::Scenario& scenario_;
  const std::vector<scenario::GroupSetup>& groups_;
  resync::RequestMacros set_by_hand_;
  std::deque<Variant> variants_;
  std::deque<Memory> memories_;
  std::deque<Kind> kinds_;
  std::unordered_multimap<std::size_t, std::uint32_t> known_variants_;  // by fingerprint
  std::unordered_map<std::string, std::uint32_t> known_memories_;
  std::unordered_map<std::uint64_t, std::uint32_t> known_kinds_;
  std::vector<std::optional<std::uint32_t>> initial_;  // by group, where its phones are alike
};

}  // namespace provphone::client::forecast
