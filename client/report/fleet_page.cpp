#include "client/report/fleet_page.hpp"

#include "client/figures/verdict_text.hpp"
#include "client/report/detail/markup.hpp"
#include "client/report/detail/page_figures.hpp"
#include "client/report/fleet_tables.hpp"
#include "client/report/tested_facts.hpp"
#include "client/report/words.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace provphone::client::report {

// Made from files at build time.
extern const std::string_view page_css;
extern const std::string_view marks_js;
extern const std::string_view charts_js;
extern const std::string_view chart_library_js;

namespace {

using Json = nlohmann::ordered_json;
using Runs = PageRuns;

// --- pieces of the page

// Keys scroll what can be focused.
constexpr std::string_view scroll = "<div class=\"scroll\" tabindex=\"0\">";

std::string table_html(const Table& table) {
  auto html = std::string(scroll) + "<table class=\"figures\">\n";
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto* const element = i == 0 ? "th" : "td";
    html += "<tr>";
    for (const auto& cell : table[i])
      html += fmt::format("<{0}>{1}</{0}>", element, escaped_markup(cell));
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string html_section(std::string_view heading, std::string_view content) {
  return fmt::format("<h2>{}</h2>\n{}", heading, content);
}

std::string table_section(std::string_view heading, const Table& table) {
  return table.size() < 2 ? std::string() : html_section(heading, table_html(table));
}

std::string capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

// Void runs' times are shown in grey.
std::string latencies_html(const figures::FleetResult& result) {
  std::string html;
  for (const auto ending : every<figures::Ending>)
    html += table_section(capitalised(latency_heading(ending)), latency_table(result, ending));
  return html.empty() ? html : "<div class=\"of-time\">\n" + html + "</div>\n";
}

std::string void_html(const figures::Verdicts& verdicts) {
  if (verdicts.void_reasons.empty()) return {};
  std::string html = "<ul class=\"reasons\">\n";
  for (const auto& reason : verdicts.void_reasons) {
    html += fmt::format("<li><b>{}</b>: {}", escaped_markup(reason.resource),
                        escaped_markup(reason.evidence));
    if (!reason.remedy.empty())
      html += fmt::format("<br><span class=\"quiet\">To mend it:</span> <code>{}</code>",
                          escaped_markup(reason.remedy));
    html += "</li>\n";
  }
  return html +
         fmt::format("</ul>\n<p class=\"quiet\">{}.</p>\n", escaped_markup(void_scope(verdicts)));
}

std::string verdict_html(const figures::FleetResult& result, const figures::Verdicts& verdicts) {
  auto word = std::string(name(verdicts.verdict));
  // The stylesheet has the verdicts as they are called; people read capitals.
  const auto css_class = word;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return fmt::format(
      "<div class=\"verdict {}\"><strong>{}</strong><div><p>{}.</p><p>{}.</p></div></div>\n",
      css_class, word, escaped_markup(capitalised(headline(verdicts))),
      escaped_markup(provisioning_sentence(result)));
}

std::string lines_html(const std::vector<std::string>& lines) {
  std::string html;
  for (const auto& line : lines) html += (html.empty() ? "" : "<br>") + escaped_markup(line);
  return html;
}

std::string tested_html(const figures::Tested& tested) {
  std::string list;
  for (const auto& [term, values] : tested_facts(tested)) {
    list += fmt::format("<dt>{}</dt>", term);
    for (const auto& value : values) list += fmt::format("<dd>{}</dd>", escaped_markup(value));
    list += '\n';
  }
  if (list.empty()) return {};
  return html_section("What was tested", "<dl class=\"tested\">\n" + list + "</dl>\n");
}

// What is the same of both says nothing of why they differ.
std::string tested_apart_html(const figures::Tested& before, const figures::Tested& after) {
  std::string rows;
  for (const auto& [term, in_before, in_after] : facts_apart(before, after))
    rows +=
        fmt::format("<tr><td>{}</td><td class=\"wrap\">{}</td><td class=\"wrap\">{}</td></tr>\n",
                    term, lines_html(in_before), lines_html(in_after));
  if (rows.empty()) return {};
  return html_section(
      "What was tested, where they differ",
      fmt::format("{}<table>\n<tr><th></th><th>A</th><th>B</th></tr>\n{}</table></div>\n", scroll,
                  rows));
}

std::string pauses_html(const figures::FleetResult& result) {
  const auto sentence = pauses_sentence(result);
  if (sentence.empty()) return {};
  return fmt::format("<p class=\"quiet pauses\">{}.</p>\n", escaped_markup(capitalised(sentence)));
}

std::string tile(std::string_view label, const std::string& value, std::string_view tone = "") {
  return fmt::format(
      "<div class=\"tile\"><b class=\"{}\">{}</b><span class=\"quiet small\">{}</span></div>\n",
      tone, escaped_markup(value), label);
}

std::string tiles_html(const figures::FleetResult& result) {
  const auto& figures = result.figures;
  const auto& response = figures.span(figures::Ending::succeeded, figures::Span::response);
  const auto quantile = [](const figures::Histogram& histogram, double q) {
    return histogram.count() == 0 ? std::string("-") : duration_text(histogram.quantile(q));
  };
  const auto is_late = figures.lag_us.quantile(0.999) > result.lag_limit_us;
  return "<div class=\"tiles\">\n" +
         tile("phones provisioned", share_text(converged(figures), result.phones)) +
         tile("passes", count_text(figures.passes_started)) +
         tile("passes failed", count_text(figures.passes_failed),
              figures.passes_failed > 0 ? "bad" : "") +
         tile("response p50", quantile(response, 0.5), "of-time") +
         tile("response p99", quantile(response, 0.99), "of-time") +
         tile("lag p99.9", quantile(figures.lag_us, 0.999), is_late ? "bad" : "") + "</div>\n";
}

std::string expectations_html(const figures::Verdicts& verdicts) {
  std::string rows;
  for (const auto& result : verdicts.expectations) {
    if (result.is_implied && result.status != figures::Judgement::failed) continue;
    rows += fmt::format(
        "<tr><td class=\"{}\">{}</td><td class=\"wrap\">{}</td><td class=\"wrap\">{}</td></tr>\n",
        name(result.status), status_word(result.status), escaped_markup(result.title),
        escaped_markup(found_text(result)));
  }
  if (rows.empty()) return {};
  return html_section("Expectations",
                      fmt::format("{}<table>\n<tr><th>status</th><th>"
                                  "expectation</th><th>found</th></tr>\n{}</table></div>\n",
                                  scroll, rows));
}

// Each cause with its groups, its first phone and what to do about it.
std::string causes_html(const figures::Verdicts& verdicts) {
  std::string items;
  for (const auto& group : figures::grouped(verdicts.failures)) {
    items += "<li>";
    for (const auto& line : lines_of(group))
      items += fmt::format("<p>{}</p>", escaped_markup(line));
    items += "</li>\n";
  }
  if (items.empty()) return {};
  return html_section("What failed", "<ol class=\"causes\">\n" + items + "</ol>\n");
}

// The script fills in where they lead to: to what is in the page already.
std::string downloads_html(const Runs& runs) {
  std::string links;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto of = runs.size() == 1 ? std::string() : fmt::format(" of {}", "AB"[i]);
    links += fmt::format(
        "<a class=\"save\" data-run=\"{0}\" data-as=\"csv\">figures over time{1} (CSV)</a> "
        "<a class=\"save\" data-run=\"{0}\" data-as=\"json\">result{1} (JSON)</a>\n",
        i, of);
  }
  return html_section("To keep", "<p class=\"saves\">\n" + links + "</p>\n");
}

std::string incidents_html(const figures::FleetFigures& figures) {
  if (figures.incident_count == 0) return {};
  std::string rows;
  for (const auto& incident : figures.incidents)
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"wrap\">{}</td></tr>\n",
                        format_lower(incident.asked), format_lower(incident.owner),
                        escaped_markup(incident.datum), escaped_markup(incident.url));
  // Only the first are listed (figures::most_incidents), all are counted.
  const auto more = figures.incident_count -
                    std::min<std::uint64_t>(figures.incident_count, figures.incidents.size());
  return html_section(
      "Another phone's data",
      fmt::format("{}<table>\n<tr><th>phone that asked</th><th>phone whose data "
                  "came</th><th>datum</th><th>from</th></tr>\n{}</table></div>\n{}",
                  scroll, rows,
                  more > 0
                      ? fmt::format("<p class=\"quiet more\">and {} more</p>\n", count_text(more))
                      : ""));
}

