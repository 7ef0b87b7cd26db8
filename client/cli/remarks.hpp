#pragma once

#include "client/identity/cache_folder.hpp"
#include "client/scenario/lease_file.hpp"
#include "client/scenario/scenario.hpp"

// What a person is told of a scenario before its first phone starts.
namespace provphone::client::cli {

// Complains, a line each, of what the scenario says of a group and does not go together
// (R-MODEL-04). None of it keeps the scenario from being run.
// Nor does a name that the catalogue lacks (R-XML-03).
void complain_of_contradictions(const scenario::Scenario& scenario);

// Where certificates' keys and signatures are kept. Complains, once, where they cannot be.
identity::Keeping usual_keeping();

// The phones of --leases; null where the flag was not given. Complains of those that were left out.
// Fails with unreadable_file or bad_argument.
Result<scenario::LeasedPhones> leased_phones(const std::string& file);

}  // namespace provphone::client::cli
