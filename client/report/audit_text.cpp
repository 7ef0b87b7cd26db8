#include "client/report/audit.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

// Not the terminal's: the same text goes to files and to logs.
constexpr std::size_t columns = 100;

// `label` and the text behind it, whose further lines begin below its first.
std::string paragraph(std::string_view label, std::string_view text) {
  std::string out(label);
  std::size_t used = label.size();
  bool at_start = true;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (!at_start && used + 1 + word.size() > columns) {
      out.append("\n").append(label.size(), ' ');
      used = label.size();
      at_start = true;
    }
    out.append(at_start ? "" : " ").append(word);
    used += word.size() + (at_start ? 0 : 1);
    at_start = false;
  }
  return out + '\n';
}

std::string finding_text(const check::Judgement& judgement) {
  const auto& check = *judgement.check;
  auto text = fmt::format("  {}  {}\n", check.id, check.title);
  text += paragraph("    seen      ", judgement.outcome.evidence);
  text += paragraph("    a phone   ", check.phone);
  text += paragraph("    attacker  ", check.attacker);
  text += paragraph("    to mend   ", check.mend);
  return text;
}

std::string findings_text(const Report& report, check::Severity severity) {
  std::string text;
  for (const auto& judgement : report.judgements) {
    if (judgement.is_finding() && judgement.severity() == severity)
      text += '\n' + finding_text(judgement);
  }
  return text.empty() ? text : fmt::format("\n{}\n{}", name(severity), text.substr(1));
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
  const auto counts = count_findings(report.judgements);
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

EnumArray<check::Severity, std::size_t> count_findings(
    std::span<const check::Judgement> judgements) {
  EnumArray<check::Severity, std::size_t> counts;
  for (const auto& judgement : judgements) {
    if (judgement.is_finding()) ++counts[judgement.severity()];
  }
  return counts;
}

bool has_finding(std::span<const check::Judgement> judgements, check::Severity least) {
  return std::any_of(judgements.begin(), judgements.end(), [&](const check::Judgement& judgement) {
    return judgement.is_finding() && judgement.severity() >= least;
  });
}

std::string format_text(const Report& report) {
  const auto& seen = report.seen;
  auto text = fmt::format(
      "{}\nasked as {} ({}), {} request{}{}\n", macro::hide_query_secrets(format(seen.url)),
      seen.mac, name(seen.personality.generation), seen.requests, seen.requests == 1 ? "" : "s",
      seen.ran_out ? ", and no more: --requests or somebody ended the audit" : "");
  if (const auto file = check::file_content(seen)) {
    text += fmt::format(
        "its file sets {} parameter{}; {} of them act in provphone, the others are stored\n",
        file->parameters, file->parameters == 1 ? "" : "s", file->acting);
  }
  for (const auto severity : {check::Severity::high, check::Severity::medium, check::Severity::low,
                              check::Severity::info})
    text += findings_text(report, severity);
  return text + not_made_text(report) + passed_text(report) + conclusion(report);
}

}  // namespace provphone::client::report
