#pragma once

#include "client/scenario/scenario.hpp"

// What a person is told of a scenario before its first phone starts.
namespace provphone::client::cli {

// Complains, a line each, of what the scenario says of a group and does not go together
// (R-MODEL-04). None of it keeps the scenario from being run.
void complain_of_contradictions(const scenario::Scenario& scenario);

}  // namespace provphone::client::cli
