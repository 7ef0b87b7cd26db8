#include "client/figures/outcome_json.hpp"

#include "client/figures/detail/json.hpp"
#include "client/figures/verdict_text.hpp"

namespace provphone::client::figures {
namespace {

using Json = nlohmann::ordered_json;

Json failure_json(const ExpectationFailure& failure) {
  Json json = Json::object();
  // Not there where the phones failed together.
  if (failure.phone) json["mac"] = format_lower(*failure.phone);
  json["expected"] = failure.expected;
  json["got"] = failure.got;
  json["reasons"] = failure.reasons;
  if (!failure.cause.empty()) json["cause"] = failure.cause;
  return json;
}

// `line`, `why` and a failure's `mac` are there only where they say something.
Json expectation_json(const ExpectationResult& result) {
  Json json{{"title", result.title}, {"status", name(result.status)}};
  if (result.line > 0) json["line"] = result.line;
  if (!result.why.empty()) json["why"] = result.why;
  json["phones"] = result.phones;
  json["failed"] = result.failed;
  json["failures"] = Json::array();
  for (const auto& failure : result.failures) json["failures"].push_back(failure_json(failure));
  return json;
}

// With all that is needed to read it back: who expected a failure is not known before all parts are
// together.
Json failures_json(const Outcome& outcome) {
  Json list = Json::array();
  for (const auto& [cause, failures] : outcome.failures) {
    list.push_back({{"work", name(cause.work)},
                    {"code", name(cause.code)},
                    {"server", cause.server},
                    {"group", cause.group},
                    {"times", failures.times},
                    {"unless_held", failures.unless_held},
                    {"kept_off", failures.kept_off},
                    {"first_number", failures.first_number},
                    {"first", format_lower(failures.first)},
                    {"url", failures.url},
                    {"detail", failures.detail},
                    {"said", failures.said}});
  }
  return list;
}

Json void_reasons_json(const std::vector<VoidReason>& reasons) {
  Json list = Json::array();
  for (const auto& [resource, evidence, remedy] : reasons)
    list.push_back({{"resource", resource}, {"evidence", evidence}, {"remedy", remedy}});
  return list;
}

Json witness_json(const Witness& witness) {
  auto json = failure_json(witness.failure);
  json["number"] = witness.number;
  return json;
}

Json criterion_json(const Criterion& criterion) {
  Json json{{"kind", name(criterion.kind)}};
  if (criterion.kind == Criterion::Kind::share) json["share_ppm"] = criterion.share_ppm;
  if (criterion.kind == Criterion::Kind::count) {
    json["least"] = criterion.least;
    if (criterion.most) json["most"] = *criterion.most;
  }
  if (criterion.kind == Criterion::Kind::quantiles) {
    auto& limits = json["limits_us"] = Json::array();
    for (const auto& limit : criterion.limits_us) limits.push_back(limit ? Json(*limit) : Json());
  }
  return json;
}

Json evidence_json(const Evidence& evidence) {
  Json json{{"title", evidence.title},
            {"line", evidence.line},
            {"criterion", criterion_json(evidence.criterion)},
            {"is_implied", evidence.is_implied},
            {"is_of_times", evidence.is_of_times},
            {"excuses_failures", evidence.excuses_failures},
            {"beyond_driver", evidence.beyond_driver},
            {"chances", evidence.chances},
            {"without", evidence.without},
            {"phones", evidence.phones},
            {"nobody", evidence.nobody},
            {"failed", evidence.failed},
            {"pending", evidence.pending},
            {"counted", evidence.counted},
            {"expected", evidence.expected}};
  if (evidence.criterion.kind == Criterion::Kind::quantiles)
    json["times"] = buckets_of(evidence.times_us);
  if (!evidence.stage.empty()) json["stage"] = evidence.stage;
  auto& witnesses = json["witnesses"] = Json::array();
  for (const auto& witness : evidence.witnesses) witnesses.push_back(witness_json(witness));
  if (evidence.bystander) json["bystander"] = witness_json(*evidence.bystander);
  if (evidence.near_miss) json["near_miss"] = witness_json(*evidence.near_miss);
  return json;
}

}  // namespace

void add_verdicts(Json& result, const Verdicts& verdicts, const Outcome& outcome) {
  result["verdict"] = name(verdicts.verdict);
  result["headline"] = headline(verdicts);
  const auto& extent = outcome.extent;
  result["extent"] = {{"phones", extent.phones},
                      {"powered_on", extent.powered},
                      {"provisioned", extent.provisioned},
                      {"under_way", extent.under_way}};
  result["ended"] = name(outcome.end);
  if (!outcome.never_began.empty()) result["never_began"] = outcome.never_began;
  result["length_ms"] = outcome.length.count();
  result["work"] = {{"passes", outcome.done[Work::pass]},
                    {"upgrades", outcome.done[Work::upgrade]},
                    {"reports", outcome.done[Work::report]}};
  result["failures"] = failures_json(outcome);
  result["void_reasons"] = void_reasons_json(outcome.void_reasons);
  auto& expectations = result["expectations"] = Json::array();
  for (const auto& each : verdicts.expectations) expectations.push_back(expectation_json(each));
}

void add_evidence(Json& result, const Outcome& outcome) {
  result["may_stay_unprovisioned"] = outcome.may_stay_unprovisioned;
  auto& list = result["evidence"] = Json::array();
  for (const auto& evidence : outcome.evidence) list.push_back(evidence_json(evidence));
}

}  // namespace provphone::client::figures
