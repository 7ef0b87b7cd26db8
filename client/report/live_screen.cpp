#include "client/report/live_screen.hpp"

#include "client/report/fleet_tables.hpp"
#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace provphone::client::report {
namespace {

enum class Tone : std::uint8_t { plain, quiet, strong, good, warning, bad, last = bad };

std::string_view start_of(Tone tone) {
  constexpr EnumArray<Tone, std::string_view> codes{
      {"", "\x1b[2m", "\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m"}};
  return codes[tone];
}

struct Painter {
  Colour colour;

  std::string operator()(Tone tone, std::string_view text) const {
    if (colour == Colour::off || tone == Tone::plain) return std::string(text);
    return fmt::format("{}{}\x1b[0m", start_of(tone), text);
  }
};

// The first `columns` characters that show; colours count nothing and end where the text does.
std::string clipped(std::string_view line, std::size_t columns) {
  std::string text;
  std::size_t shown = 0;
  bool is_coloured = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    // All sequences here are colours, which end with `m`.
    if (line[i] == '\x1b') {
      const auto end = line.find('m', i);
      text += line.substr(i, end - i + 1);
      is_coloured = line.substr(i, end - i + 1) != "\x1b[0m";
      i = end;
      continue;
    }
    // UTF-8: octets 10xxxxxx go on with a character.
    const bool is_first_octet = (static_cast<unsigned char>(line[i]) & 0xc0U) != 0x80U;
    if (is_first_octet && ++shown > columns) break;
    text += line[i];
  }
  return is_coloured ? text + "\x1b[0m" : text;
}

double share_of(double part, double whole) {
  return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0;
}

std::string bar(double share, std::size_t width, const Painter& paint) {
  const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string done, left;
  for (std::size_t i = 0; i < width; ++i) (i < full ? done : left) += i < full ? "█" : "░";
  return paint(Tone::good, done) + paint(Tone::quiet, left);
}

