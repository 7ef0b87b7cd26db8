#pragma once

#include "client/scenario/phones.hpp"
#include "client/scenario/scenario.hpp"
#include "resync/plan.hpp"
#include "resync/settings.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// Most phones of a forecast have the same parameters as many others. Each distinct set is kept
// once, with all that follows from it, and a phone has its number.
namespace provphone::client::drive {

// What evaluating a rule comes to, where that can be said for all phones with the same parameters.
enum class RuleShape : std::uint8_t {
  skipped,
  fetches,
  varies,  // ask for each phone and moment
};

struct Variant {
  std::size_t group;
  profile::ParameterSet parameters;
  resync::Settings settings;
  std::array<RuleShape, resync::rule_slots> rules;
  std::array<macro::Scheme, resync::rule_slots> schemes;  // where a rule fetches
};

// A variant that a phone changes to.
struct Transition {
  std::uint32_t variant;
  bool needs_restart;
};

// The parameters whose values differ, of two variants of one group.
std::vector<profile::ParameterId> changes_between(const Variant& from, const Variant& to);

class Variants {
 public:
  // `scenario` must outlive it. `groups` are the scenario's, in their order.
  Variants(const scenario::Scenario& scenario, std::vector<scenario::GroupSetup> groups);

  const Variant& operator[](std::uint32_t variant) const { return variants_[variant]; }
  std::size_t size() const { return variants_.size(); }

  // Of a phone before anything has happened to it.
  std::uint32_t initial(std::uint32_t phone);

  // Behind the file `profile` of scenario.server.profiles.
  Transition with_profile(std::uint32_t from, std::size_t profile, std::uint32_t phone);
  Transition with_assignments(std::uint32_t from,
                              const std::vector<macro::Assignment>& assignments);
  Transition with_settings(std::uint32_t from, const std::vector<scenario::Setting>& settings,
                           std::uint32_t phone);

 private:
  std::uint32_t intern(std::size_t group, profile::ParameterSet parameters, std::uint32_t phone);
  Transition changed(std::uint32_t from, profile::ParameterSet parameters,
                     const std::vector<profile::ParameterId>& ids, std::uint32_t phone);

  const scenario::Scenario& scenario_;
  std::vector<scenario::GroupSetup> groups_;
  std::deque<Variant> variants_;  // stays where it is while it grows
  std::unordered_map<std::string, std::uint32_t> known_;
  std::vector<std::optional<std::uint32_t>> initial_;  // by group, where its phones are alike
  std::map<std::pair<std::uint32_t, std::size_t>, Transition> by_profile_;
};

}  // namespace provphone::client::drive
