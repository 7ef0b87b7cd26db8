#include "client/figures/fleet_result.hpp"
#include "client/report/fleet_page.hpp"
#include "test/client/figures/evidence.hpp"
#include "test/client/report/sample_run.hpp"
#include "test/e2e/browser.hpp"
#include "test/e2e/phone.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

// `provphone report` as a person uses it, and its page as a browser shows it.
namespace provphone::e2e::report_test {
namespace {

using namespace client::figures;
using namespace client::report;

// Long words among them: a page is as wide as its window all the same.
Tested tested_from(const std::string& host) {
  const std::string set = "phones.site-a.set.Profile_Rule=http://";
  return {{"http://" + host + ".example.net:8080"},
          {"http"},
          {"CP-8841-3PCC", "CP-7841-3PCC"},
          {set + host + ".example.net:8080/" + std::string(80, 'x') + "/$MA.xml"},
          {"provphone fleet morning.yaml --json " + std::string(120, 'y')},
          {{host, 8}},
          {"0.9.0 (0123abcd)"}};
}

std::string save(Workspace& workspace, const char* name, const FleetResult& result) {
  return workspace.write(name, format_json(result)).string();
}

FleetResult shard(unsigned number, std::uint32_t first, std::uint32_t count) {
  auto result = test::sample_run(count, first);
  result.shards = {{number, 2}};
  return result;
}

TEST_CASE("report sums up a run and ends as its verdict says") {
  Workspace workspace;
  auto result = test::sample_run(3);
  const auto passed = provphone(workspace, {"report", save(workspace, "pass.json", result)});
  CHECK(passed.exit_code == 0);
  CHECK(passed.out.starts_with("PASS  nothing failed\n"));
  CHECK(passed.err.empty());
  const auto failed =
      provphone(workspace, {"report", save(workspace, "fail.json", test::sample_run(70))});
  CHECK(failed.exit_code == 1);
  CHECK(failed.out.starts_with("FAIL  "));
  CHECK(failed.out.find(" of 70 phones were not provisioned: ") != std::string::npos);
  result.outcome.void_reasons = {{"processor", "busy", "use two machines"}};
  CHECK(provphone(workspace, {"report", save(workspace, "void.json", result)}).exit_code == 3);
}

TEST_CASE("report merges shards into the result of one run") {
  Workspace workspace;
  const auto merged =
      provphone(workspace, {"report", save(workspace, "2.json", shard(2, 40, 60)),
                            save(workspace, "1.json", shard(1, 0, 40)), "--json", "-"});
  CHECK(merged.exit_code == 1);
  const auto json = Json::parse(merged.out);
  const auto whole = Json::parse(format_json(test::sample_run(100)));
  for (const char* member : {"phones", "passes", "errors", "latency_us", "trace_hash", "series",
                             "groups", "histograms"}) {
    INFO(member);
    CHECK(json[member] == whole[member]);
  }
  const auto again = provphone(workspace, {"report", workspace.write("all.json", merged.out)});
  CHECK(again.out.find("all 2 shards") != std::string::npos);
}

TEST_CASE("report refuses results that do not belong together, and files that are none") {
  Workspace workspace;
  const auto one = save(workspace, "1.json", shard(1, 0, 5));
  auto other = shard(2, 5, 5);
  other.scenario_hash = "another";
  struct Row {
    Flags flags;
    const char* complaint;
  };
  const Row rows[] = {
      {{one, save(workspace, "other.json", other)}, "results of two scenarios"},
      {{one, one}, "is there twice"},
      {{one, "--compare"}, "--compare takes two results, here are 1"},
      {{one, one, "--compare", "--junit", "x.xml"}, "--compare merges and judges nothing"},
      {{workspace.path("missing.json").string()}, "missing.json: cannot be read"},
      {{workspace.write("text", "hello").string()}, "this is no JSON: fault at octet 1"},
      {{workspace.write("run.json", "{\"verdict\": \"pass\"}").string()}, "this has no series"},
  };
  for (const auto& row : rows) {
    const auto refused = provphone(workspace, with({"report"}, row.flags));
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK(refused.out.empty());
    CHECK(refused.err.find(row.complaint) != std::string::npos);
    CHECK(lines_of(refused.err).size() == 1);
  }
}

TEST_CASE("report puts two runs side by side") {
  Workspace workspace;
  auto first = test::sample_run(70);
  auto second = test::sample_run(140);
  first.tested = tested_from("old");
  second.tested = tested_from("new");
  const auto before = save(workspace, "before.json", first);
  const auto after = save(workspace, "after.json", second);
  const auto compared = provphone(
      workspace, {"report", before, after, "--compare", "--html", workspace.path("both.html")});
  CHECK(compared.exit_code == 0);
  CHECK(compared.out.find("+70") != std::string::npos);
  CHECK(compared.out.find("x 2") != std::string::npos);
  const auto page = read_file(workspace.path("both.html"));
  CHECK(page.find("Two runs side by side") != std::string::npos);
  CHECK(page.find(
            "http://old.example.net:8080</td><td class=\"wrap\">http://new.example.net:8080<") !=
        std::string::npos);
}

TEST_CASE("report writes JUnit XML that parses") {
  Workspace workspace;
  auto result = test::sample_run(70);
  result.outcome.failures.clear();
  auto evidence = test::evidence_that("a & b < \"c\"", Judgement::failed);
  evidence.witnesses[0].failure = {std::nullopt, "<2>", "\x01 <1>", {}, ""};
  result.outcome.evidence = {evidence};
  provphone(workspace,
            {"report", save(workspace, "run.json", result), "--junit", workspace.path("run.xml")});
  workspace.run({"xmllint", "--noout", "run.xml"});
  CHECK(workspace.run({"xmllint", "--xpath", "string(//failure/@message)", "run.xml"}) ==
        "1 of 3 phones: expected <2>, got   <1>\n");
}

// --- the page in a browser

// Notes what goes wrong while the page is loaded, and looks at it afterwards.
constexpr auto* probe = R"(<script>
const faults = [];
addEventListener('error', event => faults.push(event.message));
addEventListener('securitypolicyviolation', event => faults.push('wants ' + event.blockedURI));
for (const level of ['error', 'warn']) console[level] = (...words) => faults.push(words.join(' '));
const kept = [];
window.Blob = class extends Blob {
  constructor(parts, ...rest) { super(parts, ...rest); kept.push(parts.join('').split('\n')[0]); }
};
// What is written above the plots of charts, and where: words over each other are looked for.
const written = new Map();
const fill_text = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function(text, x, y, ...rest) {
  const width = this.measureText(text).width;
  const {b: turned, e: right_by, f: down_by} = this.getTransform();
  const left = right_by + x - width * ({right: 1, end: 1, center: 0.5}[this.textAlign] || 0);
  if (!written.has(this.canvas.id)) written.set(this.canvas.id, []);
  written.get(this.canvas.id).push({text: String(text), left, right: left + width, y: y + down_by, turned, baseline: this.textBaseline});
  return fill_text.call(this, text, x, y, ...rest);
};
const clear_rect = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function(x, y, width, ...rest) {
  // All is drawn anew.
  if (x === 0 && y === 0) written.delete(this.canvas.id);
  return clear_rect.call(this, x, y, width, ...rest);
};
const words_over_words = () => [...written].flatMap(([id, texts]) => texts.flatMap((a, i) => texts.slice(i + 1)
  .filter(b => a.baseline === b.baseline && !a.turned && !b.turned && Math.abs(a.y - b.y) < 10 && a.left < b.right && b.left < a.right)
  .map(b => `${id}: ${a.text} / ${b.text}`)));
const drawn = canvas => {
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] > 200) colours.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
  return colours.size > 2;
};
const overlapping = () => {
  const boxes = [...document.querySelectorAll('h1, h2, .verdict, .tile, .card, .scroll')].map(e => e.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes.some((a, i) => boxes.slice(i + 1).some(b => meet(a, b)));
};
const beyond = () => [...document.querySelectorAll('main *')]
  .filter(e => !e.parentElement.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.tagName + '.' + e.className);
addEventListener('load', () => {
  const canvases = [...document.querySelectorAll('canvas')];
  const figures = JSON.parse(document.getElementById('figures').textContent);
  document.body.dataset.probe = JSON.stringify({
    codes: figures.failures_over_time, limits: figures.runs[0].limits.map(l => `${l.quantile} ${l.ms}${l.is_of_some ? ' of some' : ''}`),
    faults, kept, saves: document.querySelectorAll('a[download][href^="blob:"]').length, beyond: beyond(), canvases: canvases.length, empty: canvases.filter(c => !drawn(c)).map(c => c.id),
    words: Object.fromEntries([...written].map(([id, texts]) => [id, texts.map(each => each.text)])),
    words_over_words: words_over_words(), overlapping: overlapping(), too_wide: document.documentElement.scrollWidth > innerWidth,
    verdicts: [...document.querySelectorAll('.verdict strong')].map(e => e.textContent),
    requests: performance.getEntriesByType('resource').length}).replaceAll('"', "'");
});
</script>)";