std::string chart_card(std::string_view id, std::string_view heading) {
  return fmt::format(
      "<div class=\"card\"><h3>{1}</h3><div class=\"plot\"><canvas id=\"{0}\" role=\"img\" "
      "aria-label=\"{1}\"></canvas></div></div>\n",
      id, heading);
}

// Nothing to show is no card, but a line below the others.
std::string failures_html(const Runs& runs) {
  if (charted_codes(runs).empty()) return {};
  return chart_card("failures", "Passes failed, by code") +
         (tell_when_passes_failed(runs)
              ? chart_card("failures_over_time", "Passes failed, over time")
              : std::string());
}

std::string_view failures_remark(const Runs& runs) {
  if (charted_codes(runs).empty()) return "<p class=\"quiet\">No pass failed.</p>\n";
  if (tell_when_passes_failed(runs)) return {};
  return "<p class=\"quiet\">When passes failed is not in this result: an earlier version wrote "
         "it.</p>\n";
}

std::string charts_html(const Runs& runs) {
  return html_section("Over the time of the run",
                      "<div class=\"charts\">\n" + chart_card("outcomes", "Retrievals a second") +
                          chart_card("in_flight", "Retrievals in flight, at most") +
                          chart_card("response", "Response time, from due to done") +
                          chart_card("distribution", "Retrievals done within") +
                          chart_card("provisioned", "Phones provisioned") + failures_html(runs) +
                          chart_card("lag", "Lag of the generator") + "</div>\n" +
                          std::string(failures_remark(runs)));
}

