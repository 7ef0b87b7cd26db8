#include "client/report/prometheus.hpp"

#include "client/figures/version.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

namespace provphone::client::report {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    // In the values of labels these three are escaped, and nothing else.
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

std::string braces(const Labels& labels) {
  std::string text;
  for (const auto& [label, value] : labels)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "{" : ",", label, escaped(value));
  return text.empty() ? text : text + "}";
}

enum class Type : std::uint8_t { counter, gauge, histogram, last = histogram };

double as_seconds(std::uint64_t us) {
  return static_cast<double>(us) / 1e6;
}

enum class Format : std::uint8_t { prometheus, openmetrics };

// One metric after another: its heading, then its samples.
class Exposition {
 public:
  Exposition(Format format, const MetricLabels& of_all)
      : format_(format), of_all_(of_all.begin(), of_all.end()) {}

  void metric(std::string_view name, Type type, std::string_view help) {
    constexpr EnumArray<Type, std::string_view> types{{"counter", "gauge", "histogram"}};
    name_ = fmt::format("provphone_{}", name);
    std::string_view headed = name_;
    // OpenMetrics knows a counter by what comes before `_total`.
    constexpr std::string_view total = "_total";
    if (format_ == Format::openmetrics && type == Type::counter && headed.ends_with(total))
      headed.remove_suffix(total.size());
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", headed, help, headed, types[type]);
  }

  template <class Number>
  void sample(Number value, const Labels& labels = {}) {
    text_ += fmt::format("{}{} {}\n", name_, all(labels), value);
  }

  template <class Number>
  void single(std::string_view name, Type type, std::string_view help, Number value) {
    metric(name, type, help);
    sample(value);
  }

  // Buckets end at powers of two of a microsecond, where those of the histogram end too: no count
  // is estimated.
  void histogram(const figures::Histogram& histogram, const Labels& labels = {}) {
    constexpr int first_power = 7;  // 128 us
    constexpr int last_power = 26;  // 67 s
    std::size_t bucket = 0;
    std::uint64_t below = 0;
    for (int power = first_power; power <= last_power; ++power) {
      const auto end = std::uint64_t{1} << power;
      // `below` is cumulative, as the buckets of Prometheus are: each holds all the smaller ones.
      while (figures::Histogram::upper_edge(bucket) < end) below += histogram.counts()[bucket++];
      bucket_sample(labels, fmt::format("{}", as_seconds(end)), below);
    }
    bucket_sample(labels, "+Inf", histogram.count());
    text_ += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name_, all(labels),
                         as_seconds(histogram.sum()), name_, all(labels), histogram.count());
  }

  std::string text() && {
    if (format_ == Format::openmetrics) text_ += "# EOF\n";
    return std::move(text_);
  }

 private:
  void bucket_sample(Labels labels, std::string_view edge, std::uint64_t count) {
    labels.emplace_back("le", edge);
    text_ += fmt::format("{}_bucket{} {}\n", name_, all(labels), count);
  }

  std::string all(const Labels& labels) const {
    auto both = of_all_;
    both.insert(both.end(), labels.begin(), labels.end());
    return braces(both);
  }

  Format format_;
  Labels of_all_;
  std::string name_;
  std::string text_;
};

void add_errors(Exposition& out, const EnumArray<Errc, std::uint64_t>& counts) {
  for (const auto code : every<Errc>) {
    if (counts[code] > 0)
      out.sample(counts[code], {{"stage", name(stage_of(code))}, {"code", name(code)}});
  }
}

void add_passes(Exposition& out, const figures::FleetFigures& figures) {
  out.single("passes_started_total", Type::counter, "Passes that phones started.",
             figures.passes_started);
  out.metric("passes_ended_total", Type::counter, "Passes that ended, by outcome.");
  out.sample(figures.passes_succeeded, {{"outcome", "succeeded"}});
  out.sample(figures.passes_failed, {{"outcome", "failed"}});
  out.metric("passes_held_total", Type::counter, "Passes that were due and did not start.");
  out.sample(figures.passes_gated, {{"why", "gated"}});
  out.sample(figures.passes_deferred, {{"why", "deferred"}});
  out.single("passes_retried_total", Type::counter, "Passes that a failed one brought about.",
             figures.passes_retried);
  out.metric("pass_failures_total", Type::counter, "Passes that failed, by stage and error code.");
  add_errors(out, figures.pass_errors);
}

