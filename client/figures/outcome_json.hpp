#pragma once

#include "client/figures/verdicts.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::figures {

// The members that the result of any run has of how it came out, in their order: verdict, headline,
// extent, ended, work, failures, void_reasons and expectations.
void add_verdicts(nlohmann::ordered_json& result, const Verdicts& verdicts, const Outcome& outcome);

// The member `evidence`: what expectations are judged by, for whoever merges results.
void add_evidence(nlohmann::ordered_json& result, const Outcome& outcome);

}  // namespace provphone::client::figures
