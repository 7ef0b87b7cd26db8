#include "client/report/outcomes.hpp"

#include "client/figures/verdict_text.hpp"
#include "client/report/detail/github.hpp"
#include "client/report/detail/markup.hpp"
#include "client/report/junit.hpp"
#include "client/report/outcome_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

using CaseStatus = OutcomeCase::Status;

// All cases are looked at from the beginning of the run to its end.
std::string length_of(const figures::Verdicts& verdicts) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(verdicts.length).count());
}

// --- JUnit

JunitCase::Status junit_status(CaseStatus status) {
  switch (status) {
    case CaseStatus::failed:
      return JunitCase::Status::failure;
    case CaseStatus::void_run:
      return JunitCase::Status::error;
    case CaseStatus::skipped:
      return JunitCase::Status::skipped;
    case CaseStatus::passed:
      break;
  }
  return JunitCase::Status::passed;
}

JunitCase junit_case(const figures::Verdicts& verdicts, const OutcomeCase& one) {
  JunitCase made;
  made.status = junit_status(one.status);
  made.classname = verdicts.title;
  made.name = one.name;
  made.time = length_of(verdicts);
  if (one.line > 0 && !verdicts.file.empty() && one.status != CaseStatus::passed)
    made.text = fmt::format("{}:{}\n", verdicts.file, one.line);
  made.type = one.type;
  made.message = one.message;
  for (const auto& line : one.details) made.text.append(line).append("\n");
  return made;
}

// --- TAP

// What a description may not hold as it is: `#` begins a directive.
std::string tap_text(std::string_view text) {
  constexpr Escape escapes[]{{'#', "\\#"}, {'\\', "\\\\"}, {'\n', " "}, {'\r', " "}, {'\t', " "}};
  return escaped(text, escapes);
}

