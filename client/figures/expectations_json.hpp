#pragma once

#include "client/figures/verdicts.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace provphone::client::figures {

// The member `expectations` of results: a list with an object each, in their order. `line`, `why`
// and a failure's `mac` are there only where they say something.
nlohmann::ordered_json expectations_json(const std::vector<ExpectationResult>& results);

}  // namespace provphone::client::figures
