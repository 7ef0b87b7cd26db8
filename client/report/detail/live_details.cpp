#include "client/report/detail/live_sections.hpp"
#include "client/report/visible_text.hpp"
#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

// The lower half of a live screen: what is expected, who the phones are, and what failed.
namespace provphone::client::report::detail {
namespace {

// Rows that have no room below the heading.
std::size_t left_out(const Lines& lines, std::size_t rows) {
  return lines.size() - std::min(lines.size(), rows - 1);
}

std::string not_shown(std::size_t count) {
  return count == 0 ? std::string() : fmt::format(", {} not shown", count);
}

Lines below(std::string heading, Lines lines, std::size_t rows) {
  lines.insert(lines.begin(), std::move(heading));
  if (lines.size() > rows) lines.resize(rows);
  return lines;
}

// --- expectations

struct Stand {
  figures::SoFar state;
  std::string text;
};

std::vector<Stand> stands_of(const LiveView& view) {
  figures::Hearing hearing;
  hearing.times_count = view.void_reasons.empty();
  std::vector<Stand> stands;
  for (const auto& expectation : view.standing->expectations) {
    const auto figures = figures_so_far(expectation.evidence);
    stands.push_back({so_far(expectation, hearing), visible_line(expectation.evidence.title) +
                                                        (figures.empty() ? "" : ": " + figures)});
  }
  std::stable_sort(stands.begin(), stands.end(),
                   [](const Stand& a, const Stand& b) { return a.state < b.state; });
  return stands;
}

Tone tone_of(figures::SoFar state) {
  using enum figures::SoFar;
  constexpr EnumArray<figures::SoFar, Tone> tones{
      {Tone::bad, Tone::bad, Tone::warning, Tone::plain, Tone::good, Tone::quiet}};
  return tones[state];
}

std::string count_by_state(const Page& page, const std::vector<Stand>& stands) {
  std::string text;
  for (const auto state : every<figures::SoFar>) {
    const auto count = std::count_if(stands.begin(), stands.end(),
                                     [&](const Stand& stand) { return stand.state == state; });
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    text += page.paint(tone_of(state), fmt::format("{} {}", name(state), count));
  }
  return text;
}

// --- groups

// Those that have power and are not provisioned.
std::uint64_t left_of(const figures::GroupFigures& group) {
  return group.powered_on - std::min(group.powered_on, group.converged);
}

// Where not all fit, those with the most to be said.
std::vector<const figures::GroupFigures*> groups_in_order(const LiveView& view, std::size_t room) {
  std::vector<const figures::GroupFigures*> groups;
  for (const auto& group : view.figures.groups) groups.push_back(&group);
  if (groups.size() > room)
    std::stable_sort(groups.begin(), groups.end(), [](const auto* a, const auto* b) {
      return std::pair(a->passes_failed, left_of(*a)) > std::pair(b->passes_failed, left_of(*b));
    });
  return groups;
}

constexpr std::size_t group_figures_columns = 46;

std::size_t name_columns(const Page& page) {
  std::size_t longest = 12;
  for (const auto& group : page.view.figures.groups)
    longest = std::max(longest, columns_of(visible_line(group.name)));
  const auto room = page.size.columns - std::min(page.size.columns, group_figures_columns);
  return std::clamp<std::size_t>(room, 12, std::min<std::size_t>(longest, 60));
}

std::string group_line(const Page& page, std::string_view name, std::size_t columns,
                       const std::array<std::string, 4>& figures) {
  return fmt::format("   {} {:>10} {:>12} {:>9} {:>8}", page.fit(name, columns - 2), figures[0],
                     figures[1], figures[2], figures[3]);
}

// --- failures

struct FailureLine {
  std::string what;
  std::uint64_t times;
  double rate;
  std::string example;
};

// Of one kind, the first phone that has met it, with what it asked for and what came of that.
std::string example_of(const LiveView& view, figures::Work work, Errc code) {
  if (!view.standing) return {};
  const figures::Failures* most = nullptr;
  for (const auto& [cause, failures] : view.standing->failures) {
    if (cause.work != work || cause.code != code) continue;
    if (most == nullptr || failures.times > most->times) most = &failures;
  }
  if (most == nullptr) return {};
  auto text = format_lower(most->first);
  if (!most->url.empty()) text += " " + most->url;
  const auto& why = most->said.empty() ? most->detail : most->said;
  if (!why.empty()) text += ": " + why;
  return visible_line(text);
}

std::vector<FailureLine> all_failures(const LiveView& view) {
  std::vector<FailureLine> lines;
  for (const auto& [count, code] : failures_by_code(view.figures))
    lines.push_back({std::string(name(code)), count,
                     rate_of(view.recent.pass_errors[code], view.recent.length),
                     example_of(view, figures::Work::pass, code)});
  if (!view.standing) return lines;
  for (const auto work : every<figures::Work>) {
    for (const auto code : every<Errc>) {
      if (work == figures::Work::pass) break;
      std::uint64_t times = 0;
      for (const auto& [cause, failures] : view.standing->failures)
        times += cause.work == work && cause.code == code ? failures.times : 0;
      if (times > 0)
        lines.push_back({fmt::format("{}: {}", figures::name(work), name(code)), times, 0,
                         example_of(view, work, code)});
    }
  }
  return lines;
}

}  // namespace

Lines expectations(const Page& page, std::size_t rows) {
  const auto& standing = page.view.standing;
  if (!standing || rows == 0) return {};
  if (standing->not_looked_at > 0)
    return {page.headed("expected", fmt::format("{}, judged at the end: too many phones to look at",
                                                count_text(standing->not_looked_at)))};
  if (standing->expectations.empty()) return {};
  const auto stands = stands_of(page.view);
  Lines lines;
  for (const auto& [state, text] : stands)
    lines.push_back("   " + page.paint(tone_of(state), fmt::format("{:<14}", name(state))) + text);
  const auto counts = count_by_state(page, stands) + not_shown(left_out(lines, rows));
  return below(page.headed("expected", counts), std::move(lines), rows);
}

Lines groups(const Page& page, std::size_t rows) {
  // One group is the whole fleet, which has been said.
  if (page.view.figures.groups.size() < 2 || rows == 0) return {};
  const auto columns = name_columns(page);
  Lines lines;
  for (const auto* group : groups_in_order(page.view, rows - 1))
    lines.push_back(
        group_line(page, visible_line(group->name), columns,
                   {count_text(group->powered_on),
                    fmt::format("{} {:>5}", count_text(group->converged),
                                share_text(group->converged, group->phones)),
                    count_text(group->passes_failed), quantile_text(group->response_us, 0.99)}));
  // Above the columns of figures there is room for the shortest of signs.
  const auto missing = left_out(lines, rows);
  const auto title = missing == 0 ? std::string("groups") : fmt::format("groups +{}", missing);
  const auto head = group_line(page, "", columns, {"powered on", "provisioned", "failed", "p99"});
  return below(page.headed(title, page.paint(Tone::quiet, head.substr(label_columns))),
               std::move(lines), rows);
}

Lines failures(const Page& page, std::size_t rows) {
  if (rows == 0) return {};
  const auto all = all_failures(page.view);
  if (all.empty()) return {page.headed("failures", "none")};
  Lines lines;
  for (const auto& [what, times, rate, example] : all)
    lines.push_back(fmt::format("   {:<22} {:>8} {:>8}  {}", what, count_text(times),
                                rate > 0 ? rate_text(rate) + "/s" : "", example));
  const auto passes = fmt::format("{} passes failed", count_text(page.view.figures.passes_failed));
  const auto heading = page.paint(Tone::bad, passes) + not_shown(left_out(lines, rows));
  return below(page.headed("failures", heading), std::move(lines), rows);
}

}  // namespace provphone::client::report::detail