std::string yaml_text(std::string_view text) {
  constexpr Escape escapes[]{
      {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
  return fmt::format("\"{}\"", escaped(text, escapes));
}

std::string tap_block(const OutcomeCase& one) {
  auto text = fmt::format("  ---\n  message: {}\n  severity: {}\n", yaml_text(one.message),
                          yaml_text(one.type));
  if (one.line > 0) text += fmt::format("  line: {}\n", one.line);
  if (!one.details.empty()) text += "  details:\n";
  for (const auto& line : one.details) text += fmt::format("    - {}\n", yaml_text(line));
  return text + "  ...\n";
}

// --- GitHub

// The page of a job shows a few lines of each; the rest is in the other outputs.
std::string annotation(const figures::Verdicts& verdicts, const OutcomeCase& one) {
  auto message = one.message;
  for (const auto& line : one.reasons) message.append("\n").append(line);
  const auto line = static_cast<std::size_t>(std::max(one.line, 0));
  return format({one.status == CaseStatus::skipped ? "warning" : "error", verdicts.file, line, 0,
                 one.name, message});
}

// What follows from the causes, on one line: the page of a job has room for few.
std::string consequences_of(const figures::Verdicts& verdicts, int& line) {
  constexpr std::size_t most = 3;
  std::vector<std::string> titles;
  std::size_t more = 0;
  for (const auto& result : verdicts.expectations) {
    if (result.status != figures::Judgement::failed || !is_consequence(result)) continue;
    if (line == 0) line = result.line;
    if (titles.size() < most) {
      titles.push_back(fmt::format("{} ({})", result.title, extent_of(result)));
    } else {
      ++more;
    }
  }
  if (titles.empty()) return {};
  return fmt::format("so that this failed: {}{}", fmt::join(titles, "; "),
                     more > 0 ? fmt::format("; and {} more", more) : "");
}

// One for each cause, with what follows from all of them behind the first.
OutcomeCase case_of_cause(const figures::Verdicts& verdicts, const figures::FailureGroup& group) {
  OutcomeCase one;
  one.status = CaseStatus::failed;
  one.name = text_of(group.cause);
  const auto lines = lines_of(group);
  one.message = lines.front();
  one.reasons.assign(lines.begin() + 1, lines.end());
  if (!(group.cause == grouped(verdicts.failures).front().cause)) return one;
  const auto consequences = consequences_of(verdicts, one.line);
  if (!consequences.empty()) one.reasons.push_back(consequences);
  return one;
}

// --- Markdown

// In a cell of a table, taken as it stands.
std::string cell(std::string_view text) {
  constexpr Escape escapes[]{{'|', "\\|"}, {'<', "&lt;"}, {'&', "&amp;"}, {'*', "\\*"},
                             {'_', "\\_"}, {'`', "\\`"},  {'\n', " "},    {'\\', "\\\\"},
                             {'[', "\\["}, {'\r', " "}};
  return escaped(text, escapes);
}

std::string_view summary_word(CaseStatus status) {
  switch (status) {
    case CaseStatus::passed:
      return "passed";
    case CaseStatus::failed:
      return "**failed**";
    case CaseStatus::skipped:
      return "not judged";
    case CaseStatus::void_run:
      break;
  }
  return "**void**";
}

}  // namespace

std::string format_junit(const figures::Verdicts& verdicts) {
  const auto time = length_of(verdicts);
  JunitSuite suite{verdicts.title, time, verdicts.properties, {}};
  suite.file = verdicts.file;
  for (const auto& one : cases_of(verdicts)) suite.cases.push_back(junit_case(verdicts, one));
  auto text = format_junit(JunitSuites{"provphone", time, {suite}});
  text.pop_back();
  return text;
}

std::string format_tap(const figures::Verdicts& verdicts) {
  const auto cases = cases_of(verdicts);
  auto text = fmt::format("TAP version 14\n1..{}", cases.size());
  std::size_t number = 0;
  for (const auto& one : cases) {
    const bool is_well = one.status == CaseStatus::passed || one.status == CaseStatus::skipped;
    text += fmt::format("\n{} {} - {}", is_well ? "ok" : "not ok", ++number, tap_text(one.name));
    // A test point that is skipped counts as ok, with the directive behind it.
    if (one.status == CaseStatus::skipped) text += fmt::format(" # SKIP {}", tap_text(one.message));
    if (is_well) continue;
    auto block = tap_block(one);
    block.pop_back();
    text.append("\n").append(block);
  }
  if (verdicts.verdict == figures::Verdict::void_run)
    text += fmt::format("\nBail out! the run is void: {}", tap_text(headline(verdicts)));
  return text;
}

std::string format_github(const figures::Verdicts& verdicts) {
  std::string text;
  for (const auto& group : grouped(verdicts.failures))
    text += annotation(verdicts, case_of_cause(verdicts, group));
  for (const auto& one : cases_of(verdicts)) {
    const bool is_told = one.is_told_by_causes && !verdicts.failures.empty();
    if (one.status != CaseStatus::passed && !is_told) text += annotation(verdicts, one);
  }
  return text;
}

std::string format_summary(const figures::Verdicts& verdicts) {
  auto text = fmt::format("## {}: {}\n\n{}; {}.\n\n", cell(verdicts.title), name(verdicts.verdict),
                          cell(headline(verdicts)), cell(extent_sentence(verdicts)));
  for (const auto& [property, value] : verdicts.properties)
    text += fmt::format("{} {} · ", cell(property), cell(value));
  if (!verdicts.properties.empty()) text.replace(text.rfind(" · "), std::string::npos, "\n\n");
  text += "| outcome | expectation | |\n|---|---|---|";
  std::string details;
  for (const auto& one : cases_of(verdicts)) {
    text += fmt::format("\n| {} | {} | {} |", summary_word(one.status), cell(one.name),
                        cell(one.message));
    // A cell of a table has one line; the rest is folded away below it.
    if (one.details.empty()) continue;
    std::string lines;
    for (const auto& line : one.details) lines += escaped_markup(line) + "\n";
    details += fmt::format("\n\n<details><summary>{}</summary>\n\n<pre>\n{}</pre>\n\n</details>",
                           escaped_markup(one.name), lines);
  }
  return text + details;
}

}  // namespace provphone::client::report
