#include "client/report/fleet_tables.hpp"

#include "client/figures/verdict_text.hpp"
#include "client/report/words.hpp"
#include "client/trace/sentence.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace provphone::client::report {
namespace {

std::string within_text(const std::optional<std::int64_t>& us) {
  return us ? duration_text(*us) : "never";
}

std::string shards_text(const figures::FleetResult& result) {
  if (result.shards.empty() || result.shards.front().of == 1) return {};
  const auto of = result.shards.front().of;
  // A result of some shards is a part of the run, and must not be read as all of it.
  if (result.shards.size() == of) return fmt::format(", all {} shards", of);
  std::string numbers;
  for (const auto& shard : result.shards)
    numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", shard.number);
  return fmt::format(", {} {} of {}: the others are missing",
                     result.shards.size() == 1 ? "shard" : "shards", numbers, of);
}

}  // namespace

std::string_view status_word(figures::Judgement status) {
  if (status == figures::Judgement::not_judged) return "not judged";
  return name(status);
}

std::string found_text(const figures::ExpectationResult& result) {
  if (!result.why.empty()) return result.why;
  if (result.status != figures::Judgement::failed || result.failures.empty()) return {};
  const auto& first = result.failures.front();
  return fmt::format("{}; {}expected {}, got {}{}", extent_of(result),
                     first.phone ? format_lower(*first.phone) + " " : "", first.expected, first.got,
                     first.cause.empty() ? "" : " (" + first.cause + ")");
}

std::string provisioning_sentence(const figures::FleetResult& result) {
  const auto& figures = result.figures;
  const auto done = converged(figures);
  auto text = fmt::format("{} of {} phones were provisioned ({})", count_text(done),
                          count_text(result.phones), share_text(done, result.phones));
  if (const auto half = provisioned_within(figures, 0.5))
    text += fmt::format(", half of them within {}", duration_text(*half));
  if (const auto most = provisioned_within(figures, 0.99))
    text += fmt::format(", 99 % within {}", duration_text(*most));
  const auto& [extent, end] = std::tie(result.outcome.extent, result.outcome.end);
  if (extent.powered < extent.phones)
    text += fmt::format("; {} had power", count_text(extent.powered));
  if (extent.under_way > 0)
    text += fmt::format("; {} were in their first pass at the end", count_text(extent.under_way));
  if (is_interruption(end)) text += fmt::format("; ended by {}", name(end));
  return text;
}

std::string origin_sentence(const figures::FleetResult& result) {
  auto text = fmt::format("{} from {}, seed {}{}", duration_text(result.length), result.started,
                          result.seed, shards_text(result));
  if (result.runs > 1)
    text = fmt::format("{} runs of {}, laid over each other: counts and rates are sums{}",
                       result.runs, duration_text(result.length), shards_text(result));
  return text;
}

std::string pauses_sentence(const figures::FleetResult& result) {
  constexpr std::size_t most_named = 10;
  const auto& pauses = result.pauses;
  if (pauses.empty()) return {};
  resync::Duration sum{};
  std::string places;
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    sum += pauses[i].length;
    if (i == most_named) places += ", ...";
    if (i >= most_named) continue;
    places += fmt::format("{}at {} for {}", i > 0 ? ", " : "", duration_text(pauses[i].at),
                          duration_text(pauses[i].length));
  }
  if (pauses.size() == 1)
    return fmt::format("the run was paused {}, which its times leave out", places);
  return fmt::format("the run was paused {} times, {} in all, which its times leave out: {}",
                     count_text(pauses.size()), duration_text(sum), places);
}

Table group_table(const figures::FleetResult& result) {
  Table table{{"group", "phones", "provisioned", "half within", "99 % within", "passes", "failed",
               "response p50", "response p99"}};
  for (const auto& group : result.figures.groups) {
    table.push_back(
        {group.name, count_text(group.phones),
         fmt::format("{} ({})", count_text(group.converged),
                     share_text(group.converged, group.phones)),
         within_text(provisioned_within(group, 0.5)), within_text(provisioned_within(group, 0.99)),
         count_text(group.passes_succeeded + group.passes_failed), count_text(group.passes_failed),
         quantile_text(group.response_us, 0.5), quantile_text(group.response_us, 0.99)});
  }
  return table;
}

