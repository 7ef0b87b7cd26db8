#pragma once

#include "client/suite/trials.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// A folder of scenarios: what came of each and of all, from the same trials.
namespace provphone::client::report {

struct SuiteOutcome {
  std::string folder;
  std::vector<suite::Trial> trials;  // in the order in which they began
  std::chrono::milliseconds took{};
  std::optional<std::uint64_t> order_seed;  // of a shuffled order
};

// `its server, the last 20 of 53 lines:`, above them.
std::string heading_of(const suite::Tail& server);

// A row for each scenario, and a last line that counts.
std::string format_text(const SuiteOutcome& outcome);

// Verdict, counts, and each trial with the result that its run left.
std::string format_json(const SuiteOutcome& outcome);

// A suite for each scenario. One that left no report has a suite with one case, which says why.
std::string format_junit(const SuiteOutcome& outcome);

}  // namespace provphone::client::report
