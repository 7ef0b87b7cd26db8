#pragma once

#include "client/check/checks.hpp"
#include "macro/enum_array.hpp"

#include <span>
#include <string>

// The judgements of one audit, for people and for the programs that read such things. Nothing is
// judged here but what counts as a failure.
namespace provphone::client::report {

// Refers to both, for as long as it is being written.
struct Report {
  const check::Observations& seen;
  std::span<const check::Judgement> judgements;
};

// How many findings there are, by Severity.
EnumArray<check::Severity, std::size_t> count_findings(
    std::span<const check::Judgement> judgements);

// Whether a finding is as severe as `least`, or worse.
bool has_finding(std::span<const check::Judgement> judgements, check::Severity least);

std::string format_text(const Report& report);  // at most 100 columns
std::string format_json(const Report& report);
std::string format_sarif(const Report& report);                         // SARIF 2.1.0
std::string format_junit(const Report& report, check::Severity least);  // a failure from `least` on

}  // namespace provphone::client::report