std::string latency_heading(figures::Ending ending) {
  return fmt::format("where the time went, of retrievals that {}", name(ending));
}

Table latency_table(const figures::FleetResult& result, figures::Ending ending) {
  Table table{{"stage", "retrievals", "p50", "p90", "p99", "p99.9", "max"}};
  for (const auto span : every<figures::Span>) {
    const auto& histogram = result.figures.span(ending, span);
    // A stage that no retrieval has, such as TLS over http, has no row.
    if (histogram.count() == 0) continue;
    table.push_back({std::string(name(span)), count_text(histogram.count()),
                     quantile_text(histogram, 0.5), quantile_text(histogram, 0.9),
                     quantile_text(histogram, 0.99), quantile_text(histogram, 0.999),
                     duration_text(histogram.largest())});
  }
  return table;
}

Table event_table(const figures::FleetResult& result) {
  Table table{{"event", "at", "over", "phones"}};
  for (const auto& [at, over, what, phones] : result.events.listed)
    table.push_back({what, duration_text(at), over.count() == 0 ? "at once" : duration_text(over),
                     count_text(phones)});
  if (result.events.more > 0)
    table.push_back({fmt::format("and {} more", count_text(result.events.more)), "", "", ""});
  return table;
}

Table failure_table(const figures::FleetResult& result) {
  Table table{{"stage and code", "passes failed", "requests without answer", "requests refused"}};
  for (const auto code : every<Errc>) {
    const auto passes = result.figures.pass_errors[code];
    const auto requests = result.figures.request_errors[code];
    const auto refused = result.figures.request_refusals[code];
    if (passes + requests + refused > 0)
      table.push_back({fmt::format("{}: {}", name(stage_of(code)), name(code)), count_text(passes),
                       count_text(requests), count_text(refused)});
  }
  return table;
}

Table resource_table(const figures::FleetResult& result) {
  const auto& used = result.resources;
  Table table{{"resource", "used", "of"}};
  table.push_back({"processors, on average", fmt::format("{:.1f}", used.processors_used),
                   count_text(used.processors)});
  table.push_back(
      {"open files, at most", count_text(used.open_files_peak), count_text(used.open_files_limit)});
  table.push_back({"memory, at most", trace::format_bytes(used.memory_peak), ""});
  if (used.ports_last > used.ports_first)
    table.push_back({"ports for connections, an address", "",
                     count_text(used.ports_last - used.ports_first + 1)});
  table.push_back({"longest stall of an event loop", duration_text(used.longest_stall_us), ""});
  const auto& lag = result.figures.lag_us;
  table.push_back({"lag p50", quantile_text(lag, 0.5), ""});
  table.push_back({"lag p99", quantile_text(lag, 0.99), ""});
  table.push_back({"lag p99.9", quantile_text(lag, 0.999), duration_text(result.lag_limit_us)});
  table.push_back({"lag max", quantile_text(lag, 1), ""});
  return table;
}

// --- two runs

namespace {

class Comparison {
 public:
  using Of = ComparedRow::Of;

  Comparison(const figures::FleetResult& before, const figures::FleetResult& after)
      : before_(before), after_(after) {}

  template <class CountOf>
  void count(const char* label, const CountOf& count_of) {
    const auto before = static_cast<std::uint64_t>(count_of(before_));
    const auto after = static_cast<std::uint64_t>(count_of(after_));
    if (before == after)
      return row(Of::counts, {label, count_text(before), count_text(after), "="});
    const auto distance = after > before ? after - before : before - after;
    row(Of::counts,
        {label, count_text(before), count_text(after), signed_text(after > before, distance),
         ratio_text(static_cast<double>(before), static_cast<double>(after))});
  }

