#pragma once

#include "client/cli/exit.hpp"

#include <string>

// What phones end up with in two recorded runs.
namespace provphone::client::cli {

// Tells it on standard output, and writes it as JSON where a file is named (- is standard output,
// which has nothing else then). failed where any phone ends up with something else.
Exit compare_capsules(const std::string& before, const std::string& after, const std::string& json);

}  // namespace provphone::client::cli
