#include "client/report/outcome_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

using CaseStatus = OutcomeCase::Status;

std::ptrdiff_t reason_count(const figures::ExpectationFailure& failure) {
  return static_cast<std::ptrdiff_t>(std::min(failure.reasons.size(), figures::max_reasons));
}

// One case for an expectation, with its first failure as the message: lists of CI servers show a
// line.
OutcomeCase case_of(const figures::ExpectationResult& result) {
  OutcomeCase one;
  one.name = result.title;
  one.line = result.line;
  if (result.status == figures::Judgement::not_judged) {
    one.status = CaseStatus::skipped;
    one.message = result.why_not_judged;
  }
  if (result.status != figures::Judgement::failed) return one;
  one.status = CaseStatus::failed;
  one.type = "expectation";
  one.message = extent_of(result);
  if (!result.failures.empty()) {
    const auto& first = result.failures.front();
    const auto who = first.phone ? format_lower(*first.phone) + " " : std::string();
    one.message += fmt::format(": {}expected {}, got {}", who, first.expected, first.got);
    one.reasons.assign(first.reasons.begin(), first.reasons.begin() + reason_count(first));
  }
  for (const auto& failure : result.failures) {
    const auto lines = lines_of(result, failure);
    // The first line is the expectation's title, which is the case's name.
    one.details.insert(one.details.end(), lines.begin() + 1, lines.end());
  }
  // Only max_failures are kept of those that are counted; where phones count together, none is.
  if (result.failed > result.failures.size())
    one.details.push_back(fmt::format("  and {} more", result.failed - result.failures.size()));
  if (result.failed > 1) one.reasons.push_back(fmt::format("and {} more", result.failed - 1));
  return one;
}

OutcomeCase passes_case(const figures::Verdicts& verdicts) {
  OutcomeCase one;
  one.name = "no pass failed unexpectedly";
  if (verdicts.failed_passes.empty()) return one;
  one.status = CaseStatus::failed;
  one.type = name(verdicts.failed_passes.begin()->first);
  one.details = failed_pass_clauses(verdicts);
  one.message = fmt::format("passes failed: {}", fmt::join(one.details, ", "));
  return one;
}

}  // namespace

std::vector<OutcomeCase> cases_of(const figures::Verdicts& verdicts) {
  // Of a void run no other case may pass or fail: its figures are the generator's.
  if (verdicts.verdict == figures::Verdict::void_run) {
    OutcomeCase one;
    one.status = CaseStatus::void_run;
    one.name = "the generator kept its schedule";
    one.type = "void";
    one.message = fmt::format("{}", fmt::join(verdicts.void_reasons, "; "));
    return {one};
  }
  std::vector<OutcomeCase> cases;
  for (const auto& result : verdicts.expectations) cases.push_back(case_of(result));
  cases.push_back(passes_case(verdicts));
  return cases;
}

}  // namespace provphone::client::report