// Within a script, `<` may begin its end.
std::string script_json(const Json& json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace))
    c == '<' ? text += "\\u003c" : text += c;
  return text;
}

// What a void run has measured is grey, and so is what was made of it.
std::string compared_html(const figures::FleetResult& before, const figures::FleetResult& after) {
  using Of = ComparedRow::Of;
  const auto weights = std::array{weight_of(judge(before)), weight_of(judge(after))};
  std::string rows = "<tr>";
  for (const auto& head : comparison_heads()) rows += fmt::format("<th>{}</th>", head);
  rows += "</tr>\n";
  for (const auto& [of, cells] : compared_rows(before, after)) {
    const auto is_grey = [of_what = of](Weight weight) {
      return of_what != Of::verdicts && (weight == Weight::says_nothing ||
                                         (weight == Weight::says_no_times && of_what == Of::times));
    };
    const bool a = is_grey(weights[0]), b = is_grey(weights[1]);
    const std::array greys{false, a, b, a || b, a || b};
    rows += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      rows +=
          fmt::format("<td{}>{}</td>", greys[i] ? " class=\"grey\"" : "", escaped_markup(cells[i]));
    rows += "</tr>\n";
  }
  return html_section("Figures",
                      fmt::format("{}<table class=\"figures\">\n{}</table></div>\n", scroll, rows));
}

std::string page(const std::string& title, const std::string& body, const Runs& runs) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      // Nothing is ever loaded, whatever a result's texts may say.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n"
      "<script id=\"figures\" type=\"application/json\">{}</script>\n"
      "<script>\n{}\n</script>\n<script>\n{}{}</script>\n</body>\n</html>\n",
      escaped_markup(title), page_css, body, script_json(page_figures(runs)), chart_library_js,
      marks_js, charts_js);
}

std::string footer(const figures::FleetResult& result) {
  return fmt::format(
      "<footer class=\"quiet small\">provphone {}, scenario {}, decisions {:016x}, {} workers. "
      "Rates "
      "are averages over {}.</footer>\n",
      escaped_markup(result.version), escaped_markup(result.scenario_hash),
      result.figures.decisions, result.workers, duration_text(result.figures.series.width()));
}

}  // namespace

std::string format_html(const figures::FleetResult& result, const figures::Verdicts& verdicts) {
  auto body = fmt::format("<h1>{}</h1>\n<p class=\"quiet\">{}</p>\n", escaped_markup(result.title),
                          escaped_markup(origin_sentence(result)));
  body += verdict_html(result, verdicts) + void_html(verdicts) + pauses_html(result) +
          tested_html(result.tested);
  // Facts stand whatever took the times their word.
  body += causes_html(verdicts);
  body += fmt::format("<div class=\"{}\">\n", name(weight_of(verdicts)));
  body += tiles_html(result);
  body += expectations_html(verdicts) + incidents_html(result.figures) + charts_html({&result});
  body += table_section("Events", event_table(result)) +
          table_section("Groups", group_table(result)) +
          table_section("Failures", failure_table(result)) + latencies_html(result) +
          table_section("The generator", resource_table(result)) + "</div>\n" +
          downloads_html({&result}) + footer(result);
  return page(fmt::format("{}: {}", name(verdicts.verdict), result.title), body, {&result});
}

std::string format_html_comparison(const figures::FleetResult& before,
                                   const figures::FleetResult& after,
                                   const std::vector<figures::Crossed>& thresholds) {
  std::string body = "<h1>Two runs side by side</h1>\n";
  body += fmt::format("<p><strong>{}</strong></p>\n",
                      escaped_markup(capitalised(comparison_sentence(before, after))));
  for (const auto& held : thresholds)
    body += fmt::format("<p>{}</p>\n", escaped_markup(threshold_sentence(held)));
  for (const auto* run : {&before, &after}) {
    const auto letter = run == &before ? 'a' : 'b';
    body += fmt::format(
        "<p class=\"run\"><span class=\"mark {}\"></span><b>{}</b> {} <span "
        "class=\"quiet\">{}</span></p>\n",
        letter, static_cast<char>(std::toupper(letter)), escaped_markup(run->title),
        escaped_markup(origin_sentence(*run)));
    const auto verdicts = judge(*run);
    body += verdict_html(*run, verdicts) + void_html(verdicts) + pauses_html(*run);
  }
  body += tested_apart_html(before.tested, after.tested) + compared_html(before, after);
  body += charts_html({&before, &after}) + downloads_html({&before, &after}) + footer(after);
  return page(fmt::format("{} and {}", before.title, after.title), body, {&before, &after});
}

}  // namespace provphone::client::report
