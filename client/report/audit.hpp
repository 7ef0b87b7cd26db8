#pragma once

#include "client/check/checks.hpp"
#include "macro/enum_array.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The judgements of one audit, for people and for the programs that read such things. Nothing is
// judged here but what counts as a failure.
namespace provphone::client::report {

// One file of an audit. Refers to what it is of, for as long as it is being written.
struct Report {
  const check::Observations& seen;
  std::span<const check::Judgement> judgements;
  // Of the first file: the files behind it, in the order in which they were asked for.
  std::vector<Report> followed = {};
  std::size_t left_out = 0;  // places that were not asked for any more
};

// How many findings there are in all files, by Severity.
EnumArray<check::Severity, std::size_t> count_findings(const Report& report);

// Whether a finding is as severe as `least`, or worse.
bool has_finding(const Report& report, check::Severity least);

// Made for all files.
std::size_t count_requests(const Report& report);

// What ended the audit before all was asked; empty: nothing did. Static storage.
std::string_view ended_by(const Report& report);

// `Profile_Rule_C, then Upgrade_Rule`: the rules that led to a followed file.
std::string led_by(const check::Observations& seen);

// What a finding stands on, on one line: the question, what came, and the counter-probe. Empty
// where it stands on no question of its own.
std::string grounds_text(const check::Judgement& judgement, const check::Observations& seen);

std::string format_text(const Report& report);  // at most 100 columns
std::string format_json(const Report& report);
std::string format_sarif(const Report& report);                         // SARIF 2.1.0
std::string format_junit(const Report& report, check::Severity least);  // a failure from `least` on

}  // namespace provphone::client::report
