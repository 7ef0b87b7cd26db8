#include "client/figures/detail/member.hpp"
#include "client/figures/detail/outcome_parse.hpp"
#include "client/figures/detail/scenario_events_json.hpp"
#include "client/figures/detail/tested_json.hpp"
#include "client/figures/fleet_result.hpp"
#include "macro/enum_array.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

// A result read back. Files come from other machines and other hands, so every number is checked
// against what the figures can hold.
namespace provphone::client::figures {
namespace {

// --- parts of figures

// The members of an object that has one for each of some codes.
std::vector<std::pair<Errc, Member>> read_by_code(const Member& from) {
  std::vector<std::pair<Errc, Member>> all;
  for (const auto& [member, value] : from.members()) {
    const auto* const code =
        std::find_if(every<Errc>.begin(), every<Errc>.end(),
                     [&wanted = member](Errc each) { return name(each) == wanted; });
    if (code == every<Errc>.end()) {
      value.expected("an error code that this version of provphone knows");
    } else {
      all.emplace_back(*code, value);
    }
  }
  return all;
}

EnumArray<Errc, std::uint64_t> read_errors(const Member& from) {
  EnumArray<Errc, std::uint64_t> counts;
  for (const auto& [code, count] : read_by_code(from)) counts[code] = count.whole();
  return counts;
}

template <class Number>
void read_row(const Member& from, Number Interval::*member, std::vector<Interval>& intervals) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
  const auto values = from.list(Series::most_intervals);
  if (values.size() != intervals.size()) from.expected("as many values as in series.started");
  for (std::size_t i = 0; i < std::min(values.size(), intervals.size()); ++i)
    intervals[i].*member = values[i].whole<Number>(most);
}

void read_pass_errors(const Member& from, std::vector<Interval>& intervals) {
  for (const auto& [code, places] : read_by_code(from)) {
    const auto counts = read_sparse<std::array<std::uint32_t, Series::most_intervals>>(places);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (i < intervals.size()) {
        intervals[i].pass_errors[code] = counts[i];
      } else if (counts[i] > 0) {
        places.expected("places of intervals that series.started has");
      }
    }
  }
}

Series read_series(const Member& from) {
  const auto width = from["width_ms"].whole(longest_ms);
  // Widths double, which is what lets any two series be merged.
  const bool is_width = width % 1000 == 0 && std::has_single_bit(width / 1000);
  if (!is_width) from["width_ms"].expected("1000, 2000, 4000, 8000, ...");
  // This row says how many intervals there are, the others have to agree.
  std::vector<Interval> intervals(from["started"].list(Series::most_intervals).size());
  read_row(from["started"], &Interval::started, intervals);
  read_row(from["succeeded"], &Interval::succeeded, intervals);
  read_row(from["failed"], &Interval::failed, intervals);
  read_row(from["in_flight"], &Interval::in_flight, intervals);
  read_row(from["powered_on"], &Interval::powered_on, intervals);
  read_row(from["converged"], &Interval::converged, intervals);
  read_row(from["lag_us"], &Interval::lag_us, intervals);
  const auto responses = from["response"].list(Series::most_intervals);
  if (responses.size() != intervals.size())
    from["response"].expected("as many values as in series.started");
  for (std::size_t i = 0; i < std::min(responses.size(), intervals.size()); ++i)
    intervals[i].response.counts =
        read_sparse<std::array<std::uint32_t, CoarseHistogram::buckets>>(responses[i]);
  if (const auto errors = from.if_there("pass_errors")) read_pass_errors(*errors, intervals);
  return Series::of(resync::Duration(is_width ? width : 1000), std::move(intervals));
}

GroupFigures read_group(const Member& from) {
  GroupFigures group;
  group.name = from["name"].text();
  group.phones = from["phones"].whole<std::uint32_t>(most_small);
  group.powered_on = from["powered_on"].whole<std::uint32_t>(most_small);
  group.converged = from["converged"].whole<std::uint32_t>(most_small);
  group.passes_succeeded = from["passes_succeeded"].whole();
  group.passes_failed = from["passes_failed"].whole();
  group.response_us = read_histogram(from["response"]);
  group.convergence_us = read_histogram(from["convergence"]);
  return group;
}

std::uint64_t read_hex(const Member& from) {
  const auto text = from.text();
  const auto number = parse_whole(text, std::numeric_limits<std::uint64_t>::max(), 16);
  if (text.size() != 16 || !number) from.expected("16 hex digits");
  return number.value_or(0);
}

void read_counters(const Member& from, FleetFigures& figures) {
  const auto passes = from["passes"];
  figures.passes_started = passes["started"].whole();
  figures.passes_succeeded = passes["succeeded"].whole();
  figures.passes_failed = passes["failed"].whole();
  figures.passes_gated = passes["gated"].whole();
  figures.passes_deferred = passes["deferred"].whole();
  figures.passes_retried = passes["retried"].whole();
  const auto requests = from["requests"];
  figures.requests = requests["sent"].whole();
  figures.answers = requests["answered"].whole();
  figures.requests_failed = requests["failed"].whole();
  if (const auto refused = requests.if_there("refused"))
    figures.requests_refused = refused->whole();
  figures.octets = requests["octets"].whole();
  figures.files_applied = from["files"]["applied"].whole();
  figures.files_unchanged = from["files"]["unchanged"].whole();
  figures.restarts = from["restarts"].whole();
  figures.decisions = read_hex(from["trace_hash"]);
}

