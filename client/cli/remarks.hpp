#pragma once

#include "client/identity/cache_folder.hpp"
#include "client/scenario/read.hpp"

// What a person is told of a scenario before its first phone starts.
namespace provphone::client::cli {

// Complains, a line each, of what the scenario says of a group and does not go together
// (R-MODEL-04). None of it keeps the scenario from being run.
// Nor does a name that the catalogue lacks (R-XML-03).
void complain_of_contradictions(const scenario::Scenario& scenario);

// Where certificates' keys and signatures are kept. Complains, once, where they cannot be.
identity::Keeping usual_keeping();

// What a scenario is read amid here: files, the environment, and the phones of --leases where that
// flag has a file. Complains of leases that were left out. Fails with unreadable_file or
// bad_argument.
Result<scenario::Surroundings> surroundings(const std::string& leases);

}  // namespace provphone::client::cli
