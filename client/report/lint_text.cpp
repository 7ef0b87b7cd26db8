#include "client/lint/rule_text.hpp"
#include "client/report/detail/github.hpp"
#include "client/report/detail/markup.hpp"
#include "client/report/detail/paragraph.hpp"
#include "client/report/lint.hpp"
#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"
#include "profile/catalogue.hpp"
#include "resync/explain_facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace provphone::client::report {
namespace {

using lint::Finding;
using lint::Severity;

std::string_view line_at(std::string_view text, std::size_t line) {
  for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// Whether a line may be shown: no element of a secret parameter begins or ends in it, and nothing
// that speaks of one. It is a log that it is shown in.
bool holds_secret(std::string_view line) {
  if (macro::hide_named_secrets(line) != line || resync::without_secrets(line) != line ||
      lint::shows_login(line))
    return true;
  for (auto at = line.find('<'); at != std::string_view::npos; at = line.find('<', at + 1)) {
    const auto from = at + (line.substr(at + 1).starts_with('/') ? 2 : 1);
    const auto end = line.find_first_of(" \t/>\r", from);
    if (from < line.size() && resync::is_secret_parameter(line.substr(from, end - from)))
      return true;
  }
  return false;
}

// A line without any tag may be the middle of a value.
bool may_be_shown(std::string_view line) {
  return line.find('<') != std::string_view::npos && !holds_secret(line);
}

std::string place_of(const LintedFile& file, const Finding& finding) {
  auto name = as_clean_text(file.name);
  if (!finding.position) return name;
  return fmt::format("{}:{}:{}", name, finding.position->line, finding.position->column);
}

std::string sentence_of(const Finding& finding) {
  const auto colon = finding.parameter.empty() ? "" : ": ";
  return as_clean_text(fmt::format("{}{}{}", finding.parameter, colon, finding.text));
}

std::string lint_line(const LintedFile& file, const Finding& finding) {
  auto text = fmt::format("{}: {}: {} [{}]\n", place_of(file, finding), name(finding.severity),
                          sentence_of(finding), row_of(finding.kind).id);
  if (!finding.position || finding.severity == Severity::info) return text;
  if (may_be_shown(line_at(file.linted.text, finding.position->line)))
    text += profile::excerpt(file.linted.text, *finding.position);
  return text;
}

// Once a kind, in the order of the table.
std::string mending_of(std::span<const LintedFile> files) {
  EnumArray<lint::Kind, bool> found;
  for (const auto& file : files) {
    for (const auto& finding : file.linted.findings)
      found[finding.kind] |= finding.severity > Severity::info;
  }
  std::string text;
  for (const auto kind : every<lint::Kind>) {
    const auto& row = row_of(kind);
    if (found[kind]) text += fmt::format("  {}: {}. {}\n", row.id, row.title, row.mend);
  }
  return text.empty() ? text : "\nto mend\n" + text;
}

std::string conclusion_of(std::span<const LintedFile> files) {
  EnumArray<Severity, std::size_t> counts;
  std::size_t all = 0;
  for (const auto& file : files) {
    for (const auto& finding : file.linted.findings) ++counts[finding.severity];
    all += file.linted.findings.size();
  }
  std::vector<std::string> parts;
  for (const auto severity : {Severity::high, Severity::medium, Severity::low, Severity::info}) {
    if (counts[severity] > 0)
      parts.push_back(fmt::format("{} {}", counts[severity], name(severity)));
  }
  if (files.empty()) return {};
  const auto where = fmt::format("{} file{}", files.size(), files.size() == 1 ? "" : "s");
  if (all == 0) return fmt::format("no findings in {}\n", where);
  return fmt::format("\n{} finding{} in {}: {}\n", all, all == 1 ? "" : "s", where,
                     fmt::join(parts, ", "));
}

std::string_view github_level(Severity severity) {
  if (severity == Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "notice";
}

// A value between two others on a line of text.
std::string shown_value(std::string_view value) {
  return value.empty() ? std::string("(empty)") : as_clean_text(value);
}

}  // namespace

bool has_finding(std::span<const LintedFile> files, Severity least) {
  return std::any_of(files.begin(), files.end(), [&](const LintedFile& file) {
    return lint::worst_of(file.linted.findings) >= least;
  });
}

std::string format_text(std::span<const LintedFile> files) {
  std::string text;
  for (const auto& file : files) {
    for (const auto& finding : file.linted.findings) text += lint_line(file, finding);
  }
  return text + mending_of(files) + conclusion_of(files);
}

std::string format_github(std::span<const LintedFile> files) {
  std::string text;
  for (const auto& file : files) {
    for (const auto& finding : file.linted.findings) {
      const auto at = finding.position.value_or(profile::Position{0, 0});
      text += format(Annotation{github_level(finding.severity), file.name, at.line, at.column,
                                row_of(finding.kind).id, sentence_of(finding)});
    }
  }
  return text;
}

std::string format_text(const lint::Comparison& comparison) {
  std::string text;
  for (const auto& changed : comparison.changed) {
    text += fmt::format("{}: {} -> {}{}{}\n", profile::parameter(changed.id).name,
                        shown_value(changed.before), shown_value(changed.after),
                        changed.is_rule ? "  [rule]" : "", changed.restarts ? "  [restarts]" : "");
  }
  const auto restarts = std::any_of(comparison.changed.begin(), comparison.changed.end(),
                                    [](const lint::Changed& changed) { return changed.restarts; });
  if (!comparison.kept.empty()) {
    std::vector<std::string_view> names;
    for (const auto id : comparison.kept) names.push_back(profile::parameter(id).name);
    text += paragraph("kept, since the newer file does not set them: ",
                      fmt::format("{}", fmt::join(names, ", ")));
  }
  return text + fmt::format("{} changed, {} kept{}\n", comparison.changed.size(),
                            comparison.kept.size(), restarts ? "; the phone restarts" : "");
}

}  // namespace provphone::client::report
