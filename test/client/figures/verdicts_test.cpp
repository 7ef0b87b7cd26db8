#include "client/figures/verdicts.hpp"

#include "client/figures/verdict_text.hpp"
#include "macro/ascii.hpp"
#include "test/client/figures/evidence.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace verdicts_test {

using namespace provphone;
using namespace provphone::client::figures;
using test::evidence_that;

namespace {

// A row of a table in Markdown, without what stands around its cells.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    cell.erase(0, cell.find_first_not_of(" `"));
    cell.erase(cell.find_last_not_of(" `") + 1);
    cells.push_back(cell);
  }
  return cells;
}

template <class Enum>
Enum named(const std::string& text) {
  for (const auto each : every<Enum>) {
    if (name(each) == text) return each;
  }
  FAIL("no such name: " << text);
  return {};
}

struct Run {
  RunFacts facts;
  Outcome outcome;
};

Failures& failures_named(Outcome& outcome, const std::string& text) {
  const auto colon = text.find(':');
  const Cause cause{named<Work>(text.substr(0, colon)), named<Errc>(text.substr(colon + 1)),
                    "http://127.0.0.1:80", "lab"};
  return outcome.failures[cause];
}

void add_evidence(Outcome& outcome, const std::string& text) {
  const auto comma = text.find(',');
  auto& added = outcome.evidence.emplace_back(
      evidence_that("expectation", named<Judgement>(text.substr(0, comma))));
  added.is_of_times = comma != std::string::npos;
}

// One word of the second column.
void describe(Run& run, const std::string& word) {
  const auto equals = word.find('=');
  const auto key = word.substr(0, equals);
  const auto value = equals == std::string::npos ? "" : word.substr(equals + 1);
  auto& [facts, outcome] = run;
  if (key == "never-began")
    outcome.never_began = "http://127.0.0.1:80 did not answer within 30s";
  else if (key == "phones")
    outcome.extent.phones = std::stoul(value);
  else if (key == "powered")
    outcome.extent.powered = std::stoul(value);
  else if (key == "provisioned")
    outcome.extent.provisioned = std::stoul(value);
  else if (key == "under-way")
    outcome.extent.under_way = std::stoul(value);
  else if (key == "passes")
    outcome.done[Work::pass] = std::stoul(value);
  else if (key == "failed")
    failures_named(outcome, value).times = 2;
  else if (key == "unless-held")
    failures_named(outcome, value).unless_held = 2;
  else if (key == "expect")
    add_evidence(outcome, value);
  else if (key == "implied")
    add_evidence(outcome, value), outcome.evidence.back().is_implied = true;
  else if (key == "excusing")
    add_evidence(outcome, value), outcome.evidence.back().excuses_failures = true;
  else if (key == "ended")
    outcome.end = named<RunEnd>(value);
  else if (key == "void")
    outcome.void_reasons.push_back({value, "it was seen", "mend it"});
  else if (key == "strict")
    facts.strictness = Strictness::strict;
  else if (key == "part")
    facts.is_part = true;
  else if (key == "may-stay-unprovisioned")
    outcome.may_stay_unprovisioned = true;
  else
    FAIL("no such word: " << word);
}

Run run_of(const std::string& words) {
  Run run;
  run.facts.title = "lab.yaml";
  run.outcome.extent = {3, 3, 3, 0};
  std::istringstream in(words);
  for (std::string word; in >> word;) describe(run, word);
  return run;
}

struct Row {
  std::string story, words, verdict;
};

std::vector<Row> rows_of_the_page() {
  std::ifstream page(PROVPHONE_SOURCE_DIR "/docs/reference/verdicts.md");
  std::vector<Row> rows;
  bool is_in_table = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| what happened")) is_in_table = true;
    if (line.empty()) is_in_table = false;
    const auto cells = is_in_table ? cells_of(line) : std::vector<std::string>{};
    if (cells.size() == 4 && cells[0] != "what happened" && !cells[0].starts_with("---"))
      rows.push_back({cells[0], cells[1], cells[2]});
  }
  return rows;
}

std::string verdict_on(const std::string& words) {
  const auto run = run_of(words);
  return std::string(name(judge(run.facts, run.outcome).verdict));
}

}  // namespace

TEST_CASE("every row of the table of verdicts is so") {
  const auto rows = rows_of_the_page();
  REQUIRE(rows.size() > 40);
  for (const auto& [story, words, verdict] : rows) {
    INFO(story << ": " << words);
    CHECK(verdict_on(words) == verdict);
  }
}

TEST_CASE("dropping any one input of a verdict turns it") {
  // Each is a run whose verdict rests on its last word alone.
  const std::vector<std::pair<std::string, std::string>> mutations{
      {"provisioned=1", "provisioned=0"},
      {"expect=passed", "expect=failed"},
      {"expect=passed", "expect=undecided"},
      {"", "failed=pass:forbidden"},
      {"", "failed=upgrade:forbidden"},
      {"", "failed=report:forbidden"},
      {"", "implied=failed"},
      {"", "void=shards"},
      {"", "void=time"},
      {"", "void=processor"},
      {"", "under-way=1"},
      {"expect=not_judged", "strict expect=not_judged"},
      {"provisioned=0 may-stay-unprovisioned", "provisioned=0"},
      {"unless-held=pass:forbidden excusing=passed", "unless-held=pass:forbidden excusing=failed"},
      {"part", "part provisioned=0"},
  };
  for (const auto& [well, changed] : mutations) {
    INFO(well << " and " << changed);
    CHECK(verdict_on(well) == "pass");
    CHECK(verdict_on(changed) != "pass");
  }
}

