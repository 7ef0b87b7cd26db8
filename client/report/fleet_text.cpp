#include "client/report/fleet_text.hpp"

#include "client/report/fleet_tables.hpp"
#include "client/report/junit.hpp"
#include "client/report/table.hpp"
#include "client/report/words.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

// A heading alone.
std::string text_section(std::string_view heading, const Table& table) {
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

std::string pauses_text(const figures::FleetResult& result) {
  const auto sentence = pauses_sentence(result);
  return sentence.empty() ? sentence : fmt::format("  {}.\n", sentence);
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
      "  requests  {}, {} without an answer, {} refused\n",
      count_text(figures.passes_started), count_text(figures.passes_succeeded),
      count_text(figures.passes_failed), count_text(figures.passes_retried),
      count_text(figures.passes_gated), count_text(figures.passes_deferred),
      count_text(figures.requests), count_text(figures.requests_failed),
      count_text(figures.requests_refused));
}

// --- JUnit

using JunitStatus = JunitCase::Status;

JunitCase test_case(std::string_view title) {
  JunitCase made;
  made.classname = "provphone";
  made.name = title;
  return made;
}

JunitCase schedule_case(const figures::FleetResult& result) {
  auto made = test_case("the generator keeps its schedule");
  if (result.void_reasons.empty()) return made;
  made.status = JunitStatus::error;
  made.type = "void";
  made.message = verdict_sentence(result);
  for (const auto& reason : result.void_reasons)
    made.text += fmt::format("{}: {} {} ", reason.resource, reason.evidence, reason.remedy);
  return made;
}

JunitCase expectation_case(const figures::ExpectationLine& line) {
  auto made = test_case(line.title);
  if (line.status == figures::ExpectationStatus::passed) return made;
  const bool failed = line.status == figures::ExpectationStatus::failed;
  made.status = failed ? JunitStatus::failure : JunitStatus::skipped;
  made.type = "expectation";
  made.message = made.text = line.detail;
  return made;
}

JunitCase identity_case(const figures::FleetFigures& figures) {
  auto made = test_case("no phone is given another phone's data");
  if (figures.incident_count == 0) return made;
  made.status = JunitStatus::failure;
  made.type = "foreign_identity";
  made.message = fmt::format("{} times", figures.incident_count);
  made.text = incidents_text(figures);
  return made;
}

JunitCase pass_case(const figures::FleetResult& result) {
  auto made = test_case("every pass succeeds");
  if (result.figures.passes_failed == 0) return made;
  made.status = JunitStatus::failure;
  made.type = "pass";
  made.message = fmt::format("{} of {} passes failed", result.figures.passes_failed,
                             result.figures.passes_started);
  made.text = text_section("failures", failure_table(result));
  return made;
}

}  // namespace

std::string format_text(const figures::FleetResult& result) {
  return fmt::format("{}  {}\n{}\n  {}: {}\n  {}.\n", ascii::uppered(name(verdict_of(result))),
                     verdict_sentence(result), void_text(result), result.title,
                     origin_sentence(result), provisioning_sentence(result)) +
         pauses_text(result) + passes_text(result.figures) + expectations_text(result) +
         incidents_text(result.figures) + text_section("failures", failure_table(result)) +
         text_section("groups", group_table(result)) +
         text_section("where the time went", latency_table(result)) +
         text_section("the generator", resource_table(result));
}

std::string format_comparison(const figures::FleetResult& before,
                              const figures::FleetResult& after) {
  auto text = fmt::format("A  {}: {}\nB  {}: {}\n\n", before.title, origin_sentence(before),
                          after.title, origin_sentence(after));
  // Said first and compared all the same: a changed scenario may be what somebody wants to see.
  if (before.scenario_hash != after.scenario_hash)
    text += "  These are two scenarios, so that more than the server may differ.\n\n";
  return text + format_table(comparison_table(before, after), Columns::figures);
}

std::string format_junit(const figures::FleetResult& result) {
  JunitSuite suite{result.title, {}, {}, {schedule_case(result)}};
  suite.time = fmt::format("{:.3f}", std::chrono::duration<double>(result.length).count());
  for (const auto& line : result.expectations) suite.cases.push_back(expectation_case(line));
  // There in every result, so that its history at a CI server has no gaps.
  suite.cases.push_back(identity_case(result.figures));
  // Expectations say which failures are in order; without any, none is.
  if (result.expectations.empty()) suite.cases.push_back(pass_case(result));
  return format_junit(JunitSuites{{}, {}, {suite}});
}

}  // namespace provphone::client::report
