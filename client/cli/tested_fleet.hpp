#pragma once

#include "client/figures/tested.hpp"
#include "client/scenario/scenario.hpp"

#include <string>
#include <vector>

namespace provphone::client::cli {

// What a fleet of that scenario tests, from this machine. `overrides` are those of --with, `typed`
// is the command line; secrets are hidden in both. Reads what `config` names: of files that cannot
// be read somebody else complains.
figures::Tested tested_fleet(const scenario::Scenario& scenario,
                             const std::vector<std::string>& overrides,
                             const std::vector<std::string>& typed);

}  // namespace provphone::client::cli
