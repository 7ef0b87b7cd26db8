#include "client/infer/text.hpp"

#include "client/infer/told.hpp"
#include "client/infer/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::infer {
namespace {

std::string percent(std::size_t part, std::size_t of) {
  if (of == 0) return "0 %";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(of));
}

std::string allowed_text(const Window& window) {
  return window.from == window.to ? fmt::format("{}", window.from)
                                  : fmt::format("{} to {}", window.from, window.to);
}

std::string element_text(const DelayEstimate& estimate) {
  auto text = fmt::format("{} of {} waits, from {} to {} s", estimate.inside, estimate.observed,
                          estimate.seen.from, estimate.seen.to);
  if (estimate.written == DelayEstimate::Written::rounded)
    text += fmt::format("; rounded, the data allow {}{}", allowed_text(estimate.base),
                        estimate.delay.spread == 0
                            ? ""
                            : fmt::format(" with a spread of {}", allowed_text(estimate.spread)));
  return text;
}

void add_list(std::string& out, std::string_view parameter, const ListEstimate& estimate) {
  out += fmt::format("  {} {}\n", parameter, written(list_of(estimate)));
  for (const auto& element : estimate.elements)
    out += fmt::format("    {}: {}\n", written({{element.delay}}), element_text(element));
  if (estimate.end == ListEstimate::End::not_seen)
    out += "    what follows was not seen: the list may go on\n";
}

void add_daily(std::string& out, const DailyEstimate& daily) {
  out += fmt::format("  Resync_At__HHmm_ {:02}{:02}, Resync_At_Random_Delay {}\n",
                     daily.opens.count() / 60, daily.opens.count() % 60,
                     std::chrono::seconds(daily.length).count());
  out += fmt::format("    {} of {} passes within {} min from {} on, local time{}\n", daily.inside,
                     daily.observed, daily.length.count(), clock_text(daily.opens),
                     daily.length.count() == 10 ? "; a delay below 600 looks the same" : "");
}

void add_start(std::string& out, const StartEstimate& start) {
  constexpr Seconds unit = 20;
  const auto units = start.delay % unit == 0
                         ? fmt::format("{} of 20 s, or {} of 1 s", start.delay / unit, start.delay)
                         : fmt::format("{} of 1 s", start.delay);
  out += fmt::format(
      "  Resync_Random_Delay {}\n    {} of {} phones began within {} s from {} on; the data allow "
      "{}\n",
      units, start.inside, start.observed, start.delay, shown(start.at),
      allowed_text(start.allowed));
}

void add_settings(std::string& out, const Inferred& inferred) {
  if (inferred.periodic) add_list(out, "Resync_Periodic", *inferred.periodic);
  if (inferred.resync_at) add_daily(out, *inferred.resync_at);
  if (!inferred.periodic && !inferred.resync_at)
    out += "  Resync_Periodic: not to be told, no phone came twice or at no period\n";
  if (inferred.error_retry)
    add_list(out, "Resync_Error_Retry_Delay", *inferred.error_retry);
  else
    out += "  Resync_Error_Retry_Delay: not seen, nothing failed\n";
  if (inferred.start) add_start(out, *inferred.start);
}

void add_accounts(std::string& out, const Accounts& accounts) {
  out += fmt::format(
      "  Of {} waits {} are on schedule ({}), {} behind lines that are missing, {} too soon, {} "
      "too "
      "late, {} not known\n",
      accounts.waits, accounts.on_schedule, percent(accounts.on_schedule, accounts.waits),
      accounts.behind_gaps, accounts.off_schedule, accounts.late, accounts.not_known);
}

std::size_t passes_in(const Courses& courses) {
  std::size_t passes = 0;
  for (const auto& course : courses.phones) passes += course.passes.size();
  return passes;
}

void add_causes(std::string& out, const Findings& findings, std::optional<std::uint32_t> only) {
  out += "Causes\n";
  const auto before = out.size();
  for (const auto& cause : findings.causes) {
    if (only && !std::binary_search(cause.courses.begin(), cause.courses.end(), *only)) continue;
    out += fmt::format("  {}\n", cause.sentence);
    if (!only)
      out += fmt::format("    {}\n", listed_phones(findings.seen, findings.courses, cause.courses));
  }
  if (out.size() == before) out += "  none: nothing in it takes one\n";
}

