#include "client/figures/verdicts.hpp"

#include "client/figures/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::figures {
namespace {

bool has(const std::vector<ExpectationResult>& expectations, Judgement status) {
  return std::any_of(expectations.begin(), expectations.end(),
                     [&](const auto& result) { return result.status == status; });
}

Hearing hearing_of(const RunFacts& facts, const std::vector<VoidReason>& reasons) {
  Hearing hearing;
  hearing.is_part = facts.is_part;
  for (const auto& reason : reasons) {
    if (takes_extent(reason)) {
      hearing.may_go_on = true;
    } else {
      hearing.times_count = false;
    }
  }
  return hearing;
}

// A generator that is late, or that has no port left, makes these by itself.
bool is_doubtful(Errc code, const Hearing& hearing) {
  if (hearing.times_count) return false;
  switch (code) {
    case Errc::connect_timeout:
    case Errc::no_local_port:
    case Errc::no_socket:
    case Errc::transfer_stalled:
    case Errc::transfer_timeout:
      return true;
    default:
      return false;
  }
}

// Where one of those that excuse failures does not hold, all failures that wait for it come back:
// they are counted by cause, not by expectation. While it is open nobody knows.
bool comes_back(const Outcome& outcome, const std::vector<ExpectationResult>& expectations) {
  for (std::size_t i = 0; i < outcome.evidence.size(); ++i) {
    const auto status = expectations[i].status;
    if (outcome.evidence[i].excuses_failures && status != Judgement::passed &&
        status != Judgement::undecided)
      return true;
  }
  return false;
}

// Whether they are excused is not known while the other shards, or the rest of the run, might
// still say so.
bool waits_for_more(const Hearing& hearing) {
  return hearing.is_part || hearing.may_go_on;
}

void count_failures(const Outcome& outcome, const Hearing& hearing, Verdicts& verdicts) {
  const bool with_the_rest = !waits_for_more(hearing) && comes_back(outcome, verdicts.expectations);
  for (const auto& [cause, all] : outcome.failures) {
    auto counted = all;
    if (with_the_rest) counted.times += std::exchange(counted.unless_held, 0);
    if (counted.times == 0) continue;
    auto& list = is_doubtful(cause.code, hearing) ? verdicts.doubtful : verdicts.failures;
    list.push_back({cause, counted});
  }
  const auto commoner = [](const CountedFailures& a, const CountedFailures& b) {
    return a.failures.times > b.failures.times;
  };
  std::stable_sort(verdicts.failures.begin(), verdicts.failures.end(), commoner);
  std::stable_sort(verdicts.doubtful.begin(), verdicts.doubtful.end(), commoner);
}

bool is_expected_something(const Outcome& outcome) {
  return std::any_of(outcome.evidence.begin(), outcome.evidence.end(),
                     [](const Evidence& evidence) { return !evidence.is_implied; });
}

// Expectations say for themselves which phones they wait for. Without any, all count.
void look_for_phones_under_way(const Outcome& outcome, Verdicts& verdicts) {
  const auto under_way = outcome.extent.under_way;
  if (under_way == 0 || verdicts.is_part || is_expected_something(outcome)) return;
  if (std::any_of(verdicts.void_reasons.begin(), verdicts.void_reasons.end(), takes_extent)) return;
  verdicts.void_reasons.push_back(
      {std::string(cut_short_run),
       fmt::format("{} of {} phones were in their first pass when the run ended", under_way,
                   outcome.extent.phones),
       "give it more time with --for"});
}

Verdict verdict_of(const Verdicts& verdicts, Strictness strictness) {
  // Facts first: they stay, whatever else there is that says nothing.
  if (!verdicts.failures.empty() || has(verdicts.expectations, Judgement::failed))
    return Verdict::fail;
  if (!verdicts.void_reasons.empty() || has(verdicts.expectations, Judgement::undecided))
    return Verdict::void_run;
  if (verdicts.is_part) return Verdict::pass;
  if (verdicts.lacks_phones) return Verdict::fail;
  const bool is_short = std::any_of(
      verdicts.expectations.begin(), verdicts.expectations.end(), [](const auto& result) {
        return result.status == Judgement::not_judged && !result.is_implied;
      });
  return strictness == Strictness::strict && is_short ? Verdict::fail : Verdict::pass;
}

std::vector<std::pair<std::string, std::string>> properties_of(const RunFacts& facts,
                                                               const Outcome& outcome) {
  const auto& extent = outcome.extent;
  return {{"phones", std::to_string(facts.phones)},
          {"powered on", std::to_string(extent.powered)},
          {"provisioned", std::to_string(extent.provisioned)},
          {"under way", std::to_string(extent.under_way)},
          {"ended", std::string(name(outcome.end))},
          {"seed", std::to_string(facts.seed)},
          {"scenario_hash", facts.scenario_hash},
          {"version", std::string(version)}};
}

}  // namespace

Verdicts judge(const RunFacts& facts, const Outcome& outcome) {
  Verdicts verdicts;
  verdicts.title = facts.title;
  verdicts.file = facts.file;
  verdicts.extent = outcome.extent;
  verdicts.end = outcome.end;
  verdicts.length = outcome.length;
  verdicts.done = outcome.done;
  verdicts.is_part = facts.is_part;
  verdicts.void_reasons = outcome.void_reasons;
  verdicts.properties = properties_of(facts, outcome);
  look_for_phones_under_way(outcome, verdicts);
  const auto hearing = hearing_of(facts, verdicts.void_reasons);
  for (const auto& evidence : outcome.evidence)
    verdicts.expectations.push_back(judged(evidence, hearing));
  count_failures(outcome, hearing, verdicts);
  verdicts.lacks_phones = outcome.extent.provisioned == 0 && !outcome.may_stay_unprovisioned;
  verdicts.verdict = verdict_of(verdicts, facts.strictness);
  return verdicts;
}

}  // namespace provphone::client::figures
