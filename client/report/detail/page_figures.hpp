#pragma once

#include "client/figures/fleet_result.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

// What the script of a page draws its charts from, and offers for keeping.
namespace provphone::client::report {

using PageRuns = std::vector<const figures::FleetResult*>;  // one, or two that are compared

// What a run's figures are worth: a void reason takes the times at least.
enum class Weight : std::uint8_t { says_all, says_no_times, says_nothing };
Weight weight_of(const figures::Verdicts& verdicts);
// `says-no-times`: as the stylesheet and the script of the page call it. Static storage.
std::string_view name(Weight weight);

// Codes that any of the runs failed with, the most frequent first; as many as a chart shows.
std::vector<Errc> charted_codes(const PageRuns& runs);

// Whether any run says in which intervals its passes failed; results of earlier versions do not.
bool tell_when_passes_failed(const PageRuns& runs);

// Times are in seconds for when, in milliseconds for how long; rates are for a second. The results
// themselves are in it as texts.
nlohmann::ordered_json page_figures(const PageRuns& runs);

}  // namespace provphone::client::report
