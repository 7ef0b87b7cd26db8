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
    case Errc::tls_timeout:
    case Errc::transfer_stalled:
    case Errc::transfer_timeout:
      return true;
    default:
      return false;
  }
}

// What becomes of failures that an expectation excuses if it holds. They are counted by cause, not
// by expectation: where one does not hold all come back.
enum class Pardon : std::uint8_t { granted, open, refused };

Pardon pardon_of(const Outcome& outcome, const std::vector<ExpectationResult>& expectations,
                 const Hearing& hearing) {
  auto pardon = Pardon::granted;
  for (std::size_t i = 0; i < outcome.evidence.size(); ++i) {
    const auto status = expectations[i].status;
    if (!outcome.evidence[i].excuses_failures || status == Judgement::passed) continue;
    // The other shards, or the rest of the run, might still make it hold.
    const bool is_open = status == Judgement::undecided || hearing.is_part || hearing.may_go_on;
    pardon = std::max(pardon, is_open ? Pardon::open : Pardon::refused);
  }
  return pardon;
}

void sort_by_times(std::vector<CountedFailures>& failures) {
  std::stable_sort(failures.begin(), failures.end(),
                   [](const CountedFailures& a, const CountedFailures& b) {
                     return a.failures.times > b.failures.times;
                   });
}

void count_failures(const Outcome& outcome, const Hearing& hearing, Verdicts& verdicts) {
  const auto pardon = pardon_of(outcome, verdicts.expectations, hearing);
  const auto add = [](std::vector<CountedFailures>& list, const Cause& cause, Failures failures,
                      std::uint64_t times) {
    failures.times = times;
    if (times > 0) list.push_back({cause, std::move(failures)});
  };
  for (const auto& [cause, all] : outcome.failures) {
    const auto returning = pardon == Pardon::refused ? all.unless_held : 0;
    auto& list = is_doubtful(cause.code, hearing) ? verdicts.doubtful : verdicts.failures;
    add(list, cause, all, all.times + returning);
    if (pardon == Pardon::open) add(verdicts.doubtful, cause, all, all.unless_held);
  }
  sort_by_times(verdicts.failures);
  sort_by_times(verdicts.doubtful);
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
  // Of a shard, too: all of them are one run.
  if (!verdicts.never_began.empty()) return Verdict::fail;
  if (!verdicts.void_reasons.empty() || has(verdicts.expectations, Judgement::undecided))
    return Verdict::void_run;
  // The others may have what this shard lacks; alone it says nothing.
  if (verdicts.is_part) return verdicts.lacks_phones ? Verdict::void_run : Verdict::pass;
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
          {"powered_on", std::to_string(extent.powered)},
          {"provisioned", std::to_string(extent.provisioned)},
          {"under_way", std::to_string(extent.under_way)},
          {"ended", std::string(name(outcome.end))},
          {"seed", std::to_string(facts.seed)},
          {"scenario_hash", facts.scenario_hash},
          {"version", std::string(version)}};
}

}  // namespace

std::string_view name(Verdict verdict) {
  constexpr EnumArray<Verdict, std::string_view> names{{"pass", "fail", "void"}};
  return names[verdict];
}

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
  // A shard may have no phone at all where there are more shards than phones.
  const bool has_none = facts.is_part && outcome.extent.phones == 0;
  verdicts.never_began = outcome.never_began;
  verdicts.lacks_phones =
      !outcome.never_began.empty() ||
      (outcome.extent.provisioned == 0 && !outcome.may_stay_unprovisioned && !has_none);
  verdicts.verdict = verdict_of(verdicts, facts.strictness);
  return verdicts;
}

}  // namespace provphone::client::figures
