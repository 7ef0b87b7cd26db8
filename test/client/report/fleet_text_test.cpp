#include "client/report/fleet_text.hpp"

#include "client/report/detail/page_figures.hpp"
#include "client/report/fleet_page.hpp"
#include "client/report/fleet_tables.hpp"
#include "test/client/figures/evidence.hpp"
#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <regex>

namespace fleet_text_test {

using namespace provphone;
using namespace provphone::client::figures;
using namespace provphone::client::report;
using test::evidence_that;
using test::sample_run;
using Json = nlohmann::ordered_json;

namespace {

// 14 phones, two of which fail.
FleetResult small() {
  return sample_run(14);
}

FleetResult void_run() {
  auto result = small();
  result.outcome.failures.clear();
  result.outcome.void_reasons = {{"open files", "1 024 of 1 024 were open", "ulimit -n 65536"}};
  return result;
}

FleetResult with_events() {
  using namespace std::chrono_literals;
  auto result = small();
  result.events = {{{0s, 10min, "power_on", 14},
                    {2min, 0s, "power_off", 3},
                    {9min + 30s, 0s, "power_on", 3},
                    {11min, 0s, "power_on", 3}},
                   12};
  return result;
}

std::string text_of(const FleetResult& result) {
  return format_text(result, judge(result));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a report begins with the verdict and its reason") {
  auto result = small();
  CHECK_THAT(text_of(result),
             Catch::StartsWith("FAIL  1 of 14 phones was not provisioned: file_not_found by "
                               "http://127.0.0.1:80, and 1 cause more\n"));
  result.outcome.failures.clear();
  result.outcome.evidence = {evidence_that("a", Judgement::passed),
                             evidence_that("b", Judgement::not_judged)};
  CHECK_THAT(text_of(result), Catch::StartsWith("PASS  no expectation failed, 1 of 2 could not"));
  CHECK_THAT(text_of(result), Catch::Contains("  not judged  b: there was no chance\n"));
  result.outcome.evidence.push_back(evidence_that("c", Judgement::failed));
  CHECK_THAT(text_of(result), Catch::Contains("  failed      c: 1 of 3 phones; 000e08001001 "
                                              "expected a, got b\n"));
  CHECK_THAT(
      text_of(void_run()),
      Catch::StartsWith("VOID  the generator could not keep its own schedule (open files)") &&
          Catch::Contains("  open files: 1 024 of 1 024 were open\n    to mend it: ulimit"));
  CHECK_THAT(text_of(sample_run(0)), Catch::StartsWith("FAIL  no phone was provisioned"));
  CHECK_THAT(text_of(sample_run(1)), Catch::StartsWith("PASS  nothing failed\n"));
}

TEST_CASE("a report says how a run ended, and which phones it did not get to") {
  auto result = small();
  result.outcome.end = RunEnd::sigterm;
  result.outcome.extent.powered = 13;
  result.outcome.extent.under_way = 2;
  CHECK_THAT(
      provisioning_sentence(result),
      Catch::EndsWith("; 13 had power; 2 were in their first pass at the end; ended by SIGTERM"));
}

TEST_CASE("a report says how many phones were provisioned, and how fast") {
  CHECK_THAT(provisioning_sentence(small()),
             Catch::StartsWith("12 of 14 phones were provisioned (86 %), half of them within 30."));
  CHECK_THAT(provisioning_sentence(small()), !Catch::Contains("99 % within"));
  CHECK_THAT(provisioning_sentence(sample_run(3)), Catch::Contains("99 % within 30."));
  CHECK(provisioned_within(small().figures, 12.0 / 14));
  CHECK_FALSE(provisioned_within(small().figures, 13.0 / 14));
  CHECK_FALSE(provisioned_within(FleetFigures{}, 0.5));
}

TEST_CASE("a report says which shards it is of") {
  auto result = small();
  CHECK_THAT(origin_sentence(result), Catch::EndsWith("seed 7"));
  result.shards = {{1, 3}, {3, 3}};
  CHECK_THAT(origin_sentence(result), Catch::EndsWith("shards 1, 3 of 3: the others are missing"));
  result.shards = {{1, 2}, {2, 2}};
  CHECK_THAT(origin_sentence(result), Catch::EndsWith("all 2 shards"));
}

TEST_CASE("a report says when the run was paused") {
  using namespace std::chrono_literals;
  auto result = small();
  CHECK(pauses_sentence(result).empty());
  result.pauses = {{12s, 5min}};
  CHECK(pauses_sentence(result) ==
        "the run was paused at 12.0s for 5m 00s, which its times leave out");
  result.pauses.push_back({15s, 1min});
  CHECK_THAT(text_of(result),
             Catch::Contains("  the run was paused 2 times, 6m 00s in all, which its times leave "
                             "out: at 12.0s for 5m 00s, at 15.0s for 1m 00s.\n"));
  CHECK_THAT(format_html(result, judge(result)),
             Catch::Contains("<p class=\"quiet pauses\">The run was paused"));
  CHECK_THAT(format_html(result, judge(result)),
             Catch::Contains("\"pauses\":[{\"at_s\":12.0,\"length\":\"5m "
                             "00s\"}"));
  result.pauses.assign(12, {1s, 1s});
  CHECK_THAT(pauses_sentence(result), Catch::EndsWith("at 1.0s for 1.0s, ..."));
}

TEST_CASE("a report counts answers that phones took for a failure apart from those missing") {
  CHECK_THAT(text_of(small()), Catch::Contains("  requests  14, 0 without an answer, 2 refused"));
}

TEST_CASE("a report lists failures by stage and code, and every group") {
  const auto failures = failure_table(small());
  REQUIRE(failures.size() == 3);
  CHECK(failures[1] == std::vector<std::string>{"transfer: file_not_found", "1", "0", "1"});
  CHECK(failures[2] == std::vector<std::string>{"transfer: service_unavailable", "1", "0", "1"});
  const auto groups = group_table(small());
  REQUIRE(groups.size() == 3);
  CHECK(groups[1][0] == "site-a");
  CHECK(groups[1][2] == "6 (86 %)");
  CHECK(latency_table(sample_run(0), Ending::succeeded).size() == 1);
  for (const auto& table : {failures, groups, latency_table(small(), Ending::failed),
                            event_table(with_events()), resource_table(small())}) {
    for (const auto& row : table) CHECK(row.size() == table.front().size());
  }
}

TEST_CASE("a report tells times of what succeeded and of what failed apart, stage by stage") {
  const auto text = text_of(small());
  CHECK_THAT(text,
             Catch::Contains("\nwhere the time went, of retrievals that succeeded\n\n  stage "));
  CHECK_THAT(text, Catch::Contains("\nwhere the time went, of retrievals that failed\n"));
  CHECK_THAT(text, Catch::Contains("retrievals    p50    p90    p99  p99.9    max\n"));
  CHECK_THAT(text, Catch::Contains("\n  resolve             12 ") &&
                       Catch::Contains("\n  resolve              2 "));
  CHECK_THAT(text_of(sample_run(3)), !Catch::Contains("of retrievals that failed"));
}

TEST_CASE("a report lists what the scenario had happen, and says how much more there was") {
  using Cells = std::vector<std::string>;
  const auto table = event_table(with_events());
  REQUIRE(table.size() == 6);
  CHECK(table[1] == Cells{"power_on", "0s", "10m 00s", "14"});
  CHECK(table[2] == Cells{"power_off", "2m 00s", "at once", "3"});
  CHECK(table[5] == Cells{"and 12 more", "", "", ""});
  CHECK_THAT(text_of(with_events()), Catch::Contains("\nevents\n\n  event "));
  CHECK_THAT(text_of(small()), !Catch::Contains("\nevents\n"));
}

TEST_CASE("charts mark events by lines, but a power-on that its bar shows") {
  using namespace std::chrono_literals;
  auto result = with_events();
  const auto bar = page_figures({&result})["runs"][0]["power_on"];
  const auto end = std::chrono::seconds(bar[1].get<int>());
  result.events.listed = {{0s, 10min, "power_on", 14},
                          {2min, 0s, "power_off", 3},
                          {end, 0s, "power_on", 2},
                          {end + 1s, 0s, "power_on", 3}};
  const auto json = page_figures({&result})["runs"][0]["events"];
  REQUIRE(json.size() == 2);
  CHECK(json[0] == Json({{"at_s", 120.0}, {"over_s", 0.0}, {"words", "power_off"}}));
  CHECK(json[1]["words"] == "power_on");
  CHECK(json[1]["at_s"] == bar[1].get<double>() + 1);
}

TEST_CASE("a chart of failures over time has a line for six codes and one for all others") {
  auto result = small();
  result.figures.pass_errors = {};
  auto& failed = result.figures.series.at(resync::Time(std::chrono::seconds(1))).pass_errors;
  failed = {};
  std::uint32_t times = 20;
  for (const auto code : {Errc::service_unavailable, Errc::file_not_found, Errc::connect_timeout,
                          Errc::connection_refused, Errc::forbidden, Errc::transfer_timeout,
                          Errc::unauthorized, Errc::name_not_resolved}) {
    failed[code] = --times;
    result.figures.pass_errors[code] = times;
  }
  const auto json = page_figures({&result});
  const auto& lines = json["failures_over_time"];
  REQUIRE(lines.size() == 7);
  CHECK(lines[0] == "service_unavailable");
  CHECK(lines[5] == "transfer_timeout");
  CHECK(lines[6] == "other");
  const auto& run = json["runs"][0];
  CHECK(run["failed_by_service_unavailable"][1] == 19);
  CHECK(run["failed_by_other"][1] == 13 + 12);
  CHECK(run["passes_failed"][1] == 19 + 18 + 17 + 16 + 15 + 14 + 13 + 12);
  CHECK(json["failures"].size() == 8);  // each has a bar
  // Six have a line each, and nothing is left.
  for (const auto code : {Errc::unauthorized, Errc::name_not_resolved})
    result.figures.pass_errors[code] = failed[code] = 0;
  CHECK(page_figures({&result})["failures_over_time"].size() == 6);
}

TEST_CASE("a page of two runs shows what a void one measured in grey, and nothing else") {
  const auto greys = [](const FleetResult& before, const FleetResult& after) {
    const auto html = format_html_comparison(before, after);
    const auto row = [&](const std::string& label) {
      const auto begin = html.find("<tr><td>" + label + "</td>");
      REQUIRE(begin != std::string::npos);
      const auto text = html.substr(begin, html.find("</tr>", begin) - begin);
      std::string found;
      for (auto at = text.find("<td", 5); at != std::string::npos; at = text.find("<td", at + 1))
        found += text.compare(at, 9, "<td class") == 0 ? 'g' : '.';
      return found;
    };
    return row("verdict") + " " + row("passes failed") + " " + row("response p99");
  };
  CHECK(greys(small(), small()) == ".... .... ....");
  CHECK(greys(small(), void_run()) == ".... .ggg .ggg");
  CHECK(greys(void_run(), small()) == ".... g.gg g.gg");
  // What failed for good stands whatever took the times their word.
  auto late = small();
  late.outcome.void_reasons = {{"processor", "busy", ""}};
  CHECK(judge(late).verdict == Verdict::fail);
  CHECK(greys(small(), late) == ".... .... .ggg");
}

TEST_CASE("times that read the same are no difference") {
  const auto difference = [](std::int64_t before_us, std::int64_t after_us) {
    auto before = small(), after = small();
    before.figures.span(Ending::succeeded, Span::connect) = {};
    after.figures.span(Ending::succeeded, Span::connect) = {};
    before.figures.span(Ending::succeeded, Span::connect).add(before_us);
    after.figures.span(Ending::succeeded, Span::connect).add(after_us);
    for (const auto& row : compared_rows(before, after)) {
      if (row.cells[0] == "connect p99") return row.cells[3] + "|" + row.cells[4];
    }
    return std::string();
  };
  CHECK(difference(230, 230) == "=|");
  CHECK(difference(210, 230) == "=|");
  CHECK(difference(140, 180) == "+0.04ms|x 1.29");
  CHECK(difference(3'000'000, 3'001'000) == "=|");
  CHECK(difference(1'000, 3'000'400) == "+3.0s|x 3 000");
  CHECK(difference(2'000, 1'000) == "-1.0ms|x 0.5");
}

TEST_CASE("of two runs a report says what differs and by how much") {
  auto after = sample_run(14);
  after.figures.passes_failed = 4;
  after.figures.passes_retried = 0;
  after.figures.span(Ending::succeeded, Span::response) = {};
  const auto rows = compared_rows(small(), after);
  const auto row = [&](const std::string& label) {
    for (const auto& [of, cells] : rows) {
      if (cells[0] == label) return std::vector(cells.begin() + 1, cells.end());
    }
    return std::vector<std::string>{};
  };
  using Cells = std::vector<std::string>;
  CHECK(row("phones") == Cells{"14", "14", "=", ""});
  CHECK(row("passes failed") == Cells{"2", "4", "+2", "x 2"});
  CHECK(row("passes retried") == Cells{"2", "0", "-2", "x 0"});
  CHECK(row("99 % provisioned within") == Cells{"never", "never", "", ""});
  CHECK(row("response p50")[1] == "-");
  CHECK_THAT(format_comparison(small(), after),
             Catch::StartsWith(
                 "B had no answer; more passes failed (25 %, 14.3 % before)\n\nA  morning.yaml") &&
                 Catch::Contains("\nB  morning.yaml"));
  CHECK_THAT(comparison_sentence(sample_run(1500), sample_run(2000, 500)),
             Catch::EndsWith("as many passes failed (14.3 %, 14.3 % before)"));
  after.scenario_hash = "other";
  CHECK_THAT(format_comparison(small(), after), Catch::Contains("two scenarios"));
}

TEST_CASE("texts of a result cannot become markup or script of the page") {
  auto result = small();
  const std::string evil = "</script><script>alert(1)</script><!--\"'";
  result.title = evil;
  result.version = evil;
  result.figures.groups[0].name = evil;
  result.outcome.void_reasons = {{evil, evil, evil}};
  auto evidence = evidence_that(evil, Judgement::failed);
  evidence.witnesses[0].failure = {std::nullopt, evil, evil, {evil}, evil};
  result.outcome.evidence = {evidence};
  result.figures.incidents = {{MacAddress{1}, MacAddress{2}, evil, evil}};
  result.figures.incident_count = 1;
  for (const auto& html :
       {format_html(result, judge(result)), format_html_comparison(result, result)}) {
    CHECK(count_of(html, "<script") == 3);
    CHECK(count_of(html, "</script>") == 3);
    CHECK(html.find("<!--") == std::string::npos);
    CHECK(html.find("alert(1)</script>") == std::string::npos);
  }
}

TEST_CASE("a page refers to nothing outside itself") {
  const auto html = format_html(void_run(), judge(void_run()));
  for (const char* reference : {" src=", " href=", "@import", "url("}) {
    INFO(reference);
    CHECK(html.substr(0, html.find("<script id=\"figures\"")).find(reference) == std::string::npos);
  }
  CHECK_THAT(html, Catch::Contains("default-src 'none'"));
}

TEST_CASE("a page says in words why a run is void") {
  CHECK_THAT(format_html(void_run(), judge(void_run())),
             Catch::Contains("<b>open files</b>: 1 024 of 1 024 were open") &&
                 Catch::Contains("<code>ulimit -n 65536</code>") && Catch::Contains(">VOID<"));
}

}  // namespace fleet_text_test
