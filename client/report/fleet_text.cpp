#include "client/report/fleet_text.hpp"

#include "client/report/detail/markup.hpp"
#include "client/report/fleet_tables.hpp"
#include "client/report/table.hpp"
#include "client/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace provphone::client::report {
namespace {

std::string upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

std::string section(std::string_view heading, const Table& table) {
  if (table.size() < 2) return {};
  return fmt::format("\n{}\n\n{}", heading, format_table(table, Columns::figures));
}

std::string void_text(const figures::FleetResult& result) {
  std::string text;
  for (const auto& reason : result.void_reasons) {
    text += fmt::format("  {}: {}\n", reason.resource, reason.evidence);
    if (!reason.remedy.empty()) text += fmt::format("    to mend it: {}\n", reason.remedy);
  }
  return text;
}

std::string expectations_text(const figures::FleetResult& result) {
  std::string text = result.expectations.empty() ? "" : "\nexpectations\n\n";
  for (const auto& line : result.expectations) {
    const auto word =
        line.status == figures::ExpectationStatus::not_judged ? "not judged" : name(line.status);
    text += fmt::format("  {:<10}  {}{}\n", word, line.title,
                        line.detail.empty() ? "" : ": " + line.detail);
  }
  return text;
}

std::string incidents_text(const figures::FleetFigures& figures) {
  constexpr std::size_t most_shown = 10;
  if (figures.incident_count == 0) return {};
  auto text = fmt::format("\nphones that were given another phone's data: {}\n\n",
                          count_text(figures.incident_count));
  const auto shown = std::min(figures.incidents.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& incident = figures.incidents[i];
    text += fmt::format("  {} was given the {} of {} by {}\n", format_lower(incident.asked),
                        incident.datum, format_lower(incident.owner), incident.url);
  }
  if (figures.incident_count > shown)
    text += fmt::format("  and {} more\n", count_text(figures.incident_count - shown));
  return text;
}

std::string passes_text(const figures::FleetFigures& figures) {
  return fmt::format(
      "  passes    {} started, {} succeeded, {} failed, {} retried, {} gated, {} deferred\n"
      "  requests  {}, {} without an answer\n",
      count_text(figures.passes_started), count_text(figures.passes_succeeded),
      count_text(figures.passes_failed), count_text(figures.passes_retried),
      count_text(figures.passes_gated), count_text(figures.passes_deferred),
      count_text(figures.requests), count_text(figures.requests_failed));
}

// --- JUnit

std::string test_case(std::string_view title, const std::string& inside) {
  const auto head =
      fmt::format("    <testcase classname=\"provphone\" name=\"{}\"", escaped_markup(title));
  return inside.empty() ? head + "/>\n"
                        : fmt::format("{}>\n      {}\n    </testcase>\n", head, inside);
}

std::string trouble(std::string_view element, std::string_view type, std::string_view message,
                    std::string_view text) {
  return fmt::format("<{0} type=\"{1}\" message=\"{2}\">{3}</{0}>", element, type,
                     escaped_markup(message), escaped_markup(text));
}

std::string expectation_case(const figures::ExpectationLine& line) {
  switch (line.status) {
    case figures::ExpectationStatus::failed:
      return test_case(line.title, trouble("failure", "expectation", line.detail, line.detail));
    case figures::ExpectationStatus::not_judged:
      return test_case(line.title,
                       fmt::format("<skipped message=\"{}\"/>", escaped_markup(line.detail)));
    case figures::ExpectationStatus::passed:
      break;
  }
  return test_case(line.title, "");
}

struct Cases {
  std::string text;
  int all = 0, failures = 0, errors = 0, skipped = 0;

  void add(const std::string& test_case_text) {
    const auto has = [&](std::string_view element) {
      return test_case_text.find(element) != std::string::npos ? 1 : 0;
    };
    text += test_case_text;
    ++all;
    failures += has("<failure ");
    errors += has("<error ");
    skipped += has("<skipped ");
  }
};

}  // namespace

std::string format_text(const figures::FleetResult& result) {
  return fmt::format("{}  {}\n{}\n  {}: {}\n  {}.\n", upper(name(verdict_of(result))),
                     verdict_sentence(result), void_text(result), result.title,
                     origin_sentence(result), provisioning_sentence(result)) +
         passes_text(result.figures) + expectations_text(result) + incidents_text(result.figures) +
         section("failures", failure_table(result)) + section("groups", group_table(result)) +
         section("where the time went", latency_table(result)) +
         section("the generator", resource_table(result));
}

std::string format_comparison(const figures::FleetResult& before,
                              const figures::FleetResult& after) {
  auto text = fmt::format("A  {}: {}\nB  {}: {}\n\n", before.title, origin_sentence(before),
                          after.title, origin_sentence(after));
  if (before.scenario_hash != after.scenario_hash)
    text += "  These are two scenarios, so that more than the server may differ.\n\n";
  return text + format_table(comparison_table(before, after), Columns::figures);
}

std::string format_junit(const figures::FleetResult& result) {
  Cases cases;
  std::string reasons;
  for (const auto& reason : result.void_reasons)
    reasons += fmt::format("{}: {} {} ", reason.resource, reason.evidence, reason.remedy);
  cases.add(test_case(
      "the generator keeps its schedule",
      reasons.empty() ? "" : trouble("error", "void", verdict_sentence(result), reasons)));
  for (const auto& line : result.expectations) cases.add(expectation_case(line));
  cases.add(test_case("no phone is given another phone's data",
                      result.figures.incident_count == 0
                          ? ""
                          : trouble("failure", "foreign_identity",
                                    fmt::format("{} times", result.figures.incident_count),
                                    incidents_text(result.figures))));
  if (result.expectations.empty())
    cases.add(
        test_case("every pass succeeds",
                  result.figures.passes_failed == 0
                      ? ""
                      : trouble("failure", "pass",
                                fmt::format("{} of {} passes failed", result.figures.passes_failed,
                                            result.figures.passes_started),
                                section("failures", failure_table(result)))));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"{}\" "
      "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n{}  "
      "</testsuite>\n</testsuites>\n",
      escaped_markup(result.title), cases.all, cases.failures, cases.errors, cases.skipped,
      std::chrono::duration<double>(result.length).count(), cases.text);
}

}  // namespace provphone::client::report
