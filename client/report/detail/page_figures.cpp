#include "client/report/detail/page_figures.hpp"

#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace provphone::client::report {
namespace {

using Json = nlohmann::ordered_json;
using Runs = PageRuns;

// More than a chart shows, and it spares the page all the digits of a double.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

template <class ValueOf>
Json row_of(const figures::Series& series, const ValueOf& value_of) {
  Json values = Json::array();
  for (const auto& interval : series.intervals()) values.push_back(value_of(interval));
  return values;
}

Json provisioned_row(const figures::FleetResult& result) {
  std::uint64_t sum = 0;
  return row_of(result.figures.series, [&](const figures::Interval& interval) {
    sum += interval.converged;
    return rounded(result.phones == 0 ? 0 : 100.0 * static_cast<double>(sum) / result.phones);
  });
}

// How much of what ended so had been answered after how long: pairs of milliseconds and percent.
Json distribution(const figures::Histogram& histogram) {
  Json points = Json::array();
  if (histogram.count() == 0) return points;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
    if (histogram.counts()[i] == 0) continue;
    sum += histogram.counts()[i];
    const auto edge = std::min<double>(static_cast<double>(figures::Histogram::upper_edge(i)),
                                       static_cast<double>(histogram.largest()));
    // What took no time at all has no place on a logarithmic axis.
    points.push_back({std::max(edge, 1.0) / 1000, rounded(100.0 * static_cast<double>(sum) /
                                                          static_cast<double>(histogram.count()))});
  }
  return points;
}

Json power_ons(const figures::Series& series) {
  const auto width = std::chrono::duration<double>(series.width()).count();
  const auto& intervals = series.intervals();
  const auto is_one = [](const figures::Interval& interval) { return interval.powered_on > 0; };
  const auto first = std::find_if(intervals.begin(), intervals.end(), is_one);
  if (first == intervals.end()) return nullptr;
  const auto behind_last = std::find_if(intervals.rbegin(), intervals.rend(), is_one).base();
  return {static_cast<double>(first - intervals.begin()) * width,
          static_cast<double>(behind_last - intervals.begin()) * width};
}

// More lines than these cannot be told apart; the rest are one, `other`.
constexpr std::size_t most_codes_over_time = 6;

std::uint32_t passes_failed(const figures::Interval& interval) {
  return std::accumulate(interval.pass_errors.begin(), interval.pass_errors.end(), 0U);
}

// Of failed passes a second: of all, of each code and of what no code of these is.
void add_failures_over_time(Json& json, const figures::Series& series,
                            const std::vector<Errc>& codes) {
  const auto width = std::chrono::duration<double>(series.width()).count();
  json["passes_failed"] = row_of(series, [&](const figures::Interval& interval) {
    return rounded(passes_failed(interval) / width);
  });
  for (const auto code : codes)
    json[fmt::format("failed_by_{}", name(code))] =
        row_of(series, [&](const figures::Interval& interval) {
          return rounded(interval.pass_errors[code] / width);
        });
  json["failed_by_other"] = row_of(series, [&](const figures::Interval& interval) {
    auto rest = passes_failed(interval);
    for (const auto code : codes) rest -= interval.pass_errors[code];
    return rounded(rest / width);
  });
}

// Of expectations of whole retrievals: each quantile's upper limit, once, and whether it is for a
// part of the phones only. The other stages have no chart.
Json limits_json(const figures::FleetResult& result) {
  Json limits = Json::array();
  for (const auto& evidence : result.outcome.evidence) {
    if (evidence.stage != "fetch") continue;
    for (std::size_t i = 0; i < figures::Criterion::quantiles.size(); ++i) {
      const auto& us = evidence.criterion.limits_us[i];
      if (!us) continue;
      const Json limit{{"quantile", fmt::format("p{:.0f}", figures::Criterion::quantiles[i] * 100)},
                       {"ms", static_cast<double>(*us) / 1000},
                       {"is_of_some", evidence.phones < result.phones}};
      if (std::find(limits.begin(), limits.end(), limit) == limits.end()) limits.push_back(limit);
    }
  }
  return limits;
}

std::vector<Errc> codes_over_time(std::vector<Errc> codes) {
  codes.resize(std::min(codes.size(), most_codes_over_time));
  return codes;
}

// A power-on within the bar of the chart is said by that; one of phones that had had power is not.
Json events_json(const figures::FleetResult& result, const Json& power_on) {
  Json events = Json::array();
  for (const auto& [at, over, what, phones] : result.events.listed) {
    const auto at_s = std::chrono::duration<double>(at).count();
    const bool is_in_bar = what == "power_on" && power_on.is_array() &&
                           at_s >= power_on[0].get<double>() && at_s <= power_on[1].get<double>();
    if (is_in_bar) continue;
    events.push_back(
        {{"at_s", at_s}, {"over_s", std::chrono::duration<double>(over).count()}, {"words", what}});
  }
  return events;
}

