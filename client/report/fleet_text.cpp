#include "client/report/fleet_text.hpp"

#include "client/figures/verdict_text.hpp"
#include "client/report/fleet_tables.hpp"
#include "client/report/table.hpp"
#include "client/report/tested_facts.hpp"
#include "client/report/words.hpp"
#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

// A heading alone.
std::string text_section(std::string_view heading, const Table& table) {
  if (table.size() < 2) return {};
  return fmt::format("\n{}\n\n{}", heading, format_table(table, Columns::figures));
}

std::string void_text(const figures::Verdicts& verdicts) {
  std::string text;
  for (const auto& reason : verdicts.void_reasons) {
    text += fmt::format("  {}: {}\n", reason.resource, reason.evidence);
    if (!reason.remedy.empty()) text += fmt::format("    to mend it: {}\n", reason.remedy);
  }
  if (!text.empty()) text += fmt::format("  {}\n", void_scope(verdicts));
  return text;
}

std::string pauses_text(const figures::FleetResult& result) {
  const auto sentence = pauses_sentence(result);
  return sentence.empty() ? sentence : fmt::format("  {}.\n", sentence);
}

std::string tested_text(const figures::FleetResult& result) {
  const auto sentence = tested_sentence(result.tested);
  return sentence.empty() ? sentence : fmt::format("  {}\n", sentence);
}

std::string expectations_text(const figures::Verdicts& verdicts) {
  std::string text;
  for (const auto& result : verdicts.expectations) {
    if (result.is_implied && result.status != figures::Judgement::failed) continue;
    const auto found = found_text(result);
    text += fmt::format("  {:<10}  {}{}\n", status_word(result.status), result.title,
                        found.empty() ? "" : ": " + found);
  }
  return text.empty() ? text : "\nexpectations\n\n" + text;
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

std::string latencies_text(const figures::FleetResult& result) {
  std::string text;
  for (const auto ending : every<figures::Ending>)
    text += text_section(latency_heading(ending), latency_table(result, ending));
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

}  // namespace

std::string format_text(const figures::FleetResult& result, const figures::Verdicts& verdicts) {
  return fmt::format("{}  {}\n{}\n  {}: {}\n{}  {}.\n", ascii::uppered(name(verdicts.verdict)),
                     headline(verdicts), void_text(verdicts), result.title, origin_sentence(result),
                     tested_text(result), provisioning_sentence(result)) +
         pauses_text(result) + passes_text(result.figures) + expectations_text(verdicts) +
         incidents_text(result.figures) + text_section("failures", failure_table(result)) +
         text_section("groups", group_table(result)) + text_section("events", event_table(result)) +
         latencies_text(result) + text_section("the generator", resource_table(result));
}

std::string format_comparison(const figures::FleetResult& before, const figures::FleetResult& after,
                              const std::vector<figures::Crossed>& thresholds) {
  auto text = comparison_sentence(before, after) + "\n";
  for (const auto& held : thresholds) text += "  " + threshold_sentence(held) + "\n";
  text += fmt::format("\nA  {}: {}\nB  {}: {}\n\n", before.title, origin_sentence(before),
                      after.title, origin_sentence(after));
  // Said first and compared all the same: a changed scenario may be what somebody wants to see.
  if (before.scenario_hash != after.scenario_hash)
    text += "  These are two scenarios, so that more than the server may differ.\n\n";
  Table table{comparison_heads()};
  for (auto& row : compared_rows(before, after)) table.push_back(std::move(row.cells));
  return text + format_table(table, Columns::figures);
}

}  // namespace provphone::client::report