TEST_CASE("the first line names the cause") {
  const auto line = [](const std::string& words) {
    auto run = run_of(words);
    for (auto& [cause, failures] : run.outcome.failures) failures.kept_off = failures.times;
    return headline(judge(run.facts, run.outcome));
  };
  CHECK(line("") == "nothing failed");
  CHECK(line("expect=passed") == "the expectation holds");
  CHECK(line("expect=passed expect=passed") == "all 2 expectations hold");
  CHECK(line("expect=not_judged expect=passed") == "no expectation failed, 1 of 2 could not have");
  CHECK(line("failed=pass:connection_refused") ==
        "2 of 3 phones were not provisioned: connection_refused by http://127.0.0.1:80");
  CHECK(line("failed=pass:connection_refused failed=upgrade:forbidden") ==
        "2 of 3 phones were not provisioned: connection_refused by http://127.0.0.1:80, and 1 "
        "cause more");
  CHECK(line("powered=0 provisioned=0") == "no phone was provisioned: none had power");
  CHECK(line("provisioned=0") == "no phone was provisioned: no pass came to its end");
  CHECK(line("provisioned=0 passes=1") == "no phone was provisioned: no pass brought a file");
  CHECK(line("expect=failed") ==
        "an expectation failed: expectation (1 of 3 phones, 000e08001001: got b)");
  CHECK(line("void=time") == "the run was cut short (it was seen), so it is not judged");
  CHECK(line("part") == "nothing is wrong in this shard; `provphone report` judges them all");
  CHECK(line("part provisioned=0") ==
        "no phone of this shard was provisioned; `provphone report` judges all of them together");
  CHECK(line("expect=undecided") ==
        "the run was too short for expectation: the run ended while 1 of 3 phones still had time");
  CHECK(line("expect=undecided unless-held=pass:forbidden excusing=undecided") ==
        "the run was too short for expectation: the run ended while 1 of 3 phones still had time; "
        "in doubt: 2 passes failed, forbidden by http://127.0.0.1:80");
  CHECK(line("void=processor failed=pass:connect_timeout") ==
        "the generator could not keep its own schedule (processor), so that times say nothing "
        "about the server; in doubt: 2 passes failed, connect_timeout by http://127.0.0.1:80");
  CHECK(line("strict expect=not_judged") ==
        "not judged, and --strict: expectation: there was no chance");
}

TEST_CASE("failures of one cause are told once, the commonest first, groups together") {
  Outcome outcome;
  outcome.extent = {100, 100, 0, 0};
  const auto add = [&](Errc code, const char* group, std::uint64_t times, std::uint32_t first) {
    outcome.failures[{Work::pass, code, "http://127.0.0.1:80", group}] = {
        times,
        0,
        times,
        first,
        MacAddress{0x000e08001000ULL + first},
        "http://127.0.0.1:80/a.xml",
        "why",
        "go away"};
  };
  add(Errc::forbidden, "north", 3, 9);
  add(Errc::connection_refused, "north", 2, 7);
  add(Errc::connection_refused, "south", 40, 5);
  const auto verdicts = judge(RunFacts{}, outcome);
  const auto groups = grouped(verdicts.failures);
  REQUIRE(groups.size() == 2);
  CHECK(lines_of(groups[0]) ==
        std::vector<std::string>{
            "failed: connection_refused by http://127.0.0.1:80 (42 passes; 42 phones never "
            "provisioned)",
            "  groups: south 40, north 2", "  000e08001005  http://127.0.0.1:80/a.xml: why",
            "  the server said: go away", "  to mend it: start the server, check the port"});
  CHECK(groups[1].failures.times == 3);
}

TEST_CASE("what follows from a failure is one line each behind it") {
  auto run = run_of("failed=pass:forbidden expect=failed expect=failed");
  run.outcome.evidence[0].witnesses[0].failure.cause = "forbidden by http://127.0.0.1:80";
  run.outcome.evidence[0].line = 12;
  const auto text = format_failures(judge(run.facts, run.outcome));
  INFO(text);
  CHECK(text.find("  so that this failed: expectation (1 of 3 phones, line 12)\n") !=
        std::string::npos);
  CHECK(text.find("failed: expectation (1 of 3 phones)\n  000e08001001  expected a\n") !=
        std::string::npos);
}

TEST_CASE("what servers said stays on its line") {
  auto run = run_of("failed=pass:forbidden");
  run.outcome.failures.begin()->second.detail = "a\nb\x1b[31m";
  const auto text = format_failures(judge(run.facts, run.outcome));
  CHECK(text.find("a b [31m") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
}

}  // namespace verdicts_test