double rate_of(std::uint64_t count, resync::Duration length) {
  const auto seconds = std::chrono::duration<double>(length).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string rate_text(std::uint64_t count, resync::Duration length) {
  const auto rate = rate_of(count, length);
  return rate > 0 && rate < 10 ? fmt::format("{:.1f}", rate)
                               : count_text(static_cast<std::uint64_t>(std::round(rate)));
}

// --- sections of the page, a line each

std::string heading(const LiveView& view, std::size_t columns, const Painter& paint) {
  const auto [word, tone] = view.running == Running::yes      ? std::pair("RUNNING", Tone::good)
                            : view.running == Running::paused ? std::pair("PAUSED", Tone::warning)
                                                              : std::pair("ENDING", Tone::warning);
  const auto left = fmt::format(" provphone fleet  {}", view.title);
  // For the word at the right and the blanks beside it.
  const auto room = columns > 10 ? columns - 10 : 0;
  return paint(Tone::strong, fmt::format("{:<{}.{}}", left, room, room)) + " " + paint(tone, word);
}

std::string progress(std::string_view label, double share, const std::string& text,
                     std::size_t columns, const Painter& paint) {
  constexpr std::size_t beside = 54;  // label and text
  const auto width = columns > beside + 8 ? columns - beside : 8;
  return fmt::format(" {:<9} {}  {}", label, bar(share, width, paint), text);
}

std::string phones_line(const LiveView& view, std::size_t columns, const Painter& paint) {
  const auto done = converged(view.figures);
  return progress("phones", share_of(static_cast<double>(done), view.phones),
                  fmt::format("{} of {} provisioned, {}", count_text(done), count_text(view.phones),
                              share_text(done, view.phones)),
                  columns, paint);
}

std::string time_line(const LiveView& view, std::size_t columns, const Painter& paint) {
  const auto share =
      share_of(static_cast<double>(view.elapsed.count()), static_cast<double>(view.length.count()));
  return progress("time", share,
                  fmt::format("{} of {}", duration_text(view.elapsed), duration_text(view.length)),
                  columns, paint);
}

// Left of a row of the two tables: what is counted, a second and in all.
std::string counted(std::string_view label, const std::string& rate, const std::string& total) {
  return fmt::format(" {:<10}{:>13}{:>15}   ", label, rate, total);
}

// Right of it: what is measured, now and in all.
std::string measured(std::string_view label, const std::string& now, const std::string& total) {
  return fmt::format("  {:<13}{:>9}{:>12}", label, now, total);
}

std::vector<std::string> tables(const LiveView& view, const Painter& paint) {
  const auto& [length, started, succeeded, failed, response] = view.recent;
  const auto& figures = view.figures;
  const auto& responses = figures.span(figures::Ending::succeeded, figures::Span::response);
  const auto failed_in_all = figures.span(figures::Ending::failed, figures::Span::response).count();
  const auto head = counted("", "a second", "in all") + measured("response", "now", "in all");
  const auto failures = counted("failed", rate_text(failed, length), count_text(failed_in_all));
  return {
      paint(Tone::quiet, head),
      counted("arrivals", rate_text(started, length), count_text(figures.requests)) +
          measured("half within", quantile_text(response, 0.5), quantile_text(responses, 0.5)),
      counted("succeeded", rate_text(succeeded, length), count_text(responses.count())) +
          measured("99 % within", quantile_text(response, 0.99), quantile_text(responses, 0.99)),
      (failed > 0 ? paint(Tone::bad, failures) : failures) +
          measured("slowest", "",
                   responses.count() == 0 ? "-" : duration_text(responses.largest())),
      fmt::format(" {:<10}{:>13}", "in flight", count_text(view.in_flight))};
}

std::string lag_line(const LiveView& view, const Painter& paint) {
  const auto lag = view.figures.lag_us.quantile(0.999);
  const auto text =
      fmt::format("{} of {} at most, longest stall {}  ", quantile_text(view.figures.lag_us, 0.999),
                  duration_text(view.lag_limit_us), duration_text(view.resources.longest_stall_us));
  // At four fifths of the limit there is still something to be done.
  const auto [judged, tone] =
      lag > view.lag_limit_us           ? std::pair("VOID: the generator lags", Tone::bad)
      : lag * 5 > view.lag_limit_us * 4 ? std::pair("close to void", Tone::warning)
                                        : std::pair("ok", Tone::good);
  return fmt::format(" {:<10}", "lag p99.9") + text + paint(tone, judged);
}

struct Used {
  std::string text;
  double share = 0;  // of what there is
};

std::string resources_line(const LiveView& view, const Painter& paint) {
  const auto& resources = view.resources;
  const Used all[] = {
      {fmt::format("processor {:.1f} of {}", resources.processors_used, resources.processors),
       share_of(resources.processors_used, resources.processors)},
      {fmt::format("files {} of {}", count_text(resources.open_files_peak),
                   count_text(resources.open_files_limit)),
       share_of(static_cast<double>(resources.open_files_peak),
                static_cast<double>(resources.open_files_limit))},
      {fmt::format("memory {}", trace::format_bytes(resources.memory_peak)), 0}};
  std::string line = fmt::format(" {:<10}", "resources");
  for (const auto& resource : all) {
    if (&resource != all) line += ", ";
    const auto tone = resource.share > 0.95  ? Tone::bad
                      : resource.share > 0.8 ? Tone::warning
                                             : Tone::plain;
    line += paint(tone, resource.text + (resource.share > 0.8 ? " (!)" : ""));
  }
  return line;
}

std::string rate_line(const LiveView& view, const Painter& paint) {
  const auto cap = view.starts_per_second ? fmt::format("at most {} starts a second",
                                                        count_text(*view.starts_per_second))
                                          : std::string("no cap on starts");
  const auto text =
      view.running == Running::paused ? paint(Tone::warning, "paused, p goes on; ") + cap : cap;
  return fmt::format(" {:<10}{}", "rate", text);
}

std::string late_words(const LiveView& view) {
  return fmt::format("{} of {} workers silent for {}", view.workers_late, view.workers,
                     duration_text(view.late_for));
}

std::string workers_line(const LiveView& view, const Painter& paint) {
  return fmt::format(" {:<10}", "workers") +
         paint(Tone::warning, late_words(view) + ": these figures lack the rest");
}

struct Failure {
  std::uint64_t count;
  std::string_view code;
};

std::vector<Failure> failures_by_code(const figures::FleetFigures& figures) {
  std::vector<Failure> failures;
  for (const auto code : every<Errc>) {
    if (figures.pass_errors[code] > 0) failures.push_back({figures.pass_errors[code], name(code)});
  }
  std::stable_sort(failures.begin(), failures.end(),
                   [](const Failure& a, const Failure& b) { return a.count > b.count; });
  return failures;
}

std::vector<std::string> failure_lines(const LiveView& view, std::size_t room,
                                       const Painter& paint) {
  const auto failures = failures_by_code(view.figures);
  if (room == 0) return {};
  if (failures.empty()) return {fmt::format(" {:<10}none", "failures")};
  const bool all_fit = failures.size() + 1 <= room;
  // The heading and the line that says how many are missing take two.
  const auto shown = all_fit ? failures.size() : room > 2 ? room - 2 : 0;
  std::vector<std::string> lines{
      paint(Tone::bad,
            fmt::format(" failures  {} passes failed", count_text(view.figures.passes_failed)))};
  for (std::size_t i = 0; i < shown; ++i)
    lines.push_back(
        fmt::format(" {:<10}{:<24}{:>14}", "", failures[i].code, count_text(failures[i].count)));
  if (!all_fit && room > 1)
    lines.push_back(fmt::format(" {:<10}and {} other codes", "", failures.size() - shown));
  return lines;
}

}  // namespace

