#include "client/infer/text.hpp"
#include "client/infer/told.hpp"
#include "client/infer/words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::infer {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Window& window) {
  return {window.from, window.to};
}

Json json_of(const ListEstimate& estimate) {
  Json json{{"value", written(list_of(estimate))},
            {"ends", estimate.end == ListEstimate::End::repeats ? "repeats" : "not_seen"},
            {"elements", Json::array()}};
  for (const auto& each : estimate.elements)
    json["elements"].push_back({{"seconds", each.delay.seconds},
                                {"spread", each.delay.spread},
                                {"rounded", each.written == DelayEstimate::Written::rounded},
                                {"seconds_allowed", json_of(each.base)},
                                {"spread_allowed", json_of(each.spread)},
                                {"seen", json_of(each.seen)},
                                {"fitting", each.inside},
                                {"observed", each.observed}});
  return json;
}

Json json_of(const Accounts& accounts) {
  return {{"waits", accounts.waits},
          {"on_schedule", accounts.on_schedule},
          {"behind_gaps", accounts.behind_gaps},
          {"off_schedule", accounts.off_schedule},
          {"late", accounts.late},
          {"not_known", accounts.not_known},
          {"explained", accounts.explained()}};
}

Json settings_json(const Inferred& inferred) {
  Json json = Json::object();
  if (inferred.periodic) json["Resync_Periodic"] = json_of(*inferred.periodic);
  if (inferred.resync_at)
    json["Resync_At__HHmm_"] = {{"opens", clock_text(inferred.resync_at->opens)},
                                {"minutes", inferred.resync_at->length.count()},
                                {"fitting", inferred.resync_at->inside},
                                {"observed", inferred.resync_at->observed}};
  if (inferred.error_retry) json["Resync_Error_Retry_Delay"] = json_of(*inferred.error_retry);
  if (inferred.start)
    json["Resync_Random_Delay"] = {{"from", shown(inferred.start->at)},
                                   {"seconds", inferred.start->delay},
                                   {"seconds_allowed", json_of(inferred.start->allowed)},
                                   {"fitting", inferred.start->inside},
                                   {"observed", inferred.start->observed}};
  return json;
}

Json phones_json(const evidence::Seen& seen, const Courses& courses,
                 const std::vector<std::uint32_t>& of) {
  auto json = Json::array();
  for (const auto course : of)
    json.push_back(phone_text(seen.phones[courses.phones[course].phone]));
  return json;
}

Json causes_json(const Findings& findings, std::optional<std::uint32_t> only) {
  auto json = Json::array();
  for (const auto& cause : findings.causes) {
    if (only && !std::binary_search(cause.courses.begin(), cause.courses.end(), *only)) continue;
    json.push_back({{"cause", name(cause.kind)},
                    {"from", shown(cause.from)},
                    {"to", shown(cause.to)},
                    {"count", cause.count},
                    {"sentence", cause.sentence},
                    {"phones", phones_json(findings.seen, findings.courses, cause.courses)}});
  }
  return json;
}

Json contradictions_json(const Findings& findings) {
  auto json = Json::array();
  for (const auto& each : findings.contradictions)
    json.push_back(
        {{"phone", phone_text(findings.seen.phones[findings.courses.phones[each.course].phone])},
         {"at", shown(each.at)},
         {"sentence", each.sentence}});
  return json;
}

Json json_of(const Tally& tally) {
  return {{"observed", tally.observed}, {"first", tally.first}, {"predicted", tally.predicted},
          {"early", tally.early},       {"late", tally.late},   {"unexplained", tally.unexplained},
          {"missing", tally.missing}};
}

// Paths of a log may be no UTF-8.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string format_fleet_json(const Findings& findings) {
  Json json{{"from", shown(findings.courses.from)},
            {"to", shown(findings.courses.to)},
            {"phones", findings.courses.phones.size()},
            {"groups", Json::array()}};
  for (const auto& group : findings.inference.groups)
    json["groups"].push_back({{"phones", group.courses.size()},
                              {"settings", settings_json(group)},
                              {"accounts", json_of(group.accounts)}});
  json["unfit"] = phones_json(findings.seen, findings.courses, findings.inference.unfit);
  json["causes"] = causes_json(findings, std::nullopt);
  json["contradictions"] = contradictions_json(findings);
  return dumped(json);
}

std::string format_phone_json(const Findings& findings, std::uint32_t course,
                              const Inferred& settings) {
  Json json{{"phone", phone_text(findings.seen.phones[findings.courses.phones[course].phone])},
            {"settings", settings_json(settings)},
            {"passes", Json::array()}};
  for (const auto& pass :
       tell_passes(findings.seen, findings.courses, course, settings, findings.zone))
    json["passes"].push_back({{"at", shown(pass.at)},
                              {"outcome", pass.outcome},
                              {"path", pass.path},
                              {"what", pass.what}});
  json["causes"] = causes_json(findings, course);
  json["contradictions"] = contradictions_json(findings);
  return dumped(json);
}

std::string format_comparison_json(const Comparison& comparison, const evidence::Seen& seen,
                                   const Courses& courses) {
  Json json{{"total", json_of(comparison.total)}, {"phones", Json::array()}};
  for (const auto& phone : comparison.phones) {
    Json each = json_of(phone.tally);
    each["phone"] = phone.course ? phone_text(seen.phones[courses.phones[*phone.course].phone])
                                 : format_lower(*phone.mac);
    each["in_log"] = phone.course.has_value();
    auto passes = Json::array();
    for (std::size_t i = 0; i < phone.verdicts.size(); ++i)
      passes.push_back({{"at", shown(courses.phones[*phone.course].passes[i].began)},
                        {"verdict", name(phone.verdicts[i])}});
    each["passes"] = std::move(passes);
    json["phones"].push_back(std::move(each));
  }
  json["hours"] = Json::array();
  for (const auto& hour : comparison.hours)
    json["hours"].push_back(
        {{"from", shown(hour.from)}, {"observed", hour.observed}, {"forecast", hour.predicted}});
  return dumped(json);
}

}  // namespace provphone::client::infer
