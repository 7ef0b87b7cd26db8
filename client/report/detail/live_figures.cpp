#include "client/report/detail/live_sections.hpp"
#include "client/report/visible_text.hpp"
#include "client/report/words.hpp"
#include "client/trace/sentence.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>

// The upper half of a live screen: how far the run is, and how it goes.
namespace provphone::client::report::detail {
namespace {

double share_of(double part, double whole) {
  return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0;
}

std::uint64_t powered_on(const figures::FleetFigures& figures) {
  std::uint64_t phones = 0;
  for (const auto& group : figures.groups) phones += group.powered_on;
  return phones;
}

std::string labelled(std::string_view label, const std::string& text) {
  return fmt::format(" {:<{}}{}", label, label_columns - 1, text);
}

// A bar takes what the figures leave.
std::string bar_line(const Page& page, std::string_view label, double share, Tone tone,
                     const std::string& text) {
  const auto left = page.size.columns - std::min(page.size.columns, label_columns);
  constexpr std::size_t text_columns = 38;
  const auto width = std::clamp<std::size_t>(left - std::min(left, text_columns), 8, 60);
  const auto bar = bar_of(share, width, page.look.charset);
  return labelled(label,
                  page.paint(tone, bar.full) + page.paint(Tone::quiet, bar.empty) + "  " + text);
}

std::string phones_line(const Page& page, std::string_view label, std::uint64_t phones, Tone tone,
                        const std::string& more) {
  const auto all = page.view.phones;
  return bar_line(page, label, share_of(static_cast<double>(phones), all), tone,
                  fmt::format("{} of {}, {}{}", count_text(phones), count_text(all),
                              share_text(phones, all), more));
}

std::string left_text(const LiveView& view) {
  const auto done = converged(view.figures);
  if (done >= view.phones || view.running == Running::ended) return {};
  const auto history = recent_history(view.figures.series, view.elapsed, 10);
  const auto left = time_left(history, view.phones - done);
  return left ? fmt::format(", ~{} left", whole_seconds_text(*left)) : std::string();
}

std::string time_line(const Page& page) {
  const auto& view = page.view;
  const auto elapsed = duration_text(std::max(view.elapsed, resync::Duration{}));
  // A bar of a limit that is not meant to be reached would say nothing.
  if (view.length <= resync::Duration{})
    return labelled("time", elapsed + ", until nothing is left to do");
  if (view.until_converged)
    return labelled("time", fmt::format("{}, until provisioned, at most {}", elapsed,
                                        duration_text(view.length)));
  return bar_line(
      page, "time",
      share_of(static_cast<double>(view.elapsed.count()), static_cast<double>(view.length.count())),
      Tone::calm, fmt::format("{} of {}", elapsed, duration_text(view.length)));
}

// Left of a row of the two tables: what is counted, a second and in all.
std::string counted(std::string_view label, const std::string& rate, const std::string& total) {
  return fmt::format(" {:<10}{:>9}{:>13}", label, rate, total);
}

// Right of it: what is measured, now and in all.
std::string measured(std::string_view label, const std::string& now, const std::string& total) {
  return fmt::format("   {:<9}{:>7}{:>8}", label, now, total);
}

std::string max_text(const figures::Histogram& histogram) {
  return quantile_text(histogram, 1);
}

// At four fifths of the limit there is still something to be done.
std::pair<std::string_view, Tone> judged_lag(const LiveView& view) {
  const auto lag = view.figures.lag_us.quantile(0.999);
  if (lag > view.lag_limit_us) return {"VOID", Tone::bad};
  if (lag * 5 > view.lag_limit_us * 4) return {"near", Tone::warning};
  return {"ok", Tone::good};
}

// A word in the place of what it is now, and the limit where there is room.
std::string lag_cells(const Page& page) {
  constexpr std::size_t enough_columns = 72;
  const auto& view = page.view;
  const auto [judged, tone] = judged_lag(view);
  const auto limit = page.size.columns < enough_columns
                         ? std::string()
                         : fmt::format(" of {}", duration_text(view.lag_limit_us));
  return fmt::format("   {:<9}{}{:>8}{}", "lag p99.9",
                     page.paint(tone, fmt::format("{:>7}", judged)),
                     quantile_text(view.figures.lag_us, 0.999), limit);
}

std::string void_line(const LiveView& view) {
  const auto lag = view.figures.lag_us.quantile(0.999);
  if (lag > view.lag_limit_us)
    return fmt::format("VOID: this machine lags, p99.9 {} of {} at most", duration_text(lag),
                       duration_text(view.lag_limit_us));
  if (view.void_reasons.empty()) return {};
  return fmt::format("VOID: this machine is short of {}", view.void_reasons.front().resource);
}

struct Used {
  std::string text;
  double share = 0;  // of what there is
};

}  // namespace

std::string Page::paint(Tone tone, std::string_view text) const {
  constexpr EnumArray<Tone, std::string_view> starts{
      {"", "\x1b[2m", "\x1b[1m", "\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m"}};
  if (look.colour == Colour::off || tone == Tone::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", starts[tone], text);
}

std::string Page::headed(std::string_view title, const std::string& rest) const {
  return " " + paint(Tone::strong, fmt::format("{:<{}}", title, label_columns - 1)) + rest;
}

Lines heading(const Page& page, std::size_t /*rows*/) {
  struct Word {
    std::string_view text;
    Tone tone;
  };
  constexpr EnumArray<Running, Word> words{{{"RUNNING", Tone::good},
                                            {"PAUSED", Tone::warning},
                                            {"ENDING", Tone::warning},
                                            {"ENDED", Tone::strong}}};
  const auto& [word, tone] = words[page.view.running];
  const auto title = " provphone fleet  " + visible_line(page.view.title);
  const auto beside = word.size() + 2;
  const auto room = page.size.columns - std::min(page.size.columns, beside);
  return {page.paint(Tone::strong, page.fit(title, room)) + " " + page.paint(tone, word)};
}

Lines warnings(const Page& page, std::size_t rows) {
  const auto& view = page.view;
  Lines lines;
  const auto add = [&](Tone tone, const std::string& text) {
    if (!text.empty()) lines.push_back(" " + page.paint(tone, text));
  };
  add(Tone::bad, void_line(view));
  if (view.figures.incident_count > 0)
    add(Tone::bad, fmt::format("{} times a phone was given another phone's data",
                               count_text(view.figures.incident_count)));
  if (view.workers_late > 0) add(Tone::warning, late_words(view) + ": these figures lack the rest");
  // The whole story behind what has to be seen.
  for (const auto& [resource, evidence, remedy] : view.void_reasons) {
    const auto reason =
        remedy.empty() ? evidence : fmt::format("{}; to mend it: {}", evidence, remedy);
    for (const auto& line :
         wrapped(fmt::format("{}: {}", resource, reason),
                 page.size.columns - std::min<std::size_t>(page.size.columns, 4)))
      lines.push_back("   " + line);
  }
  if (lines.size() > rows) lines.resize(rows);
  return lines;
}

Lines progress(const Page& page, std::size_t rows) {
  const auto& view = page.view;
  Lines lines{
      phones_line(page, "provisioned", converged(view.figures), Tone::good, left_text(view)),
      time_line(page), phones_line(page, "powered on", powered_on(view.figures), Tone::calm, {})};
  // On the page in the order in which it happens, in few rows by what is asked for first.
  if (rows < lines.size()) lines.resize(rows);
  if (lines.size() == 3) std::rotate(lines.begin(), lines.begin() + 2, lines.end());
  return lines;
}

Lines key_figures(const Page& page, std::size_t rows) {
  const auto& view = page.view;
  const auto& recent = view.recent;
  const auto& figures = view.figures;
  const auto& now = recent.response_us;
  const auto& all = figures.span(figures::Ending::succeeded, figures::Span::response);
  const auto failed_in_all = figures.span(figures::Ending::failed, figures::Span::response).count();
  const auto rate = [&](std::uint64_t count) { return rate_text(rate_of(count, recent.length)); };
  const auto failed = counted("failed", rate(recent.failed), count_text(failed_in_all));
  Lines lines{page.paint(Tone::quiet,
                         counted("", "a second", "in all") + measured("response", "now", "in all")),
              counted("arrivals", rate(recent.started), count_text(figures.requests)) +
                  measured("p50", quantile_text(now, 0.5), quantile_text(all, 0.5)),
              counted("succeeded", rate(recent.succeeded), count_text(all.count())) +
                  measured("p99", quantile_text(now, 0.99), quantile_text(all, 0.99)),
              page.paint(recent.failed > 0 ? Tone::bad : Tone::plain, failed) +
                  measured("max", max_text(now), max_text(all)),
              fmt::format(" {:<10}{:>9}{:>13}", "in flight", count_text(view.in_flight), "") +
                  lag_cells(page)};
  if (lines.size() > rows) lines.resize(rows);
  return lines;
}

Lines pace(const Page& page, std::size_t rows) {
  if (rows == 0) return {};
  const auto& view = page.view;
  auto text = view.starts_per_second
                  ? fmt::format("at most {} starts a second", count_text(*view.starts_per_second))
                  : std::string("every phone at its time, no limit");
  if (view.rises_to)
    text += *view.rises_to > 0 ? fmt::format(", rising to {}", count_text(*view.rises_to))
                               : std::string(", rising until there is no limit");
  if (view.running != Running::paused) return {labelled("pace", text)};
  return {labelled("pace", page.paint(Tone::warning, "paused, p or g goes on; ") + text)};
}

Lines machine(const Page& page, std::size_t rows) {
  if (rows == 0) return {};
  const auto& resources = page.view.resources;
  const Used all[] = {
      {fmt::format("cpu {:.1f} of {}", resources.processors_used, resources.processors),
       share_of(resources.processors_used, resources.processors)},
      {fmt::format("files {} of {}", count_text(resources.open_files_peak),
                   count_text(resources.open_files_limit)),
       share_of(static_cast<double>(resources.open_files_peak),
                static_cast<double>(resources.open_files_limit))},
      {"memory " + trace::format_bytes(resources.memory_peak), 0},
      {"stall " + duration_text(resources.longest_stall_us), 0}};
  std::string line;
  for (const auto& resource : all) {
    if (&resource != all) line += ", ";
    const auto tone = resource.share > 0.95  ? Tone::bad
                      : resource.share > 0.8 ? Tone::warning
                                             : Tone::plain;
    line += page.paint(tone, resource.text + (resource.share > 0.8 ? " (!)" : ""));
  }
  return {labelled("machine", line)};
}

}  // namespace provphone::client::report::detail
