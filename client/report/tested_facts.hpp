#pragma once

#include "client/figures/tested.hpp"

#include <string>
#include <string_view>
#include <vector>

// What a fleet's result is of, for a person.
namespace provphone::client::report {

struct TestedFact {
  std::string_view term;            // `servers`
  std::vector<std::string> values;  // at least one; of many the first ten, and how many more
};

// Those that are known; none of a result of an earlier version.
std::vector<TestedFact> tested_facts(const figures::Tested& tested);

struct FactApart {
  std::string_view term;
  std::vector<std::string> before, after;  // `-` where one of them has none
};

// Those in which two results differ; none where nothing is known of either.
std::vector<FactApart> facts_apart(const figures::Tested& before, const figures::Tested& after);

// `against http://192.0.2.1:8080 with CP-8841-3PCC, overrides phones.a.count=5`; empty where no
// server is known.
std::string tested_sentence(const figures::Tested& tested);

}  // namespace provphone::client::report
