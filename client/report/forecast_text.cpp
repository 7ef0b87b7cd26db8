#include "client/figures/outcome_json.hpp"
#include "client/report/forecast.hpp"
#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace provphone::client::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array convergence_shares{0.5, 0.9, 0.99, 1.0};
constexpr std::array<std::string_view, 4> convergence_names{"50%", "90%", "99%", "100%"};

double seconds_of(resync::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// A curve ends with its last request, so all of it is worth drawing. A column shows the largest of
// its steps: a peak of one second must not be averaged away.
std::vector<double> columns_of(const figures::Curve& curve, std::size_t columns) {
  const auto& values = curve.values();
  const auto per_column = std::max<std::size_t>((values.size() + columns - 1) / columns, 1);
  std::vector<double> heights;
  for (std::size_t begin = 0; begin < values.size(); begin += per_column) {
    const auto end = std::min(begin + per_column, values.size());
    heights.push_back(*std::max_element(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                        values.begin() + static_cast<std::ptrdiff_t>(end)));
  }
  return heights;
}

constexpr std::array<std::string_view, 9> blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

// One row of a bar chart: what of each bar reaches into it, in eighths.
std::string chart_row(const std::vector<double>& heights, double top, int row, int rows) {
  std::string line;
  for (const double height : heights) {
    const double eighths = height / top * rows * 8 - row * 8;
    auto block = static_cast<std::size_t>(std::clamp(std::ceil(eighths), 0.0, 8.0));
    // Something is not nothing, however small beside the peak.
    if (row == 0 && height > 0) block = std::max<std::size_t>(block, 1);
    line += blocks[block];
  }
  return line;
}

std::string chart(const figures::Curve& curve, std::optional<double> mark, int columns) {
  constexpr int rows = 8;
  constexpr int margin = 9;
  const auto heights = columns_of(curve, static_cast<std::size_t>(std::max(columns - margin, 20)));
  if (heights.empty()) return {};
  const double top = std::max(*std::max_element(heights.begin(), heights.end()), 1.0);
  std::string text;
  // Above the top there is no row for it, and then the server was never asked for that much.
  const int mark_row = mark && *mark < top ? static_cast<int>(*mark / top * rows) : -1;
  for (int row = rows - 1; row >= 0; --row) {
    const auto label = row == rows - 1   ? fmt::format("{:.0f}", top)
                       : row == mark_row ? fmt::format("{:.0f}─", *mark)
                       : row == 0        ? std::string("0")
                                         : std::string();
    text += fmt::format("{:>7} │{}\n", label, chart_row(heights, top, row, rows));
  }
  const auto length = curve.step() * static_cast<std::int64_t>(curve.values().size());
  const auto end = duration_text(length);
  std::string rule;
  for (std::size_t i = 0; i < heights.size(); ++i) rule += "─";
  text += fmt::format("{:>7} └{}\n", "", rule);
  const int width = static_cast<int>(heights.size()) - 1;
  text += fmt::format("{:>8} {:<{}}{:>{}}\n", "", "0", std::max(width / 2, 1), end,
                      std::max(width - width / 2 + 1, static_cast<int>(end.size()) + 1));
  return text;
}

std::string convergence_text(const figures::ForecastFigures& figures) {
  std::string text;
  for (std::size_t i = 0; i < convergence_shares.size(); ++i) {
    const auto us = converged_within(figures, convergence_shares[i]);
    text += fmt::format("{}{} {}", i == 0 ? "" : " · ", convergence_names[i],
                        us ? duration_text(*us) : std::string("never"));
  }
  return text;
}

std::string errors_text(const figures::ForecastFigures& figures) {
  std::string text;
  for (const auto code : every<Errc>) {
    if (figures.errors[code] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", figures.errors[code], name(code));
  }
  return text;
}

double per_success(const figures::ForecastFigures& figures) {
  // Where none succeeded, all of them were for the first.
  const auto succeeded = std::max<std::uint64_t>(figures.passes.succeeded, 1);
  return static_cast<double>(figures.passes.started) / static_cast<double>(succeeded);
}

double peak_rate(const figures::ForecastFigures& figures) {
  return peak_of(figures.arrivals).count / seconds_of(figures.arrivals.step());
}

Json quantiles(const figures::Histogram& histogram) {
  return {{"count", histogram.count()},
          {"p50", histogram.quantile(0.5)},
          {"p90", histogram.quantile(0.9)},
          {"p99", histogram.quantile(0.99)},
          {"max", histogram.largest()}};
}

Json convergence_json(const figures::ForecastFigures& figures) {
  Json json = Json::object();
  json["phones"] = figures.convergence_us.count();
  for (std::size_t i = 0; i < convergence_shares.size(); ++i) {
    const auto us = converged_within(figures, convergence_shares[i]);
    json[std::string(convergence_names[i])] = us ? Json(*us) : Json(nullptr);
  }
  return json;
}

// From then on servers that want a certificate turn these phones away.
std::string certificates_text(const std::vector<CertificateEnding>& certificates) {
  constexpr std::size_t most = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(certificates.size(), most); ++i) {
    const auto& [group, phones, subject, day] = certificates[i];
    text += fmt::format(
        "  The certificate {} of group {} ends on {}: {} phone{} cannot authenticate "
        "any more then.\n",
        subject, group, day, phones, phones == 1 ? "" : "s");
  }
  if (certificates.size() > most)
    text += fmt::format("  {} more certificates end.\n", certificates.size() - most);
  return text;
}

Json certificates_json(const std::vector<CertificateEnding>& certificates) {
  Json list = Json::array();
  for (const auto& each : certificates)
    list.push_back({{"group", each.group},
                    {"phones", each.phones},
                    {"subject", each.subject},
                    {"day", each.day}});
  return list;
}

Json json_of(const Forecast& forecast) {
  const auto& [facts, figures, outcome, verdicts] = forecast;
  const auto peak = peak_of(figures.arrivals);
  Json json{{"phones", figures.phones}, {"length_s", seconds_of(facts.length)}};
  if (facts.capacity) {
    json["capacity"] = {{"requests_per_second", *facts.capacity},
                        {"queue", facts.queue.value_or(0)}};
    json["overwhelmed"] = overwhelms(forecast);
  }
  json["passes"] = {{"started", figures.passes.started},
                    {"succeeded", figures.passes.succeeded},
                    {"failed", figures.passes.failed},
                    {"gated", figures.passes.gated},
                    {"deferred", figures.passes.deferred}};
  json["attempts_per_success"] = per_success(figures);
  json["requests"] = {{"made", figures.requests}, {"failed", figures.requests_failed}};
  Json errors = Json::object();
  for (const auto code : every<Errc>) {
    // Codes that did not occur are left out: there are many.
    if (figures.errors[code] > 0) errors[std::string(name(code))] = figures.errors[code];
  }
  json["errors"] = errors;
  json["restarts"] = figures.restarts;
  json["peak"] = {{"t", seconds_of(peak.at)}, {"requests_per_second", peak_rate(figures)}};
  json["synchrony"] = synchrony(figures.arrivals);
  json["response_us"] = quantiles(figures.response_us);
  json["queued_us"] = quantiles(figures.queued_us);
  if (facts.capacity) json["backlog_max"] = peak_of(figures.backlog).count;
  json["convergence_us"] = convergence_json(figures);
  json["seed"] = facts.seed;
  json["scenario_hash"] = facts.scenario_hash;
  json["trace_hash"] = fmt::format("{:016x}", figures.decisions);
  add_verdicts(json, verdicts, outcome);
  json["verdict_text"] = verdict_sentence(forecast);
  if (!facts.certificates.empty()) json["certificates_end"] = certificates_json(facts.certificates);
  return json;
}

}  // namespace