Recent recent(const figures::FleetFigures& before, const figures::FleetFigures& now,
              resync::Duration length) {
  const auto grown = [](std::uint64_t from, std::uint64_t to) { return to > from ? to - from : 0; };
  const auto gain = [&](figures::Ending ending) {
    return grown(before.span(ending, figures::Span::response).count(),
                 now.span(ending, figures::Span::response).count());
  };
  return {length, grown(before.requests, now.requests), gain(figures::Ending::succeeded),
          gain(figures::Ending::failed),
          now.span(figures::Ending::succeeded, figures::Span::response)
              .since(before.span(figures::Ending::succeeded, figures::Span::response))};
}

std::string format_screen(const LiveView& view, ScreenSize size, Colour colour) {
  const Painter paint{colour};
  std::vector<std::string> lines{heading(view, size.columns, paint), "",
                                 phones_line(view, size.columns, paint),
                                 time_line(view, size.columns, paint), ""};
  for (auto& line : tables(view, paint)) lines.push_back(std::move(line));
  lines.insert(lines.end(),
               {"", lag_line(view, paint), resources_line(view, paint), rate_line(view, paint)});
  if (view.workers_late > 0) lines.push_back(workers_line(view, paint));
  lines.emplace_back();
  const auto keys = paint(Tone::quiet, " p pause   + - rate   q end");
  const auto below = std::size_t{2};  // a blank line and the keys
  const auto room = size.rows > lines.size() + below ? size.rows - lines.size() - below : 0;
  for (auto& line : failure_lines(view, room, paint)) lines.push_back(std::move(line));
  // The keys are the last line on every screen, however low.
  if (lines.size() + 1 > size.rows) lines.resize(std::max<std::size_t>(size.rows, 1) - 1);
  while (lines.size() + 1 < size.rows) lines.emplace_back();
  lines.push_back(keys);
  // Each line clears what it leaves of the one before it; the last one has no end, so that the
  // page does not scroll.
  std::string page = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i)
    page += (i == 0 ? "" : "\r\n") + clipped(lines[i], size.columns) + "\x1b[K";
  return page + "\x1b[J";
}

std::string format_plain_line(const LiveView& view) {
  constexpr std::size_t most_codes = 5;
  const auto& recent = view.recent;
  auto line = fmt::format(
      "{}: {} of {} provisioned ({}), {} in flight, a second {:.0f} arrivals {:.0f} succeeded "
      "{:.0f} failed, p50 {} p99 {}, lag p99.9 {}",
      duration_text(view.elapsed), converged(view.figures), view.phones,
      share_text(converged(view.figures), view.phones), view.in_flight,
      rate_of(recent.started, recent.length), rate_of(recent.succeeded, recent.length),
      rate_of(recent.failed, recent.length), quantile_text(recent.response_us, 0.5),
      quantile_text(recent.response_us, 0.99), quantile_text(view.figures.lag_us, 0.999));
  const auto failures = failures_by_code(view.figures);
  for (std::size_t i = 0; i < std::min(failures.size(), most_codes); ++i)
    line += fmt::format(", {} {}", failures[i].count, failures[i].code);
  if (failures.size() > most_codes)
    line += fmt::format(" and {} other codes", failures.size() - most_codes);
  if (view.running == Running::paused) line += ", paused";
  if (view.workers_late > 0) line += ", " + late_words(view);
  if (view.figures.lag_us.quantile(0.999) > view.lag_limit_us) line += ", VOID";
  return line;
}

}  // namespace provphone::client::report
