#pragma once

#include "client/figures/verdicts.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace provphone::client::figures {

// The member `expectations` of results.
nlohmann::ordered_json expectations_json(const std::vector<ExpectationResult>& results);

}  // namespace provphone::client::figures