// A person's window, and the page in it.
struct Window {
  Workspace workspace;
  Browser browser{workspace};
};

Json look_at(Window& window, const std::string& html, int width, const char* name) {
  auto probed = html;
  probed.insert(probed.find("<title>"), probe);
  const auto page = window.workspace.write(fmt::format("{}.html", name), probed);
  window.browser.resize(width, 2600);
  const auto dom = window.browser.open("file://" + page.string());
  const std::string mark = "data-probe=\"";
  const auto begin = dom.find(mark);
  REQUIRE(begin != std::string::npos);
  auto seen =
      dom.substr(begin + mark.size(), dom.find('"', begin + mark.size()) - begin - mark.size());
  std::replace(seen.begin(), seen.end(), '\'', '"');
  std::filesystem::create_directories(PROVPHONE_SCREENSHOTS);
  const auto picture = std::filesystem::path(PROVPHONE_SCREENSHOTS) / fmt::format("{}.png", name);
  std::filesystem::remove(picture);
  window.browser.picture(picture);
  CHECK(std::filesystem::file_size(picture) > 10'000);
  return Json::parse(seen);
}

void check_sound(const Json& seen, int canvases) {
  INFO(seen.dump(2));
  CHECK(seen["faults"].empty());
  CHECK(seen["canvases"] == canvases);
  CHECK(seen["empty"].empty());
  CHECK(seen["overlapping"] == false);
  CHECK(seen["too_wide"] == false);
  CHECK(seen["beyond"].empty());
  CHECK(seen["saves"] == seen["kept"].size());
  CHECK(seen["requests"] == 0);
}

TEST_CASE("a browser shows the page of a run with every chart drawn, wide and narrow") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto result = test::sample_run(2000);
  result.tested = tested_from("load");
  result.outcome.evidence = {
      test::evidence_that("99 % of phones are provisioned within 15m", Judgement::failed)};
  // One for all phones, one for a part of them; the same limit twice is one line, and a limit of
  // another stage none.
  for (const auto* const stage : {"fetch", "fetch", "tls"}) {
    auto& limit = result.outcome.evidence.emplace_back();
    limit.title = "latency";
    limit.criterion.kind = Criterion::Kind::quantiles;
    limit.criterion.limits_us = {30'000, std::nullopt, std::nullopt};
    limit.stage = stage;
    limit.phones = limit.chances = 2000;
  }
  auto& of_some = result.outcome.evidence.emplace_back(result.outcome.evidence.back());
  of_some.criterion.limits_us = {std::nullopt, std::nullopt, 2'000'000};
  of_some.stage = "fetch";
  of_some.phones = 1000;
  const auto html = format_html(result, judge(result));
  const auto wide = look_at(window, html, 1280, "report-1280");
  check_sound(wide, 8);
  // What charts say is drawn on a canvas: what they were drawn from is looked at.
  CHECK(wide["codes"] == Json::array({"service_unavailable", "file_not_found", "connect_timeout"}));
  CHECK(wide["limits"] == Json::array({"p50 30", "p99 2000 of some"}));
  CHECK(wide["verdicts"] == Json::array({"FAIL"}));
  REQUIRE(wide["kept"].size() == 2);
  CHECK(wide["kept"][0].get<std::string>().starts_with("at_s,started_per_s,"));
  CHECK(wide["kept"][1] == "{");
  check_sound(look_at(window, html, 800, "report-800"), 8);
  window.browser.prefer("dark");
  check_sound(look_at(window, html, 390, "report-390-dark"), 8);
}

TEST_CASE(
    "a browser shows in grey the times that a late generator took, and what failed as it is") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto result = test::sample_run(2000);
  result.outcome.void_reasons = {{"processor", "busy for 97 % of the time", "use two machines"}};
  const auto html = format_html(result, judge(result));
  CHECK(html.find("<ol class=\"causes\">") < html.find("<div class=\"says-no-times\">"));
  window.browser.prefer("dark");
  check_sound(look_at(window, html, 1280, "void-1280-dark"), 8);
}

