#include "client/figures/version.hpp"
#include "client/report/detail/markup.hpp"
#include "client/report/junit.hpp"
#include "client/report/lint.hpp"
#include "client/report/sarif.hpp"
#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::report {
namespace {

using lint::Finding;
using lint::Severity;
using LintJson = nlohmann::ordered_json;

std::string lint_json(const LintJson& json) {
  return json.dump(2, ' ', false, LintJson::error_handler_t::replace) + '\n';
}

std::string told_of(const Finding& finding) {
  return fmt::format("{}{}{}", finding.parameter, finding.parameter.empty() ? "" : ": ",
                     finding.text);
}

// A name as SARIF has places: a URL as it is, of a path what a URI may hold.
std::string uri_of(std::string_view name) {
  if (name.find("://") != std::string_view::npos) return std::string(name);
  std::string uri;
  for (const char c : name) {
    const bool is_plain =
        ascii::is_alnum(c) || std::string_view("-._~/").find(c) != std::string::npos;
    uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

LintJson finding_member(const Finding& finding) {
  const auto& row = row_of(finding.kind);
  LintJson member{{"id", row.id}, {"severity", name(finding.severity)}, {"title", row.title}};
  if (!finding.parameter.empty()) member["parameter"] = finding.parameter;
  if (finding.position) {
    member["line"] = finding.position->line;
    member["column"] = finding.position->column;
  }
  member["text"] = finding.text;
  member["mend"] = row.mend;
  return member;
}

JunitCase finding_case(const LintedFile& file, const Finding& finding, Severity least) {
  const auto& row = row_of(finding.kind);
  JunitCase made;
  made.classname = "provphone.lint";
  made.name =
      fmt::format("{}{}{}", row.id, finding.parameter.empty() ? "" : " ", finding.parameter);
  if (finding.position) made.name += fmt::format(" (line {})", finding.position->line);
  const auto at = finding.position ? fmt::format("{}:{}:{}", file.name, finding.position->line,
                                                 finding.position->column)
                                   : file.name;
  if (finding.severity >= least) {
    made.status = JunitCase::Status::failure;
    made.type = name(finding.severity);
    made.message = row.title;
    made.text = fmt::format("{}: {}\nTo mend: {}", at, told_of(finding), row.mend);
  } else {
    // Below the limit: passed, and yet to be read.
    made.system_out = fmt::format("{}: {}: {}", at, name(finding.severity), told_of(finding));
  }
  return made;
}

}  // namespace

std::string format_json(std::span<const LintedFile> files) {
  LintJson json;
  json["files"] = LintJson::array();
  EnumArray<Severity, std::size_t> counts;
  for (const auto& file : files) {
    LintJson member{{"file", file.name}, {"findings", LintJson::array()}};
    if (file.linted.content) {
      const auto& changes = file.linted.content->changes;
      member["parameters"] = changes.size();
      member["acting"] = profile::count_acting(changes);
    }
    for (const auto& finding : file.linted.findings) {
      member["findings"].push_back(finding_member(finding));
      ++counts[finding.severity];
    }
    json["files"].push_back(std::move(member));
  }
  for (const auto severity : every<Severity>)
    json["counts"][std::string(name(severity))] = counts[severity];
  json["version"] = figures::version;
  return lint_json(json);
}

std::string format_sarif(std::span<const LintedFile> files) {
  std::vector<SarifRule> rules;
  for (const auto kind : every<lint::Kind>) {
    const auto& row = row_of(kind);
    rules.push_back(
        {row.id, row.title, row.title, fmt::format("To mend: {}", row.mend), row.severity});
  }
  std::vector<SarifResult> results;
  for (const auto& file : files) {
    for (const auto& finding : file.linted.findings) {
      SarifResult result{
          static_cast<std::size_t>(finding.kind), finding.severity,
          fmt::format("{}. To mend: {}", told_of(finding), row_of(finding.kind).mend),
          uri_of(file.name)};
      if (finding.position) {
        result.line = finding.position->line;
        result.column = finding.position->column;
      }
      results.push_back(std::move(result));
    }
  }
  return format_sarif("provphone lint", rules, results);
}

std::string format_junit(std::span<const LintedFile> files, Severity least) {
  JunitSuites suites;
  for (const auto& file : files) {
    JunitSuite suite;
    suite.name = fmt::format("provphone lint {}", file.name);
    for (const auto& finding : file.linted.findings)
      suite.cases.push_back(finding_case(file, finding, least));
    // A suite without a case is an error to some readers.
    if (suite.cases.empty()) {
      JunitCase made;
      made.classname = "provphone.lint";
      made.name = "no findings";
      suite.cases.push_back(std::move(made));
    }
    suites.suites.push_back(std::move(suite));
  }
  return format_junit(suites);
}

std::string format_json(const lint::Comparison& comparison) {
  LintJson json;
  json["changed"] = json["kept"] = LintJson::array();
  for (const auto& changed : comparison.changed) {
    json["changed"].push_back({{"parameter", profile::parameter(changed.id).name},
                               {"before", changed.before},
                               {"after", changed.after},
                               {"rule", changed.is_rule},
                               {"restarts", changed.restarts}});
  }
  for (const auto id : comparison.kept) json["kept"].push_back(profile::parameter(id).name);
  json["version"] = figures::version;
  return lint_json(json);
}

}  // namespace provphone::client::report