void add_requests(Exposition& out, const figures::FleetFigures& figures) {
  out.single("requests_total", Type::counter, "Requests sent.", figures.requests);
  out.single("answers_total", Type::counter, "Requests answered, with whatever status.",
             figures.answers);
  out.metric("request_failures_total", Type::counter,
             "Requests without an answer, by stage and error code.");
  add_errors(out, figures.request_errors);
  out.metric("request_refusals_total", Type::counter,
             "Answers that phones took for a failure, by stage and error code.");
  add_errors(out, figures.request_refusals);
  out.single("received_bytes_total", Type::counter, "Octets of bodies received.", figures.octets);
  out.metric("files_total", Type::counter, "Files received, by what phones did with them.");
  out.sample(figures.files_applied, {{"outcome", "applied"}});
  out.sample(figures.files_unchanged, {{"outcome", "unchanged"}});
  out.single("restarts_total", Type::counter, "Restarts of phones.", figures.restarts);
  out.single("foreign_data_total", Type::counter, "Answers with data of another phone.",
             figures.incident_count);
}

void add_latencies(Exposition& out, const figures::FleetFigures& figures) {
  out.metric("span_seconds", Type::histogram,
             "Where the time of retrievals goes; response is from due to done.");
  for (const auto ending : {figures::Ending::succeeded, figures::Ending::failed}) {
    for (const auto span : every<figures::Span>)
      out.histogram(figures.span(ending, span), {{"span", name(span)}, {"ending", name(ending)}});
  }
  out.metric("lag_seconds", Type::histogram,
             "From due to started: what the generator itself was late.");
  out.histogram(figures.lag_us);
}

void add_groups(Exposition& out, const figures::FleetFigures& figures) {
  const auto add = [&](std::string_view metric, Type type, std::string_view help, auto member) {
    out.metric(metric, type, help);
    for (const auto& group : figures.groups) out.sample(group.*member, {{"group", group.name}});
  };
  add("group_phones", Type::gauge, "Phones of a group.", &figures::GroupFigures::phones);
  add("group_powered_on", Type::gauge, "Phones of a group that were powered on.",
      &figures::GroupFigures::powered_on);
  add("group_converged", Type::gauge, "Phones of a group that a pass succeeded for.",
      &figures::GroupFigures::converged);
  add("group_passes_succeeded_total", Type::counter, "Passes of a group that succeeded.",
      &figures::GroupFigures::passes_succeeded);
  add("group_passes_failed_total", Type::counter, "Passes of a group that failed.",
      &figures::GroupFigures::passes_failed);
}

void add_run(Exposition& out, const LiveView& view) {
  out.metric("run_info", Type::gauge, "The run; always 1.");
  out.sample(1, {{"scenario", view.title}, {"version", figures::version}});
  out.single("phones", Type::gauge, "Phones of the run.", view.phones);
  out.single("elapsed_seconds", Type::gauge, "Time since the start, without pauses.",
             std::chrono::duration<double>(view.elapsed).count());
  out.single("in_flight", Type::gauge, "Retrievals at the moment.", view.in_flight);
  out.single("paused", Type::gauge, "Whether the time of the run stands still.",
             view.running == Running::paused ? 1 : 0);
  out.single("workers", Type::gauge, "Threads that drive phones.", view.workers);
  out.single("workers_late", Type::gauge,
             "Those of them that are busy and have not answered; figures are from before.",
             view.workers_late);
  out.single("workers_late_seconds", Type::gauge, "How long one of them has not answered.",
             std::chrono::duration<double>(view.late_for).count());
  if (view.starts_per_second)
    out.single("starts_per_second_limit", Type::gauge, "The cap on starts.",
               *view.starts_per_second);
  out.single("lag_limit_seconds", Type::gauge, "The lag at p99.9 beyond which the run is void.",
             as_seconds(static_cast<std::uint64_t>(view.lag_limit_us)));
}

void add_resources(Exposition& out, const figures::Resources& resources) {
  out.single("processors_used", Type::gauge, "Processors in use, on average.",
             resources.processors_used);
  out.single("processors", Type::gauge, "Processors that there are.", resources.processors);
  out.single("memory_peak_bytes", Type::gauge, "The most memory in use until now.",
             resources.memory_peak);
  out.single("open_files_peak", Type::gauge, "The most open files until now.",
             resources.open_files_peak);
  out.single("open_files_limit", Type::gauge, "Open files that are allowed.",
             resources.open_files_limit);
  out.single("longest_stall_seconds", Type::gauge, "The longest stall of an event loop.",
             as_seconds(static_cast<std::uint64_t>(resources.longest_stall_us)));
}

std::string format(const LiveView& view, Format format, const MetricLabels& of_all) {
  Exposition out(format, of_all);
  add_run(out, view);
  add_groups(out, view.figures);
  add_passes(out, view.figures);
  add_requests(out, view.figures);
  add_latencies(out, view.figures);
  add_resources(out, view.resources);
  return std::move(out).text();
}

}  // namespace

std::string format_prometheus(const LiveView& view, const MetricLabels& of_all) {
  return format(view, Format::prometheus, of_all);
}

std::string format_openmetrics(const LiveView& view, const MetricLabels& of_all) {
  return format(view, Format::openmetrics, of_all);
}

}  // namespace provphone::client::report