// Adds failed passes of more codes than a chart has lines for.
void fail_in_many_ways(FleetResult& result) {
  std::uint32_t times = 30;
  for (const auto code : {Errc::tls_untrusted, Errc::name_not_resolved, Errc::connection_refused,
                          Errc::forbidden, Errc::transfer_timeout, Errc::xml_malformed}) {
    const auto at = resync::Time(std::chrono::seconds(10 * times));
    result.figures.series.at(at).pass_errors[code] += times;
    result.figures.pass_errors[code] += times;
    result.figures.passes_failed += times--;
  }
}

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines_of(csv)) {
    std::istringstream in(line + ',');
    auto& row = rows.emplace_back();
    for (std::string cell; std::getline(in, cell, ',');) row.push_back(cell);
  }
  return rows;
}

TEST_CASE("the links of a page save its figures over time and its result") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto result = test::sample_run(2000);
  fail_in_many_ways(result);
  const auto seen = look_at(window, format_html(result, judge(result)), 1280, "many-codes-1280");
  check_sound(seen, 8);
  REQUIRE(seen["codes"].size() == 7);
  CHECK(seen["codes"].back() == "other");

  const auto csv = window.browser.save("a.save[data-as=csv]");
  CHECK(csv.filename() == "run.csv");
  const auto rows = cells_of(read_file(csv));
  const auto& intervals = result.figures.series.intervals();
  REQUIRE(rows.size() == 1 + intervals.size());
  const auto column = [&](const std::string& head) {
    const auto at = std::find(rows[0].begin(), rows[0].end(), head);
    REQUIRE(at != rows[0].end());
    return static_cast<std::size_t>(at - rows[0].begin());
  };
  const auto width = std::chrono::duration<double>(result.figures.series.width()).count();
  const auto started = column("started_per_s"), failed = column("failed_per_s"),
             refused = column("passes_failed_by_service_unavailable_per_s"),
             other = column("passes_failed_by_other_per_s"), p99 = column("p99_ms");
  double others = 0;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    const auto& row = rows[i + 1];
    REQUIRE(row.size() == rows[0].size());
    const auto number = [&](std::size_t place) {
      return Approx(std::stod(row[place])).margin(0.001);
    };
    CHECK(std::stod(row[0]) == static_cast<double>(i) * width);
    CHECK(intervals[i].started / width == number(started));
    CHECK(intervals[i].failed / width == number(failed));
    CHECK(intervals[i].pass_errors[Errc::service_unavailable] / width == number(refused));
    const auto& response = intervals[i].response;
    CHECK(row[p99].empty() == (response.count() == 0));
    if (response.count() > 0)
      CHECK(static_cast<double>(response.quantile(0.99)) / 1000 == number(p99));
    others += std::stod(row[other]) * width;
  }
  // Nine codes, of which the six most frequent have a line: 27, 26 and 25 times the last ones.
  CHECK(others == Approx(27 + 26 + 25).margin(0.1));

  const auto json = window.browser.save("a.save[data-as=json]");
  CHECK(json.filename() == "run.json");
  CHECK(read_file(json) == format_json(result) + "\n");
  check_sound(look_at(window, format_html(result, judge(result)), 390, "many-codes-390"), 8);
}