  template <class HistogramOf>
  void quantile(const std::string& label, double q, const HistogramOf& histogram_of) {
    quantile(Of::times, label, q, histogram_of);
  }

  // How late the generator was stands whatever that made of the times of the server.
  template <class HistogramOf>
  void own_quantile(const std::string& label, double q, const HistogramOf& histogram_of) {
    quantile(Of::counts, label, q, histogram_of);
  }

  void share(const char* label, double share) {
    const auto before = provisioned_within(before_.figures, share);
    const auto after = provisioned_within(after_.figures, share);
    if (before && after) return times(Of::times, label, *before, *after);
    row(Of::times, {label, within_text(before), within_text(after)});
  }

  void verdicts() {
    row(Of::verdicts, {"verdict", std::string(name(judge(before_).verdict)),
                       std::string(name(judge(after_).verdict))});
  }

  std::vector<ComparedRow> rows() && { return std::move(rows_); }

 private:
  template <class HistogramOf>
  void quantile(Of of, const std::string& label, double q, const HistogramOf& histogram_of) {
    const figures::Histogram& before = histogram_of(before_);
    const figures::Histogram& after = histogram_of(after_);
    // The quantile of nothing is 0, and no difference to it means anything.
    if (before.count() == 0 || after.count() == 0)
      return row(of, {label, quantile_text(before, q), quantile_text(after, q)});
    times(of, label, before.quantile(q), after.quantile(q));
  }

  // What reads the same is not told apart: buckets of a histogram are 3 % wide.
  void times(Of of, const std::string& label, std::int64_t before, std::int64_t after) {
    const auto a = duration_text(before), b = duration_text(after);
    if (a == b) return row(of, {label, a, b, "="});
    const auto distance = after > before ? after - before : before - after;
    row(of, {label, a, b, (after > before ? "+" : "-") + duration_text(distance),
             ratio_text(static_cast<double>(before), static_cast<double>(after))});
  }

  // The texts have no sign, so it is put in front of the distance.
  static std::string signed_text(bool is_more, std::uint64_t distance) {
    return (is_more ? "+" : "-") + count_text(distance);
  }
  static std::string ratio_text(double before, double after) {
    if (before == 0) return {};
    const auto ratio = after / before;
    // Three digits would be written as 3e+03.
    return ratio >= 999.5 ? "x " + count_text(static_cast<std::uint64_t>(std::llround(ratio)))
                          : fmt::format("x {:.3g}", ratio);
  }

  void row(Of of, std::vector<std::string> cells) {
    cells.resize(comparison_heads().size());
    rows_.push_back({of, std::move(cells)});
  }

  const figures::FleetResult& before_;
  const figures::FleetResult& after_;
  std::vector<ComparedRow> rows_;
};

std::string measure_text(figures::Measure measure, double value) {
  return figures::is_timing(measure) ? duration_text(static_cast<std::int64_t>(value))
                                     : fmt::format("{:.3g} %", value * 100);
}

// `3.2ms, 2.7ms before`.
std::string both_values(figures::Measure measure, const std::optional<double>& before,
                        const std::optional<double>& after) {
  const auto text = [&](const std::optional<double>& value) {
    return value ? measure_text(measure, *value) : std::string("nothing");
  };
  return text(after) + ", " + text(before) + " before";
}

bool is_void(const figures::FleetResult& result) {
  return judge(result).verdict == figures::Verdict::void_run;
}

std::string speed_clause(const figures::FleetResult& before, const figures::FleetResult& after) {
  constexpr auto measure = figures::Measure::p99;
  if (is_void(before) || is_void(after))
    return fmt::format("of times nothing can be said, {} void", is_void(before) && is_void(after)
                                                                    ? "both are"
                                                                : is_void(before) ? "A is"
                                                                                  : "B is");
  const auto a = figures::measured(before, measure), b = figures::measured(after, measure);
  if (!a || !b || *a <= 0) return fmt::format("{} had no answer", b ? "A" : "B");
  const auto change = *b / *a - 1;
  // Buckets of a histogram are 3 % wide.
  constexpr double least_change = 0.05;
  const auto numbers = both_values(measure, a, b);
  if (std::abs(change) < least_change)
    return fmt::format("B is about as fast at p99 ({})", numbers);
  return fmt::format("B is {:.0f} % {} at p99 ({})", std::abs(change) * 100,
                     change > 0 ? "slower" : "faster", numbers);
}

std::string failure_clause(const figures::FleetResult& before, const figures::FleetResult& after) {
  constexpr auto measure = figures::Measure::failed;
  const auto a = figures::measured(before, measure), b = figures::measured(after, measure);
  if (!a || !b) return fmt::format("{} had no pass that ended", b ? "A" : "B");
  if (*a == 0 && *b == 0) return "no pass failed in either";
  // Shares that read the same are not told apart.
  const auto* const more = measure_text(measure, *a) == measure_text(measure, *b) ? "as many"
                           : *b > *a                                              ? "more"
                                                                                  : "fewer";
  return fmt::format("{} passes failed ({})", more, both_values(measure, a, b));
}

}  // namespace