void read_figures(const Member& from, FleetFigures& figures) {
  read_counters(from, figures);
  figures.pass_errors = read_errors(from["errors"]);
  figures.request_errors = read_errors(from["request_errors"]);
  if (const auto refusals = from.if_there("request_refusals"))
    figures.request_refusals = read_errors(*refusals);
  figures.lag_us = read_histogram(from["histograms"]["lag"]);
  for (const auto ending : {Ending::succeeded, Ending::failed}) {
    // Names are literals, so that a NUL stands behind them.
    const auto spans = from["histograms"][name(ending).data()];
    for (const auto span : every<Span>)
      figures.span(ending, span) = read_histogram(spans[name(span).data()]);
  }
  figures.series = read_series(from["series"]);
  for (const auto& group : from["groups"].list()) figures.groups.push_back(read_group(group));
  figures.incident_count = from["incidents"]["count"].whole();
  for (const auto& incident : from["incidents"]["listed"].list(most_incidents))
    figures.incidents.push_back({read_mac(incident["asked"]), read_mac(incident["owner"]),
                                 incident["datum"].text(), incident["url"].text()});
}

// --- the rest of a result

Resources read_resources(const Member& from) {
  Resources resources;
  resources.processors_used = from["processors_used"].real();
  resources.processors = from["processors"].whole<unsigned>(most_small);
  resources.memory_peak = from["memory_peak"].whole();
  resources.open_files_peak = from["open_files_peak"].whole();
  resources.open_files_limit = from["open_files_limit"].whole();
  resources.ports_first = from["ports_first"].whole(65535);
  resources.ports_last = from["ports_last"].whole(65535);
  resources.longest_stall_us = from["longest_stall_us"].whole<std::int64_t>();
  return resources;
}

Pause read_pause(const Member& from) {
  return {resync::Duration(from["at_ms"].whole<std::int64_t>(longest_ms)),
          resync::Duration(from["length_ms"].whole<std::int64_t>(longest_ms))};
}

Shard read_shard(const Member& from) {
  const Shard shard{from["number"].whole<unsigned>(most_entries),
                    from["of"].whole<unsigned>(most_entries)};
  if (shard.number < 1 || shard.number > shard.of) from["number"].expected("1 to `of`");
  return shard;
}

FleetResult read_result(const Member& from) {
  FleetResult result;
  result.title = from["title"].text();
  result.scenario_hash = from["scenario_hash"].text();
  result.seed = from["seed"].whole(std::numeric_limits<std::uint64_t>::max());
  result.started = from["started"].text();
  if (const auto tested = from.if_there("tested")) result.tested = read_tested(*tested);
  if (const auto pauses = from.if_there("pauses")) {
    for (const auto& pause : pauses->list()) result.pauses.push_back(read_pause(pause));
  }
  if (const auto events = from.if_there("events")) result.events = read_scenario_events(*events);
  for (const auto& shard : from["shards"].list()) result.shards.push_back(read_shard(shard));
  for (const auto& start : from["starts"].list())
    result.starts.push_back({start["number"].whole<unsigned>(most_entries),
                             start["began_ms"].whole<std::int64_t>(),
                             start["late_us"].whole<std::int64_t>()});
  result.runs = from["runs"].whole<unsigned>(most_entries);
  result.lag_limit_us = from["lag_limit_us"].whole<std::int64_t>();
  result.workers = from["workers"].whole<unsigned>(most_entries);
  result.phones = from["phones"].whole<std::uint32_t>(most_small);
  read_figures(from, result.figures);
  result.resources = read_resources(from["resources"]);
  result.outcome = read_outcome(from);
  result.length = result.outcome.length;
  result.version = from["version"].text();
  return result;
}

}  // namespace

Result<FleetResult> parse_fleet_result(std::string_view text, std::string_view file) {
  const auto not_one = [&](const std::string& why) {
    return fail(Errc::bad_argument, fmt::format("{}: {}", file, why));
  };
  // No exception leaves the file that calls the library.
  ParsedJson json;
  try {
    json = ParsedJson::parse(text);
  } catch (const ParsedJson::parse_error& error) {
    return not_one(
        fmt::format("expected a result that `provphone fleet --json` wrote, but this is "
                    "no JSON: fault at octet {}",
                    error.byte));
  } catch (const ParsedJson::out_of_range&) {
    return not_one(
        "expected a result that `provphone fleet --json` wrote; this has a number that is too "
        "large");
  }
  if (!json.is_object() || !json.contains("histograms") || !json.contains("series"))
    return not_one(
        "expected a result that `provphone fleet --json` wrote; this has no series and "
        "histograms");
  std::string complaint;
  auto result = read_result(Member(json, "", complaint));
  if (!complaint.empty()) return not_one(complaint);
  return result;
}

}  // namespace provphone::client::figures
