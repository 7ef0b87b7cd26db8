#include "client/figures/detail/outcome_parse.hpp"

#include "macro/enum_array.hpp"

namespace provphone::client::figures {
namespace {

ExpectationFailure read_failure(const Member& from) {
  ExpectationFailure failure;
  if (from.has("mac")) failure.phone = read_mac(from["mac"]);
  failure.expected = from["expected"].text();
  failure.got = from["got"].text();
  failure.reasons = from["reasons"].texts(max_reasons);
  if (from.has("cause")) failure.cause = from["cause"].text();
  return failure;
}

Witness read_witness(const Member& from) {
  return {from["number"].whole<std::uint32_t>(most_small), read_failure(from)};
}

Criterion read_criterion(const Member& from) {
  Criterion criterion;
  criterion.kind = read_name<Criterion::Kind>(from["kind"]);
  if (from.has("share_ppm"))
    criterion.share_ppm = from["share_ppm"].whole<std::uint32_t>(1'000'000);
  if (from.has("least")) criterion.least = from["least"].whole();
  if (from.has("most")) criterion.most = from["most"].whole();
  if (!from.has("limits_us")) return criterion;
  const auto limits = from["limits_us"].list(criterion.limits_us.size());
  for (std::size_t i = 0; i < limits.size(); ++i) {
    if (!limits[i].is_null()) criterion.limits_us[i] = limits[i].whole<std::int64_t>();
  }
  return criterion;
}

Evidence read_evidence(const Member& from) {
  Evidence evidence;
  evidence.title = from["title"].text();
  evidence.line = from["line"].whole<int>(most_entries * 10);
  evidence.criterion = read_criterion(from["criterion"]);
  evidence.is_implied = from["is_implied"].boolean();
  evidence.is_of_times = from["is_of_times"].boolean();
  evidence.excuses_failures = from["excuses_failures"].boolean();
  evidence.beyond_driver = from["beyond_driver"].text();
  evidence.chances = from["chances"].whole();
  evidence.without = from["without"].text();
  evidence.phones = from["phones"].whole();
  evidence.nobody = from["nobody"].text();
  evidence.failed = from["failed"].whole(evidence.phones);
  evidence.pending = from["pending"].whole(evidence.phones - evidence.failed);
  evidence.counted = from["counted"].whole();
  evidence.expected = from["expected"].text();
  if (from.has("times")) evidence.times_us = read_histogram(from["times"]);
  if (from.has("stage")) evidence.stage = from["stage"].text();
  for (const auto& witness : from["witnesses"].list(max_failures))
    evidence.witnesses.push_back(read_witness(witness));
  if (from.has("bystander")) evidence.bystander = read_witness(from["bystander"]);
  if (from.has("near_miss")) evidence.near_miss = read_witness(from["near_miss"]);
  return evidence;
}

void read_failures(const Member& from, std::map<Cause, Failures>& all) {
  for (const auto& each : from.list()) {
    const Cause cause{read_name<Work>(each["work"]), read_name<Errc>(each["code"]),
                      each["server"].text(), each["group"].text()};
    auto& failures = all[cause];
    failures.times = each["times"].whole();
    failures.unless_held = each["unless_held"].whole();
    failures.kept_off = each["kept_off"].whole();
    failures.first_number = each["first_number"].whole<std::uint32_t>(most_small);
    failures.first = read_mac(each["first"]);
    failures.url = each["url"].text();
    failures.detail = each["detail"].text();
    failures.said = each["said"].text();
  }
}

}  // namespace

Outcome read_outcome(const Member& from) {
  Outcome outcome;
  const auto extent = from["extent"];
  outcome.extent.phones = extent["phones"].whole();
  outcome.extent.powered = extent["powered_on"].whole();
  outcome.extent.provisioned = extent["provisioned"].whole();
  outcome.extent.under_way = extent["under_way"].whole();
  outcome.end = read_name<RunEnd>(from["ended"]);
  if (from.has("never_began")) outcome.never_began = from["never_began"].text();
  outcome.length = resync::Duration(from["length_ms"].whole<std::int64_t>(longest_ms));
  const auto work = from["work"];
  outcome.done[Work::pass] = work["passes"].whole();
  outcome.done[Work::upgrade] = work["upgrades"].whole();
  outcome.done[Work::report] = work["reports"].whole();
  read_failures(from["failures"], outcome.failures);
  for (const auto& reason : from["void_reasons"].list())
    outcome.void_reasons.push_back(
        {reason["resource"].text(), reason["evidence"].text(), reason["remedy"].text()});
  outcome.may_stay_unprovisioned = from["may_stay_unprovisioned"].boolean();
  for (const auto& evidence : from["evidence"].list())
    outcome.evidence.push_back(read_evidence(evidence));
  return outcome;
}

}  // namespace provphone::client::figures