void add_contradictions(std::string& out, const Findings& findings) {
  constexpr std::size_t most_shown = 20;
  if (findings.contradictions.empty()) return;
  out += fmt::format("Contradictions: {}\n", findings.contradictions.size());
  for (std::size_t i = 0; i < std::min(most_shown, findings.contradictions.size()); ++i) {
    const auto& each = findings.contradictions[i];
    const auto& phone = findings.seen.phones[findings.courses.phones[each.course].phone];
    out += fmt::format("  {} {}: {}\n", shown(each.at), phone_text(phone), each.sentence);
  }
  if (findings.contradictions.size() > most_shown)
    out += fmt::format("  and {} more\n", findings.contradictions.size() - most_shown);
}

std::string tally_text(const Tally& tally) {
  return fmt::format(
      "{} passes: {} predicted, {} early, {} late, {} unexplained, {} the first; {} "
      "missing",
      tally.observed, tally.predicted, tally.early, tally.late, tally.unexplained, tally.first,
      tally.missing);
}

// Those that differ in anything, the most first.
std::vector<const ComparedPhone*> different_first(const Comparison& comparison) {
  const auto wrong = [](const ComparedPhone& phone) {
    return phone.tally.early + phone.tally.late + phone.tally.unexplained;
  };
  std::vector<const ComparedPhone*> different;
  for (const auto& phone : comparison.phones)
    if (wrong(phone) + phone.tally.missing > 0) different.push_back(&phone);
  std::stable_sort(
      different.begin(), different.end(), [&](const ComparedPhone* a, const ComparedPhone* b) {
        return std::pair(wrong(*a), a->tally.missing) > std::pair(wrong(*b), b->tally.missing);
      });
  return different;
}

}  // namespace

std::string format_fleet_text(const Findings& findings) {
  const auto& courses = findings.courses;
  auto out =
      fmt::format("{}, {} passes, from {} to {} (UTC)\n", counted_phones(courses.phones.size()),
                  passes_in(courses), shown(courses.from), shown(courses.to));
  for (const auto& group : findings.inference.groups) {
    out += fmt::format("\nSettings of {}\n", counted_phones(group.courses.size()));
    add_settings(out, group);
    add_accounts(out, group.accounts);
  }
  if (!findings.inference.unfit.empty())
    out += fmt::format("\nWithout settings that would fit: {}\n",
                       listed_phones(findings.seen, courses, findings.inference.unfit));
  out += '\n';
  add_causes(out, findings, std::nullopt);
  if (!findings.contradictions.empty()) out += '\n';
  add_contradictions(out, findings);
  return out;
}

std::string format_phone_text(const Findings& findings, std::uint32_t course,
                              const Inferred& settings) {
  const auto& phone = findings.seen.phones[findings.courses.phones[course].phone];
  auto out = fmt::format("{}, {} passes (UTC)\n\nSettings\n", phone_text(phone),
                         findings.courses.phones[course].passes.size());
  add_settings(out, settings);
  out += "\nPasses\n";
  for (const auto& pass :
       tell_passes(findings.seen, findings.courses, course, settings, findings.zone))
    out +=
        fmt::format("  {}  {:<13}  {}  {}\n", shown(pass.at), pass.outcome, pass.path, pass.what);
  out += '\n';
  add_causes(out, findings, course);
  if (!findings.contradictions.empty()) out += '\n';
  add_contradictions(out, findings);
  return out;
}

std::string format_comparison_text(const Comparison& comparison, const evidence::Seen& seen,
                                   const Courses& courses) {
  constexpr std::size_t most_phones = 20;
  auto out = tally_text(comparison.total) + '\n';
  const auto different = different_first(comparison);
  for (std::size_t i = 0; i < std::min(most_phones, different.size()); ++i) {
    const auto& phone = *different[i];
    const auto who = phone.course ? phone_text(seen.phones[courses.phones[*phone.course].phone])
                                  : format_lower(*phone.mac);
    out +=
        fmt::format("  {}: {}\n", who,
                    phone.course ? tally_text(phone.tally)
                                 : fmt::format("not in the log, {} missing", phone.tally.missing));
  }
  if (different.size() > most_phones)
    out += fmt::format("  and {} more\n", different.size() - most_phones);
  out += fmt::format("{} as predicted in all\n\nHour (UTC)           observed  forecast\n",
                     counted_phones(comparison.phones.size() - different.size()));
  for (const auto& hour : comparison.hours)
    out += fmt::format("{}  {:>8}  {:>8}\n", shown(hour.from), hour.observed, hour.predicted);
  return out;
}

}  // namespace provphone::client::infer
