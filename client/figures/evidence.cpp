#include "client/figures/evidence.hpp"

#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::figures {
namespace {

constexpr std::uint64_t whole = 1'000'000;

void keep_lowest(std::optional<Witness>& mine, const std::optional<Witness>& other) {
  if (other && (!mine || other->number < mine->number)) mine = other;
}

// Of a phone that both know, as of a run that was repeated, the first is kept.
void merge_witnesses(std::vector<Witness>& sum, const std::vector<Witness>& others) {
  sum.insert(sum.end(), others.begin(), others.end());
  const auto by_number = [](const Witness& a, const Witness& b) { return a.number < b.number; };
  const auto same_number = [](const Witness& a, const Witness& b) { return a.number == b.number; };
  std::stable_sort(sum.begin(), sum.end(), by_number);
  sum.erase(std::unique(sum.begin(), sum.end(), same_number), sum.end());
  if (sum.size() > max_failures) sum.resize(max_failures);
}

void add_witnesses(const Evidence& evidence, ExpectationResult& result) {
  for (const auto& witness : evidence.witnesses) result.failures.push_back(witness.failure);
}

std::string time_text(std::int64_t us) {
  if (us < 1'000) return fmt::format("{} us", us);
  if (us < 1'000'000) return fmt::format("{:.1f} ms", static_cast<double>(us) / 1e3);
  return fmt::format("{:.1f} s", static_cast<double>(us) / 1e6);
}

// One that fails, or one that still may.
void judge_phones(const Evidence& evidence, ExpectationResult& result) {
  const auto& criterion = evidence.criterion;
  const auto is_enough = [&](std::uint64_t phones) {
    // In whole numbers, so that 100 % is all and not nearly all.
    if (criterion.kind == Criterion::Kind::every_phone) return phones == evidence.phones;
    return phones * whole >= evidence.phones * criterion.share_ppm;
  };
  result.failed = evidence.failed;
  const auto done = evidence.phones - evidence.failed - evidence.pending;
  if (is_enough(done)) return;
  if (!is_enough(done + evidence.pending)) {
    result.status = Judgement::failed;
    return add_witnesses(evidence, result);
  }
  result.status = Judgement::undecided;
  result.why = fmt::format("the run ended while {} of {} phones still had time", evidence.pending,
                           evidence.phones);
}

// Where there are too many, those who had a part in it are named; where there is none at all, the
// first who might have had one.
void tell_count(const Evidence& evidence, ExpectationResult& result) {
  const bool are_too_many = evidence.counted > evidence.criterion.least;
  if (are_too_many && !evidence.witnesses.empty()) {
    add_witnesses(evidence, result);
    for (auto& failure : result.failures) {
      failure.expected = evidence.expected;
      failure.got = fmt::format("{} altogether, among them {}", evidence.counted, failure.got);
    }
    return;
  }
  ExpectationFailure failure;
  if (evidence.counted == 0 && evidence.bystander) failure = evidence.bystander->failure;
  failure.expected = evidence.expected;
  failure.got = std::to_string(evidence.counted);
  // A count of nothing is easier to understand with what came instead.
  if (evidence.counted == 0 && evidence.near_miss)
    failure.got += ", but " + evidence.near_miss->failure.got;
  result.failures.push_back(std::move(failure));
}

void judge_count(const Evidence& evidence, const Hearing& hearing, ExpectationResult& result) {
  const auto& [kind, share, least, most, limits] = evidence.criterion;
  const bool are_too_many = most && evidence.counted > *most;
  const bool are_too_few = evidence.counted < least;
  if (!are_too_many && !are_too_few) return;
  if (are_too_few && hearing.may_go_on) {
    result.status = Judgement::undecided;
    return;
  }
  result.status = Judgement::failed;
  tell_count(evidence, result);
}

void judge_quantiles(const Evidence& evidence, ExpectationResult& result) {
  std::vector<std::string> got;
  for (std::size_t i = 0; i < Criterion::quantiles.size(); ++i) {
    const auto& limit = evidence.criterion.limits_us[i];
    const auto us = evidence.times_us.quantile(Criterion::quantiles[i]);
    if (limit && us > *limit)
      got.push_back(fmt::format("p{:.0f} {}", Criterion::quantiles[i] * 100, time_text(us)));
  }
  if (got.empty()) return;
  result.status = Judgement::failed;
  result.failures.push_back(
      {std::nullopt,
       evidence.expected,
       fmt::format("{} of {} retrievals", fmt::join(got, ", "), evidence.times_us.count()),
       {fmt::format("the slowest took {}", time_text(evidence.times_us.largest()))},
       {}});
}

void not_judged(ExpectationResult& result, std::string why) {
  result.status = Judgement::not_judged;
  result.why = std::move(why);
}

}  // namespace

std::string_view name(Judgement judgement) {
  constexpr EnumArray<Judgement, std::string_view> names{
      {"passed", "failed", "not_judged", "undecided"}};
  return names[judgement];
}

std::string_view name(Criterion::Kind kind) {
  constexpr EnumArray<Criterion::Kind, std::string_view> names{
      {"every_phone", "share", "count", "quantiles"}};
  return names[kind];
}

void merge(Evidence& sum, const Evidence& other) {
  sum.chances += other.chances;
  sum.phones += other.phones;
  sum.failed += other.failed;
  sum.pending += other.pending;
  sum.counted += other.counted;
  sum.times_us.merge(other.times_us);
  merge_witnesses(sum.witnesses, other.witnesses);
  keep_lowest(sum.bystander, other.bystander);
  keep_lowest(sum.near_miss, other.near_miss);
}

ExpectationResult judged(const Evidence& evidence, const Hearing& hearing) {
  ExpectationResult result;
  result.title = evidence.title;
  result.line = evidence.line;
  result.is_implied = evidence.is_implied;
  result.phones = evidence.phones;
  if (!evidence.beyond_driver.empty()) {
    not_judged(result, evidence.beyond_driver);
    return result;
  }
  switch (evidence.criterion.kind) {
    case Criterion::Kind::every_phone:
    case Criterion::Kind::share:
      judge_phones(evidence, result);
      break;
    case Criterion::Kind::count:
      // Of no phone nothing is expected.
      if (evidence.phones > 0 || evidence.is_implied) judge_count(evidence, hearing, result);
      break;
    case Criterion::Kind::quantiles:
      judge_quantiles(evidence, result);
      break;
  }
  // Another phone's data is a fact, whoever else there may be.
  if (hearing.is_part && !evidence.is_implied) {
    not_judged(result, "it is judged with the other shards");
    result.failures.clear();
    return result;
  }
  if (evidence.is_of_times && !hearing.times_count) {
    result.status = Judgement::undecided;
    result.why = "the generator was late, so that its times say nothing";
    return result;
  }
  if (result.status == Judgement::failed) return result;
  if (hearing.may_go_on) {
    result.status = Judgement::undecided;
    result.why = "not all of the run is here";
  } else if (result.status == Judgement::passed && evidence.chances == 0) {
    not_judged(result, evidence.phones == 0 && !evidence.nobody.empty() ? evidence.nobody
                                                                        : evidence.without);
  }
  return result;
}

}  // namespace provphone::client::figures