Json run_json(const figures::FleetResult& result, const std::vector<Errc>& codes) {
  const auto& series = result.figures.series;
  const auto width = std::chrono::duration<double>(series.width()).count();
  const auto add_rate = [&](Json& json, const char* row, std::uint32_t figures::Interval::*member) {
    json[row] =
        row_of(series, [&](const figures::Interval& i) { return rounded(i.*member / width); });
  };
  // Charts leave a gap for null; 0 would be a very fast server.
  const auto add_quantile = [&](Json& json, const char* row, double q) {
    json[row] = row_of(series, [&](const figures::Interval& i) {
      return i.response.count() == 0 ? Json(nullptr)
                                     : Json(static_cast<double>(i.response.quantile(q)) / 1000);
    });
  };
  Json json{{"width_s", width}};
  add_rate(json, "started", &figures::Interval::started);
  add_rate(json, "succeeded", &figures::Interval::succeeded);
  add_rate(json, "failed", &figures::Interval::failed);
  json["in_flight"] = row_of(series, [](const figures::Interval& i) { return i.in_flight; });
  add_quantile(json, "p50", 0.5);
  add_quantile(json, "p90", 0.9);
  add_quantile(json, "p99", 0.99);
  // A share of all phones, not of those powered on, so that two runs compare.
  json["provisioned"] = provisioned_row(result);
  const auto& figures = result.figures;
  json["length_s"] = std::chrono::duration<double>(result.length).count();
  json["power_on"] = power_ons(series);
  json["events"] = events_json(result, json["power_on"]);
  json["weight"] = name(weight_of(judge(result)));
  for (const auto ending : {figures::Ending::succeeded, figures::Ending::failed})
    json[fmt::format("{}_within", name(ending))] =
        distribution(figures.span(ending, figures::Span::response));
  json["lag"] = row_of(
      series, [](const figures::Interval& i) { return static_cast<double>(i.lag_us) / 1000; });
  auto& pauses = json["pauses"] = Json::array();
  for (const auto& pause : result.pauses)
    pauses.push_back({{"at_s", std::chrono::duration<double>(pause.at).count()},
                      {"length", duration_text(pause.length)}});
  auto& failures = json["failures"] = Json::array();
  for (const auto code : codes) failures.push_back(result.figures.pass_errors[code]);
  add_failures_over_time(json, series, codes_over_time(codes));
  json["limits"] = limits_json(result);
  return json;
}

constexpr std::size_t most_bars = 10;

}  // namespace

Weight weight_of(const figures::Verdicts& verdicts) {
  if (verdicts.void_reasons.empty()) return Weight::says_all;
  return verdicts.verdict == figures::Verdict::void_run ? Weight::says_nothing
                                                        : Weight::says_no_times;
}

std::string_view name(Weight weight) {
  if (weight == Weight::says_all) return "says-all";
  return weight == Weight::says_nothing ? "says-nothing" : "says-no-times";
}

std::vector<Errc> charted_codes(const Runs& runs) {
  const auto total = [&](Errc code) {
    std::uint64_t sum = 0;
    for (const auto* run : runs) sum += run->figures.pass_errors[code];
    return sum;
  };
  std::vector<Errc> codes;
  for (const auto code : every<Errc>) {
    if (total(code) > 0) codes.push_back(code);
  }
  // Stable: of equally many failures the order of the codes decides, and a page is the same each
  // time.
  std::stable_sort(codes.begin(), codes.end(), [&](Errc a, Errc b) { return total(a) > total(b); });
  if (codes.size() > most_bars) codes.resize(most_bars);
  return codes;
}

bool tell_when_passes_failed(const Runs& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const auto* run) {
    const auto& intervals = run->figures.series.intervals();
    return std::any_of(intervals.begin(), intervals.end(), passes_failed);
  });
}

Json page_figures(const Runs& runs) {
  const auto codes = charted_codes(runs);
  Json json{{"lag_limit_ms", static_cast<double>(runs.front()->lag_limit_us) / 1000}};
  auto& failures = json["failures"] = Json::array();
  for (const auto code : codes)
    failures.push_back({{"stage", name(stage_of(code))}, {"code", name(code)}});
  auto& lines = json["failures_over_time"] = Json::array();
  for (const auto code : codes_over_time(codes)) lines.push_back(name(code));
  // There is a rest where some code has no line of its own.
  const auto has_rest = [&](const figures::FleetResult* run) {
    std::uint64_t with_line = 0;
    for (const auto code : codes_over_time(codes)) with_line += run->figures.pass_errors[code];
    const auto& errors = run->figures.pass_errors;
    return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0}) > with_line;
  };
  if (std::any_of(runs.begin(), runs.end(), has_rest)) lines.push_back("other");
  auto& all = json["runs"] = Json::array();
  for (const auto* run : runs) all.push_back(run_json(*run, codes));
  // As a text, since a script would round the 64 bits of a seed.
  auto& results = json["results"] = Json::array();
  for (const auto* run : runs) results.push_back(figures::format_json(*run));
  return json;
}

}  // namespace provphone::client::report
