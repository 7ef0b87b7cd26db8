#include "client/report/audit.hpp"
#include "client/report/detail/paragraph.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace provphone::client::report {
namespace {

// The checks that a text has explained by now: once is enough for the reader.
using Explained = std::set<std::string_view>;

std::string finding_text(const check::Judgement& judgement, const check::Observations& seen,
                         Explained& explained) {
  const auto& check = *judgement.check;
  auto text = fmt::format("  {}  {}\n", check.id, check.title);
  text += paragraph("    seen      ", judgement.outcome.evidence);
  const auto grounds = grounds_text(judgement, seen);
  if (!grounds.empty()) text += paragraph("    asked     ", grounds);
  if (!explained.insert(check.id).second) return text;
  text += paragraph("    a phone   ", check.phone);
  text += paragraph("    attacker  ", check.attacker);
  text += paragraph("    to mend   ", check.mend);
  return text;
}

std::string findings_text(const Report& report, check::Severity severity, Explained& explained) {
  std::string text;
  for (const auto& judgement : report.judgements) {
    if (judgement.is_finding() && judgement.severity() == severity)
      text += '\n' + finding_text(judgement, report.seen, explained);
  }
  return text.empty() ? text : fmt::format("\n{}\n{}", name(severity), text.substr(1));
}

std::string all_findings_text(const Report& report, Explained& explained) {
  std::string text;
  for (const auto severity : {check::Severity::high, check::Severity::medium, check::Severity::low,
                              check::Severity::info})
    text += findings_text(report, severity, explained);
  return text;
}

std::string content_text(const check::Observations& seen) {
  const auto file = check::file_content(seen);
  if (!file) return {};
  return fmt::format(
      "its file sets {} parameter{}; {} of them act in provphone, the others are stored\n",
      file->parameters, file->parameters == 1 ? "" : "s", file->acting);
}

// Why a place could not be asked for at all; empty where it was.
std::string_view not_asked_text(const check::Observations& seen) {
  if (seen.exchanges.empty()) return {};
  const auto& error = seen.exchanges.front().answer.error;
  return error && error->code == Errc::target_refused ? std::string_view(error->detail)
                                                      : std::string_view{};
}

// What was passed there, and not made, is for programs (format_json).
std::string followed_text(const Report& file, Explained& explained) {
  auto text =
      fmt::format("\n{} leads to {}\n{}", led_by(file.seen),
                  macro::hide_query_secrets(format(file.seen.url)), content_text(file.seen));
  const auto findings = all_findings_text(file, explained);
  if (!findings.empty()) return text + findings;
  const auto why = not_asked_text(file.seen);
  return text + (why.empty() ? "  no findings\n" : paragraph("  not asked: ", why));
}

std::string left_out_text(const Report& report) {
  if (report.left_out == 0) return {};
  return fmt::format("\n{} more place{} that files lead to {} not asked\n", report.left_out,
                     report.left_out == 1 ? "" : "s", report.left_out == 1 ? "was" : "were");
}

// By reason, in the order in which the reasons first appear.
std::string not_made_text(const Report& report) {
  std::vector<std::pair<std::string_view, std::string>> reasons;
  for (const auto& [check, outcome] : report.judgements) {
    if (outcome.state != check::State::not_made) continue;
    const auto known = std::find_if(
        reasons.begin(), reasons.end(),
        [&, &why = outcome.evidence](const auto& reason) { return reason.first == why; });
    if (known == reasons.end()) {
      reasons.emplace_back(outcome.evidence, check->id);
    } else {
      known->second.append(", ").append(check->id);
    }
  }
  std::string text;
  for (const auto& [why, ids] : reasons) text += paragraph("  ", ids) + paragraph("      ", why);
  return text.empty() ? text : "\nnot made\n" + text;
}

std::string passed_text(const Report& report) {
  std::vector<std::string_view> ids;
  for (const auto& [check, outcome] : report.judgements) {
    if (outcome.state == check::State::passed) ids.push_back(check->id);
  }
  if (ids.empty()) return {};
  return "\npassed\n" + paragraph("  ", fmt::format("{}", fmt::join(ids, ", ")));
}

std::string conclusion(const Report& report) {
  const auto counts = count_findings(report);
  std::vector<std::string> parts;
  std::size_t all = 0;
  // The worst first, as in the text above it.
  auto severities = every<check::Severity>;
  std::reverse(severities.begin(), severities.end());
  for (const auto severity : severities) {
    all += counts[severity];
    if (counts[severity] > 0)
      parts.push_back(fmt::format("{} {}", counts[severity], name(severity)));
  }
  if (all == 0) return "\nno findings\n";
  return fmt::format("\n{} finding{}: {}\n", all, all == 1 ? "" : "s", fmt::join(parts, ", "));
}

}  // namespace

EnumArray<check::Severity, std::size_t> count_findings(const Report& report) {
  EnumArray<check::Severity, std::size_t> counts;
  for (const auto& judgement : report.judgements) {
    if (judgement.is_finding()) ++counts[judgement.severity()];
  }
  for (const auto& file : report.followed) {
    const auto more = count_findings(file);
    for (const auto severity : every<check::Severity>) counts[severity] += more[severity];
  }
  return counts;
}

bool has_finding(const Report& report, check::Severity least) {
  const auto counts = count_findings(report);
  const auto severities = every<check::Severity>;
  return std::any_of(severities.begin(), severities.end(), [&](check::Severity severity) {
    return severity >= least && counts[severity] > 0;
  });
}

std::size_t count_requests(const Report& report) {
  auto count = report.seen.requests;
  for (const auto& file : report.followed) count += file.seen.requests;
  return count;
}

// Every file behind one that was cut short was not asked for at all, and behind all files it is
// tried how often one may ask.
std::string_view ended_by(const Report& report) {
  const auto& last = report.followed.empty() ? report.seen : report.followed.back().seen;
  if (last.ran_out()) return last.ended_by;
  const auto flood_ended_by = [](const check::Observations& seen) {
    return seen.rate ? seen.rate->ended_by : std::string_view{};
  };
  auto ended = flood_ended_by(report.seen);
  for (const auto& file : report.followed) {
    if (ended.empty()) ended = flood_ended_by(file.seen);
  }
  return ended;
}

std::string grounds_text(const check::Judgement& judgement, const check::Observations& seen) {
  const auto grounds = grounds_of(judgement, seen);
  if (!grounds) return {};
  auto text = in_words(grounds->asked);
  if (grounds->counter) return text + "; counter-probe: " + in_words(*grounds->counter);
  if (!grounds->counter_missing.empty())
    text += fmt::format("; counter-probe not tried, {}", grounds->counter_missing);
  return text;
}

std::string led_by(const check::Observations& seen) {
  return fmt::format("{}", fmt::join(seen.led_by, ", then "));
}

std::string format_text(const Report& report) {
  const auto& seen = report.seen;
  const auto requests = count_requests(report);
  auto text = fmt::format(
      "{}\nasked as {} ({}), {} request{}{}\n{}", macro::hide_query_secrets(format(seen.url)),
      seen.mac, name(seen.personality.generation), requests, requests == 1 ? "" : "s",
      ended_by(report).empty() ? ""
                               : fmt::format(", and no more: {} ended the audit", ended_by(report)),
      content_text(seen));
  Explained explained;
  text += all_findings_text(report, explained);
  for (const auto& file : report.followed) text += followed_text(file, explained);
  return text + left_out_text(report) + not_made_text(report) + passed_text(report) +
         conclusion(report);
}

}  // namespace provphone::client::report
