#pragma once

#include "client/figures/verdicts.hpp"

#include <string>

// A run's outcome as CI systems read it. Each is a function of the verdicts alone; none ends with a
// line end, except annotations, of which each has a line of its own.
namespace provphone::client::report {

// JUnit XML as Jenkins' and GitLab's readers take it: a suite with a case for each expectation and
// one for the passes. A void run is an error.
std::string format_junit(const figures::Verdicts& verdicts);

// TAP 14: a test point for each expectation and one for the passes; failures in YAML blocks.
std::string format_tap(const figures::Verdicts& verdicts);

// `::error file=...,line=...,title=...::message` for each failed expectation; empty where all is
// well.
std::string format_github(const figures::Verdicts& verdicts);

// Markdown for the page of a job.
std::string format_summary(const figures::Verdicts& verdicts);

}  // namespace provphone::client::report