std::vector<std::string> comparison_heads() {
  return {"", "A", "B", "difference", "ratio"};
}

std::vector<ComparedRow> compared_rows(const figures::FleetResult& before,
                                       const figures::FleetResult& after) {
  Comparison rows(before, after);
  const auto counter = [&](const char* label, std::uint64_t figures::FleetFigures::*member) {
    rows.count(label, [&](const figures::FleetResult& result) { return result.figures.*member; });
  };
  const auto response = [](const figures::FleetResult& result) -> const figures::Histogram& {
    return result.figures.span(figures::Ending::succeeded, figures::Span::response);
  };
  const auto lag = [](const figures::FleetResult& result) -> const figures::Histogram& {
    return result.figures.lag_us;
  };
  rows.verdicts();
  rows.count("phones", [](const figures::FleetResult& result) { return result.phones; });
  rows.count("provisioned",
             [](const figures::FleetResult& result) { return converged(result.figures); });
  rows.share("half provisioned within", 0.5);
  rows.share("99 % provisioned within", 0.99);
  rows.share("all provisioned within", 1);
  counter("passes started", &figures::FleetFigures::passes_started);
  counter("passes failed", &figures::FleetFigures::passes_failed);
  counter("passes retried", &figures::FleetFigures::passes_retried);
  counter("requests", &figures::FleetFigures::requests);
  counter("requests without answer", &figures::FleetFigures::requests_failed);
  counter("requests refused", &figures::FleetFigures::requests_refused);
  counter("foreign data", &figures::FleetFigures::incident_count);
  rows.quantile("response p50", 0.5, response);
  rows.quantile("response p90", 0.9, response);
  rows.quantile("response p99", 0.99, response);
  rows.quantile("response p99.9", 0.999, response);
  for (const auto span :
       {figures::Span::connect, figures::Span::tls, figures::Span::first_byte, figures::Span::body})
    rows.quantile(fmt::format("{} p99", name(span)), 0.99,
                  [&](const figures::FleetResult& result) -> const figures::Histogram& {
                    return result.figures.span(figures::Ending::succeeded, span);
                  });
  rows.own_quantile("generator lag p99.9", 0.999, lag);
  return std::move(rows).rows();
}

std::string comparison_sentence(const figures::FleetResult& before,
                                const figures::FleetResult& after) {
  return speed_clause(before, after) + "; " + failure_clause(before, after);
}

std::string threshold_sentence(const figures::Crossed& held) {
  using figures::Crossing;
  if (held.crossing == Crossing::unknown)
    return fmt::format("not judged: {} ({})", held.threshold.text, held.why);
  const auto measure = held.threshold.measure;
  return fmt::format("{}: {} ({})", held.crossing == Crossing::crossed ? "crossed" : "kept",
                     held.threshold.text, both_values(measure, held.before, held.after));
}

}  // namespace provphone::client::report
