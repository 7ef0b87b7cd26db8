#include "client/figures/standing.hpp"

#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::figures {
namespace {

std::string phones_so_far(const Evidence& evidence) {
  const auto done = evidence.phones - std::min(evidence.phones, evidence.failed + evidence.pending);
  auto text = fmt::format("{} of {} phones", done, evidence.phones);
  if (evidence.failed > 0) text += fmt::format(", {} failed", evidence.failed);
  if (evidence.pending > 0) text += fmt::format(", {} have time", evidence.pending);
  return text;
}

std::string quantiles_so_far(const Evidence& evidence) {
  std::string text;
  for (std::size_t i = 0; i < Criterion::quantiles.size(); ++i) {
    const auto& limit = evidence.criterion.limits_us[i];
    if (!limit) continue;
    const auto ms = [](std::int64_t us) { return static_cast<double>(us) / 1e3; };
    text += fmt::format("{}p{:.0f} {:.1f} of {:.1f} ms", text.empty() ? "" : ", ",
                        Criterion::quantiles[i] * 100,
                        ms(evidence.times_us.quantile(Criterion::quantiles[i])), ms(*limit));
  }
  return text;
}

}  // namespace

void merge(Standing& sum, const Standing& other) {
  for (const auto& [cause, failures] : other.failures) {
    const auto [mine, is_new] = sum.failures.emplace(cause, failures);
    if (!is_new) merge(mine->second, failures);
  }
  sum.not_looked_at = std::max(sum.not_looked_at, other.not_looked_at);
  for (std::size_t i = 0; i < other.expectations.size(); ++i) {
    const auto& theirs = other.expectations[i];
    if (i == sum.expectations.size()) {
      sum.expectations.push_back(theirs);
      continue;
    }
    merge(sum.expectations[i].evidence, theirs.evidence);
    add(sum.expectations[i].loss, theirs.loss);
  }
}

std::string_view name(SoFar state) {
  constexpr EnumArray<SoFar, std::string_view> names{
      {"lost", "fails so far", "times void", "open", "holds so far", "not judged"}};
  return names[state];
}

SoFar so_far(const ExpectationSoFar& expectation, const Hearing& hearing) {
  const auto& evidence = expectation.evidence;
  if (!evidence.beyond_driver.empty()) return SoFar::not_judged;
  if (is_lost(expectation.loss)) return SoFar::lost;
  if (evidence.is_of_times && !hearing.times_count) return SoFar::doubtful;
  Hearing ends_now, goes_on;
  goes_on.may_go_on = true;
  if (judged(evidence, ends_now).status == Judgement::passed) return SoFar::holds;
  // What is too little may still come.
  return judged(evidence, goes_on).status == Judgement::failed ? SoFar::fails : SoFar::open;
}

std::string figures_so_far(const Evidence& evidence) {
  if (evidence.chances == 0 || !evidence.beyond_driver.empty()) return {};
  switch (evidence.criterion.kind) {
    case Criterion::Kind::every_phone:
    case Criterion::Kind::share:
      return evidence.phones == 0 ? std::string() : phones_so_far(evidence);
    case Criterion::Kind::count:
      return fmt::format("{} so far", evidence.counted);
    case Criterion::Kind::quantiles:
      break;
  }
  return quantiles_so_far(evidence);
}

}  // namespace provphone::client::figures
