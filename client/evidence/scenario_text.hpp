#pragma once

#include "client/evidence/device_page.hpp"
#include "client/evidence/guess.hpp"

#include <string>
#include <vector>

namespace provphone::client::evidence {

// What the text is made of besides the guess.
struct ScenarioSource {
  std::vector<std::string> files;  // the logs, as they were named
  // When the first line was written by the clocks of `time_zone`, `2026-11-27T10:00:01`; empty: the
  // logs count from their own start.
  std::string clock, time_zone;
  std::optional<DevicePage> page{};
  std::string config{};  // that page's file as the scenario has to name it; empty: there is none
};

// A scenario, in YAML, which any command takes that takes one: the phones of the log by model and
// firmware, and what their server answered. Comments say what each guess goes by and how sure it
// is.
std::string scenario_text(const Guess& guess, const ScenarioSource& source);

// So many groups a scenario may have at most, one for each run of MAC addresses that count up. A
// group that would need more than its part of them has made-up addresses, as its comment says.
inline constexpr std::size_t most_scenario_groups = 900;

}  // namespace provphone::client::evidence
