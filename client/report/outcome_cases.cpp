#include "client/report/outcome_cases.hpp"

#include "client/figures/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

using CaseStatus = OutcomeCase::Status;

std::ptrdiff_t reason_count(const figures::ExpectationFailure& failure) {
  return static_cast<std::ptrdiff_t>(std::min(failure.reasons.size(), figures::max_reasons));
}

// A clause with the first phone, and with what kept it from being provisioned.
std::string first_clause(const figures::ExpectationFailure& first) {
  const auto who = first.phone ? format_lower(*first.phone) + " " : std::string();
  const auto cause = first.cause.empty() ? "" : fmt::format(" ({})", first.cause);
  return fmt::format(": {}expected {}, got {}{}", who, first.expected, first.got, cause);
}

// Its first failure is the message: lists of CI servers show a line.
void tell_failures(const figures::ExpectationResult& result, OutcomeCase& one) {
  one.message = extent_of(result);
  if (!result.failures.empty()) {
    const auto& first = result.failures.front();
    one.message += first_clause(first);
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
}

OutcomeCase case_of(const figures::ExpectationResult& result) {
  OutcomeCase one;
  one.name = result.title;
  one.line = result.line;
  switch (result.status) {
    case figures::Judgement::passed:
      break;
    case figures::Judgement::not_judged:
      one.status = CaseStatus::skipped;
      one.message = result.why;
      break;
    case figures::Judgement::undecided:
      one.status = CaseStatus::void_run;
      one.type = "void";
      one.message = result.why;
      break;
    case figures::Judgement::failed:
      one.status = CaseStatus::failed;
      one.type = "expectation";
      one.is_told_by_causes = is_consequence(result);
      tell_failures(result, one);
      break;
  }
  return one;
}

// Of those reasons that take away what the run came to, or of those that take away times alone.
enum class About : std::uint8_t { extent, times };

OutcomeCase void_case(const figures::Verdicts& verdicts, About about) {
  OutcomeCase one;
  one.name = about == About::extent ? "all of the run is here" : "the generator kept its schedule";
  for (const auto& reason : verdicts.void_reasons) {
    if (takes_extent(reason) != (about == About::extent)) continue;
    one.status = CaseStatus::void_run;
    one.type = "void";
    one.message += fmt::format("{}{}: {}; {}", one.message.empty() ? "" : "; ", reason.resource,
                               reason.evidence, reason.remedy);
  }
  if (about == About::extent) return one;
  for (const auto& group : grouped(verdicts.doubtful)) {
    const auto lines = doubtful_lines_of(group);
    one.details.insert(one.details.end(), lines.begin(), lines.end());
  }
  return one;
}

OutcomeCase provisioned_case(const figures::Verdicts& verdicts) {
  OutcomeCase one;
  one.name = "phones were provisioned";
  if (!verdicts.never_began.empty()) {
    one.status = CaseStatus::failed;
    one.type = "never_began";
    one.message = verdicts.never_began;
    return one;
  }
  if (!verdicts.lacks_phones || !verdicts.void_reasons.empty()) return one;
  one.status = verdicts.is_part ? CaseStatus::void_run : CaseStatus::failed;
  one.type = "nothing_provisioned";
  one.message = extent_sentence(verdicts);
  // Why is told by the failures.
  one.is_told_by_causes = !verdicts.failures.empty();
  return one;
}

OutcomeCase failures_case(const figures::Verdicts& verdicts) {
  OutcomeCase one;
  one.name = "nothing failed unexpectedly";
  const auto groups = grouped(verdicts.failures);
  if (groups.empty()) return one;
  one.status = CaseStatus::failed;
  one.is_told_by_causes = true;
  one.type = name(groups.front().cause.code);
  for (const auto& group : groups) {
    const auto lines = lines_of(group);
    one.message += fmt::format("{}{}", one.message.empty() ? "" : "; ",
                               lines.front().substr(std::string_view("failed: ").size()));
    one.details.insert(one.details.end(), lines.begin(), lines.end());
  }
  return one;
}

}  // namespace

std::vector<OutcomeCase> cases_of(const figures::Verdicts& verdicts) {
  std::vector<OutcomeCase> cases{void_case(verdicts, About::extent),
                                 void_case(verdicts, About::times)};
  for (const auto& result : verdicts.expectations) cases.push_back(case_of(result));
  cases.push_back(provisioned_case(verdicts));
  cases.push_back(failures_case(verdicts));
  return cases;
}

}  // namespace provphone::client::report
