#include "client/figures/fleet_result.hpp"

#include "client/figures/detail/json.hpp"
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

// Those that are not 0, each with its place.
template <class Counts>
Json sparse(const Counts& counts) {
  Json pairs = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) pairs.push_back({i, counts[i]});
  }
  return pairs;
}

Json buckets_of(const Histogram& histogram) {
  return {{"largest", histogram.largest()},
          {"sum", histogram.sum()},
          {"buckets", sparse(histogram.counts())}};
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

Json expectations_of(const FleetResult& result) {
  Json lines = Json::array();
  for (const auto& line : result.expectations)
    lines.push_back(
        {{"title", line.title}, {"status", name(line.status)}, {"detail", line.detail}});
  return lines;
}

// What the result of any run has.
Json run_members(const FleetResult& result) {
  const auto& figures = result.figures;
  return {{"verdict", name(verdict_of(result))},
          {"phones", result.phones},
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
          {"expectations", expectations_of(result)},
          {"seed", result.seed},
          {"scenario_hash", result.scenario_hash},
          {"trace_hash", fmt::format("{:016x}", figures.decisions)},
          {"version", result.version}};
}

void add_fleet_members(Json& json, const FleetResult& result) {
  const auto& figures = result.figures;
  json["title"] = result.title;
  json["started"] = result.started;
  json["length_ms"] = result.length.count();
  auto& pauses = json["pauses"] = Json::array();
  for (const auto& pause : result.pauses)
    pauses.push_back({{"at_ms", pause.at.count()}, {"length_ms", pause.length.count()}});
  auto& shards = json["shards"] = Json::array();
  for (const auto& shard : result.shards)
    shards.push_back({{"number", shard.number}, {"of", shard.of}});
  json["runs"] = result.runs;
  json["lag_limit_us"] = result.lag_limit_us;
  json["workers"] = result.workers;
  auto& reasons = json["void_reasons"] = Json::array();
  for (const auto& reason : result.void_reasons)
    reasons.push_back(
        {{"resource", reason.resource}, {"evidence", reason.evidence}, {"remedy", reason.remedy}});
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

std::string_view name(ExpectationStatus status) {
  constexpr EnumArray<ExpectationStatus, std::string_view> names{
      {"passed", "failed", "not_judged"}};
  return names[status];
}

Verdict verdict_of(const FleetResult& result) {
  // First of all: what the generator did not manage says nothing of the server.
  if (!result.void_reasons.empty()) return Verdict::void_run;
  const bool has_failed = std::any_of(
      result.expectations.begin(), result.expectations.end(),
      [](const ExpectationLine& line) { return line.status == ExpectationStatus::failed; });
  if (has_failed || result.figures.incident_count > 0) return Verdict::fail;
  if (result.expectations.empty() && result.figures.passes_failed > 0) return Verdict::fail;
  return Verdict::pass;
}

Histogram both_endings(const FleetFigures& figures, Span span) {
  auto both = figures.span(Ending::succeeded, span);
  both.merge(figures.span(Ending::failed, span));
  return both;
}

std::string format_json(const FleetResult& result) {
  auto json = run_members(result);
  add_fleet_members(json, result);
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