TEST_CASE("a page of two runs saves either") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  const auto before = test::sample_run(50), after = test::sample_run(70);
  look_at(window, format_html_comparison(before, after), 800, "saved-800");
  const auto csv = window.browser.save("a.save[data-as=csv][data-run='1']");
  CHECK(csv.filename() == "run-b.csv");
  CHECK(cells_of(read_file(csv)).size() == 1 + after.figures.series.intervals().size());
  const auto json = window.browser.save("a.save[data-as=json][data-run='0']");
  CHECK(json.filename() == "run-a.json");
  CHECK(read_file(json) == format_json(before) + "\n");
}

TEST_CASE("a browser shows in every chart when a run was paused") {
  using namespace std::chrono_literals;
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto result = test::sample_run(2000);
  // In the midst, and so near the end that its words have no room on the right.
  result.pauses = {{2min, 5min}, {9min + 55s, 3s}};
  check_sound(look_at(window, format_html(result, judge(result)), 1200, "paused-1200"), 8);
}

TEST_CASE("a browser shows what happened beside the figures, and no word over another") {
  using namespace std::chrono_literals;
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto result = test::sample_run(2000);
  result.pauses = {{3min + 2s, 5min}};
  result.events = {{{0s, 10min, "power_on", 2000},
                    {3min, 1min, "power_cycle", 800},
                    {3min + 10s, 0s, "notify check-sync;reboot=true", 2000},
                    {3min + 20s, 0s, "factory_reset", 5},
                    {3min + 30s, 0s, "set Resync_Periodic and 2 more", 40},
                    {9min + 50s, 0s, "upgrade", 2000}},
                   0};
  const auto html = format_html(result, judge(result));
  check_sound(look_at(window, html, 1280, "events-1280"), 8);
  check_sound(look_at(window, html, 800, "events-800"), 8);
  window.browser.prefer("dark");
  const auto narrow = look_at(window, html, 390, "events-390-dark");
  check_sound(narrow, 8);
  INFO(narrow["words_over_words"].dump(1));
  const auto said = [&](const Json& seen, const std::string& words) {
    std::size_t charts = 0;
    for (const auto& [chart, texts] : seen["words"].items())
      charts +=
          static_cast<std::size_t>(std::count_if(texts.begin(), texts.end(), [&](const Json& text) {
            return text.get<std::string>().starts_with(words);
          }));
    return charts;
  };
  // The distribution and the bars have no time of the run.
  CHECK(said(narrow, "power_cycle") == 6);
  CHECK(said(narrow, "notify check-sync") == 6);
  CHECK(said(narrow, "upgrade") == 6);
  CHECK(said(narrow, "power-on") == 3);
  CHECK(said(narrow, "power_on") == 0);
  CHECK(narrow["words_over_words"].empty());
  // As many as there may be, close together.
  result.events.listed.clear();
  for (int i = 0; i < 50; ++i)
    result.events.listed.push_back({resync::Duration(12'000 * i), 0s, "notify reboot", 10});
  window.browser.prefer("light");
  const auto crowded = look_at(window, format_html(result, judge(result)), 390, "crowded-390");
  check_sound(crowded, 8);
  CHECK(said(crowded, "notify reboot") > 6);
  CHECK(crowded["words_over_words"].empty());
}

TEST_CASE("a browser shows two runs side by side") {
  using namespace std::chrono_literals;
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  auto before = test::sample_run(1500), after = test::sample_run(2000, 500);
  after.tested = tested_from("load");
  after.pauses = {{3min, 20s}};
  before.events.listed = {{5min, 0s, "notify reboot", 1500}};
  after.events.listed = {{2min + 50s, 0s, "power_off", 700}, {5min, 0s, "notify reboot", 2000}};
  after.outcome.failures.clear();
  after.outcome.void_reasons = {{"processor", "busy for 97 % of the time", "use two machines"}};
  const auto html = format_html_comparison(before, after);
  const auto seen = look_at(window, html, 1200, "compared-1200");
  // What happened in both has no letter.
  const auto& words = seen["words"]["provisioned"];
  for (const auto* const each : {"A provisioned", "B (void) provisioned", "A power-on",
                                 "B power-on", "B power_off", "B paused 20.0s", "notify reboot"}) {
    INFO(each << " in " << words.dump());
    CHECK(std::count(words.begin(), words.end(), each) == 1);
  }
  CHECK(seen["words_over_words"].empty());
  window.browser.prefer("dark");
  check_sound(look_at(window, html, 390, "compared-390-dark"), 8);
  check_sound(seen, 8);
  CHECK(seen["verdicts"] == Json::array({"FAIL", "VOID"}));
}

TEST_CASE("a browser shows the page of a run in which nothing happened") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Window window;
  const auto seen = look_at(window, format_html(test::sample_run(0), judge(test::sample_run(0))),
                            1200, "nothing-1200");
  CHECK(seen["faults"].empty());
  CHECK(seen["canvases"] == 6);  // no failure, no charts of failures
}

}  // namespace
}  // namespace provphone::e2e::report_test