bool overwhelms(const Forecast& forecast) {
  const auto& [facts, figures, outcome, verdicts] = forecast;
  return figures.turned_away > 0;
}

std::string verdict_sentence(const Forecast& forecast) {
  const auto& [facts, figures, outcome, verdicts] = forecast;
  const auto all = converged_within(figures, 1.0);
  auto converged =
      all ? fmt::format("every phone is provisioned after {}", duration_text(*all))
          : fmt::format("{} of {} phones are never provisioned",
                        figures.phones -
                            std::min<std::uint64_t>(figures.phones, figures.convergence_us.count()),
                        figures.phones);
  if (!facts.capacity) return converged;
  if (overwhelms(forecast)) {
    return fmt::format(
        "the server is overwhelmed: {:.0f} requests a second at the peak against {}, {} of {} "
        "requests fail; {}",
        peak_rate(figures), *facts.capacity, figures.requests_failed, figures.requests, converged);
  }
  // The one that is being served is in the backlog, and has no place in the queue.
  const auto backlog = peak_of(figures.backlog).count;
  return fmt::format("the server keeps up: {} of {} places in its queue are used; {}",
                     backlog > 0 ? backlog - 1 : 0, facts.queue.value_or(0), converged);
}

std::string format_text(const Forecast& forecast, int columns) {
  const auto& [facts, figures, outcome, verdicts] = forecast;
  const auto peak = peak_of(figures.arrivals);
  const auto unit = figures.arrivals.step() == std::chrono::seconds(1) ? "second" : "minute";
  auto text = fmt::format("{}: {} phones, {} of virtual time, seed {}\n\n", facts.title,
                          figures.phones, duration_text(facts.length), facts.seed);
  text += fmt::format("  requests a {}\n", unit);
  text += chart(figures.arrivals,
                facts.capacity
                    ? std::optional(double(*facts.capacity) * seconds_of(figures.arrivals.step()))
                    : std::nullopt,
                columns);
  text += fmt::format("\n  {:<12} {} started, {} succeeded, {} failed, {} held, {} deferred\n",
                      "passes", figures.passes.started, figures.passes.succeeded,
                      figures.passes.failed, figures.passes.gated, figures.passes.deferred);
  text += fmt::format("  {:<12} {}, {} failed{}{}\n", "requests", figures.requests,
                      figures.requests_failed, figures.requests_failed > 0 ? ": " : "",
                      errors_text(figures));
  text += fmt::format("  {:<12} {:.2f} passes\n", "per success", per_success(figures));
  text += fmt::format("  {:<12} {} in the {} from {}; synchrony {:.1f}\n", "peak", peak.count, unit,
                      duration_text(peak.at), synchrony(figures.arrivals));
  if (figures.response_us.count() > 0) {
    text += fmt::format("  {:<12} p50 {} · p90 {} · p99 {}\n", "response",
                        duration_text(figures.response_us.quantile(0.5)),
                        duration_text(figures.response_us.quantile(0.9)),
                        duration_text(figures.response_us.quantile(0.99)));
  }
  if (facts.capacity) {
    text += fmt::format("  {:<12} {} at most, of {}; p99 waited {}\n", "queue",
                        peak_of(figures.backlog).count, facts.queue.value_or(0),
                        duration_text(figures.queued_us.quantile(0.99)));
  }
  if (figures.restarts > 0) text += fmt::format("  {:<12} {}\n", "restarts", figures.restarts);
  text += fmt::format("  {:<12} {}\n", "provisioned", convergence_text(figures));
  text += fmt::format("  {:<12} {:016x}\n\n", "trace hash", figures.decisions);
  return text + fmt::format("  {}\n", verdict_sentence(forecast)) +
         certificates_text(facts.certificates);
}

