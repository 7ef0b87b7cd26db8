#include "client/figures/fleet_result.hpp"

#include "client/figures/detail/json.hpp"
#include "client/figures/detail/scenario_events_json.hpp"
#include "client/figures/detail/tested_json.hpp"
#include "client/figures/outcome_json.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::figures {
namespace {

using Json = nlohmann::ordered_json;

Json fleet_latencies(const FleetFigures& figures) {
  Json spans = Json::object();
  for (const auto span : every<Span>) {
    const auto both = both_endings(figures, span);
    if (both.count() > 0) spans[std::string(name(span))] = quantiles_json(both);
  }
  return spans;
}

Json errors_of(const EnumArray<Errc, std::uint64_t>& counts) {
  Json errors = Json::object();
  for (const auto code : every<Errc>) {
    if (counts[code] > 0) errors[std::string(name(code))] = counts[code];
  }
  return errors;
}

Json histograms_of(const FleetFigures& figures) {
  Json histograms{{"lag", buckets_of(figures.lag_us)}};
  for (const auto ending : {Ending::succeeded, Ending::failed}) {
    Json spans = Json::object();
    for (const auto span : every<Span>)
      spans[std::string(name(span))] = buckets_of(figures.span(ending, span));
    histograms[std::string(name(ending))] = spans;
  }
  return histograms;
}

// Of each code that there is, the intervals with failed passes: most have none.
Json pass_errors_of(const Series& series) {
  Json json = Json::object();
  for (const auto code : every<Errc>) {
    std::vector<std::uint32_t> row;
    for (const auto& interval : series.intervals()) row.push_back(interval.pass_errors[code]);
    auto pairs = sparse(row);
    if (!pairs.empty()) json[std::string(name(code))] = std::move(pairs);
  }
  return json;
}

Json series_of(const Series& series) {
  Json json{{"width_ms", series.width().count()}};
  const auto add_row = [&](const char* row, const auto& value_of) {
    auto& values = json[row] = Json::array();
    for (const auto& interval : series.intervals()) values.push_back(value_of(interval));
  };
  add_row("started", [](const Interval& i) { return i.started; });
  add_row("succeeded", [](const Interval& i) { return i.succeeded; });
  add_row("failed", [](const Interval& i) { return i.failed; });
  add_row("in_flight", [](const Interval& i) { return i.in_flight; });
  add_row("powered_on", [](const Interval& i) { return i.powered_on; });
  add_row("converged", [](const Interval& i) { return i.converged; });
  add_row("lag_us", [](const Interval& i) { return i.lag_us; });
  add_row("response", [](const Interval& i) { return sparse(i.response.counts); });
  json["pass_errors"] = pass_errors_of(series);
  return json;
}

Json groups_of(const FleetFigures& figures) {
  Json groups = Json::array();
  for (const auto& group : figures.groups) {
    groups.push_back({{"name", group.name},
                      {"phones", group.phones},
                      {"powered_on", group.powered_on},
                      {"converged", group.converged},
                      {"passes_succeeded", group.passes_succeeded},
                      {"passes_failed", group.passes_failed},
                      {"response", buckets_of(group.response_us)},
                      {"convergence", buckets_of(group.convergence_us)}});
  }
  return groups;
}

Json incidents_of(const FleetFigures& figures) {
  Json listed = Json::array();
  for (const auto& incident : figures.incidents) {
    listed.push_back({{"asked", format_lower(incident.asked)},
                      {"owner", format_lower(incident.owner)},
                      {"datum", incident.datum},
                      {"url", incident.url}});
  }
  return {{"count", figures.incident_count}, {"listed", listed}};
}

Json resources_of(const Resources& resources) {
  return {{"processors_used", resources.processors_used},
          {"processors", resources.processors},
          {"memory_peak", resources.memory_peak},
          {"open_files_peak", resources.open_files_peak},
          {"open_files_limit", resources.open_files_limit},
          {"ports_first", resources.ports_first},
          {"ports_last", resources.ports_last},
          {"longest_stall_us", resources.longest_stall_us}};
}

// What the result of any run has.
Json run_members(const FleetResult& result) {
  const auto& figures = result.figures;
  const auto verdicts = judge(result);
  Json json;
  add_verdicts(json, verdicts, result.outcome);
  json.update({{"phones", result.phones},
               {"passes",
                {{"started", figures.passes_started},
                 {"succeeded", figures.passes_succeeded},
                 {"failed", figures.passes_failed},
                 {"gated", figures.passes_gated},
                 {"deferred", figures.passes_deferred},
                 {"retried", figures.passes_retried}}},
               {"requests",
                {{"sent", figures.requests},
                 {"answered", figures.answers},
                 {"failed", figures.requests_failed},
                 {"refused", figures.requests_refused},
                 {"octets", figures.octets}}},
               {"errors", errors_of(figures.pass_errors)},
               {"latency_us", fleet_latencies(figures)},
               {"lag_us", quantiles_json(figures.lag_us)},
               {"seed", result.seed},
               {"scenario_hash", result.scenario_hash},
               {"trace_hash", fmt::format("{:016x}", figures.decisions)},
               {"version", result.version}});
  return json;
}

void add_fleet_members(Json& json, const FleetResult& result) {
  const auto& figures = result.figures;
  json["title"] = result.title;
  json["started"] = result.started;
  // A file of an earlier version says as little as it did, whoever writes it again.
  if (result.tested != Tested{}) json["tested"] = tested_json(result.tested);
  auto& pauses = json["pauses"] = Json::array();
  for (const auto& pause : result.pauses)
    pauses.push_back({{"at_ms", pause.at.count()}, {"length_ms", pause.length.count()}});
  if (!result.events.listed.empty()) json["events"] = scenario_events_json(result.events);
  auto& shards = json["shards"] = Json::array();
  for (const auto& shard : result.shards)
    shards.push_back({{"number", shard.number}, {"of", shard.of}});
  auto& starts = json["starts"] = Json::array();
  for (const auto& [number, began_ms, late_us] : result.starts)
    starts.push_back({{"number", number}, {"began_ms", began_ms}, {"late_us", late_us}});
  json["runs"] = result.runs;
  json["lag_limit_us"] = result.lag_limit_us;
  json["workers"] = result.workers;
  json["resources"] = resources_of(result.resources);
  json["request_errors"] = errors_of(figures.request_errors);
  json["request_refusals"] = errors_of(figures.request_refusals);
  json["files"] = {{"applied", figures.files_applied}, {"unchanged", figures.files_unchanged}};
  json["restarts"] = figures.restarts;
  json["incidents"] = incidents_of(figures);
  json["groups"] = groups_of(figures);
  json["series"] = series_of(figures.series);
  json["histograms"] = histograms_of(figures);
}

}  // namespace

Verdicts judge(const FleetResult& result, Strictness strictness) {
  RunFacts facts{result.title, result.title,         result.phones,
                 result.seed,  result.scenario_hash, strictness};
  facts.is_part = result.shards.size() == 1 && result.shards.front().of > 1;
  return judge(facts, result.outcome);
}

Histogram both_endings(const FleetFigures& figures, Span span) {
  auto both = figures.span(Ending::succeeded, span);
  both.merge(figures.span(Ending::failed, span));
  return both;
}

std::string format_json(const FleetResult& result) {
  auto json = run_members(result);
  add_fleet_members(json, result);
  add_evidence(json, result.outcome);
  // By hand, for one member a line: a file of thousands of buckets can be read, and compared line
  // by line.
  std::string text = "{";
  for (const auto& [member, value] : json.items()) {
    text += fmt::format("{}\n  \"{}\": {}", text.size() > 1 ? "," : "", member,
                        value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return text + "\n}";
}

}  // namespace provphone::client::figures
