#pragma once

#include "client/lint/compare.hpp"
#include "client/lint/lint.hpp"

#include <span>
#include <string>

// Findings in profiles, for people and for the programs that read such things. Nothing is judged
// here but what counts as a failure.
namespace provphone::client::report {

struct LintedFile {
  std::string name;  // as it was given, or where it was fetched; no secret in it
  lint::Linted linted;
};

bool has_finding(std::span<const LintedFile> files, lint::Severity least);

// FILE:LINE:COLUMN: severity: NAME text [ID], and for what is more than a remark the line with a
// caret under the place, but for lines that hold a secret. How to mend each kind stands behind all
// findings, once.
std::string format_text(std::span<const LintedFile> files);
std::string format_json(std::span<const LintedFile> files);
std::string format_sarif(std::span<const LintedFile> files);  // SARIF 2.1.0
// A suite a file, a case a finding; a failure from `least` on.
std::string format_junit(std::span<const LintedFile> files, lint::Severity least);
// Annotations of GitHub's workflows, a line a finding.
std::string format_github(std::span<const LintedFile> files);

// What a newer file changes on a phone that has had an older one.
std::string format_text(const lint::Comparison& comparison);
std::string format_json(const lint::Comparison& comparison);

}  // namespace provphone::client::report