std::string format_json(const Forecast& forecast) {
  return json_of(forecast).dump(2);
}

std::string format_csv(const figures::ForecastFigures& figures) {
  std::string text = "second,requests,backlog";
  const auto& arrivals = figures.arrivals.values();
  const auto& backlog = figures.backlog.values();
  // The column is in seconds, whatever the step.
  const auto step = static_cast<std::size_t>(seconds_of(figures.arrivals.step()));
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    text += fmt::format("\n{},{},{}", i * step, arrivals[i], i < backlog.size() ? backlog[i] : 0);
  }
  return text;
}

std::string format_sweep(const std::vector<SweepEntry>& entries) {
  std::size_t widest = 7;
  for (const auto& entry : entries) widest = std::max(widest, entry.setting.size());
  auto text = fmt::format("  {:<{}} {:>10} {:>10} {:>8} {:>12} {:>12}  {}\n", "setting", widest,
                          "peak req/s", "failed", "queue", "99% within", "100% within", "server");
  const SweepEntry* first_good = nullptr;
  for (const auto& entry : entries) {
    const auto& figures = entry.forecast.figures;
    const auto within = [&](double share) {
      const auto us = converged_within(figures, share);
      return us ? duration_text(*us) : std::string("never");
    };
    const bool bad = overwhelms(entry.forecast);
    // By the order on the command line: whether more or less of a parameter is better is not known
    // here.
    if (!bad && first_good == nullptr) first_good = &entry;
    text +=
        fmt::format("  {:<{}} {:>10.0f} {:>10} {:>8} {:>12} {:>12}  {}\n", entry.setting, widest,
                    peak_rate(figures), figures.requests_failed, peak_of(figures.backlog).count,
                    within(0.99), within(1.0), bad ? "overwhelmed" : "keeps up");
  }
  if (first_good != nullptr) {
    return text + fmt::format(
                      "\n  {} is the first of these that keeps the server within its "
                      "capacity.\n",
                      first_good->setting);
  }
  return text + "\n  None of these keeps the server within its capacity.\n";
}

std::string format_sweep_json(const std::vector<SweepEntry>& entries) {
  Json json = Json::array();
  for (const auto& entry : entries) {
    Json one{{"setting", entry.setting}};
    one.update(json_of(entry.forecast));
    json.push_back(one);
  }
  return Json{{"sweep", json}}.dump(2);
}

}  // namespace provphone::client::report
