#pragma once

#include "client/figures/comparison.hpp"
#include "client/figures/fleet_result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a person wants to know of a fleet's run, in sentences and tables for whatever shows them:
// text and HTML have the same words. Sentences have neither capital nor full stop.
namespace provphone::client::report {

// The first row is the heading; all columns but the first hold figures.
using Table = std::vector<std::vector<std::string>>;

// What an expectation came to, and why: `not judged`, `3 of 200 phones; 000e08... expected a, got
// b`.
std::string_view status_word(figures::Judgement status);
std::string found_text(const figures::ExpectationResult& result);

// How far provisioning came: `998 of 1 000 phones were provisioned (99.8 %), half of them ...`.
std::string provisioning_sentence(const figures::FleetResult& result);
// What the result is of: `10m 00s from 2026-03-01T06:00:00Z, seed 7, ...`.
std::string origin_sentence(const figures::FleetResult& result);

// How often and when the run was paused; empty where it was not. At most the first ten are named.
std::string pauses_sentence(const figures::FleetResult& result);

Table group_table(const figures::FleetResult& result);
// By stage, of retrievals that ended so; the heading alone: there were none.
Table latency_table(const figures::FleetResult& result, figures::Ending ending);
std::string latency_heading(figures::Ending ending);
// What the scenario had happen; the heading alone: nothing, or nobody knows.
Table event_table(const figures::FleetResult& result);
Table failure_table(
    const figures::FleetResult& result);  // by stage and code; the heading alone: none
Table resource_table(const figures::FleetResult& result);
// Two runs side by side, with difference and ratio.
struct ComparedRow {
  enum class Of : std::uint8_t { verdicts, counts, times } of;
  std::vector<std::string> cells;
};
// The words above their columns.
std::vector<std::string> comparison_heads();
std::vector<ComparedRow> compared_rows(const figures::FleetResult& before,
                                       const figures::FleetResult& after);
// What the second is beside the first: `B is 18 % slower at p99 (3.2ms, 2.7ms before); ...`.
std::string comparison_sentence(const figures::FleetResult& before,
                                const figures::FleetResult& after);
// `crossed: p99>+10% (3.2ms, 2.7ms before)`, one for each threshold.
std::string threshold_sentence(const figures::Crossed& held);

}  // namespace provphone::client::report
