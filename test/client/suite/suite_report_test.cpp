#include "client/report/junit_read.hpp"
#include "client/report/suite.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace suite_report_test {

using namespace provphone;
using namespace provphone::client;
using report::JunitCase;

namespace {

report::JunitSuite suite_of_a_run() {
  report::JunitSuite suite;
  suite.name = suite.file = "d/a.yaml";
  suite.time = "1.500";
  suite.properties = {{"seed", "7"}};
  JunitCase fine{
      JunitCase::Status::passed, "d/a.yaml", "phones were provisioned", "1.5", {}, {}, {}, {}};
  JunitCase wrong{JunitCase::Status::failure,
                  "d/a.yaml",
                  "converged: <100%>",
                  "1.5",
                  "expectation",
                  "got \"none\" & more",
                  "line 1\n  line 2\n",
                  "said\n"};
  JunitCase left{JunitCase::Status::skipped, "d/a.yaml", "log: x", "1.5", {}, "no line", {}, {}};
  suite.cases = {fine, wrong, left};
  return suite;
}

report::SuiteOutcome outcome_of_four() {
  report::SuiteOutcome outcome;
  outcome.folder = "d";
  outcome.took = std::chrono::milliseconds(2'345);
  outcome.order_seed = 99;
  using suite::Driver;
  using suite::Ending;
  outcome.trials = {
      {{"d/b.yaml", Driver::run},
       Ending::passed,
       0,
       std::chrono::milliseconds(1'240),
       "",
       "",
       R"({"verdict": "pass"})",
       ""},
      {{"d/a.yaml", Driver::run},
       Ending::failed,
       1,
       std::chrono::milliseconds(1'500),
       "connection_refused by http://127.0.0.1:80",
       "FAIL\n",
       R"({"verdict": "fail"})",
       report::format_junit(report::JunitSuites{"", "", {suite_of_a_run()}})},
      {{"d/c.yaml", Driver::forecast},
       Ending::refused,
       2,
       std::chrono::milliseconds(10),
       "c.yaml:1:1: unknown key",
       "provphone: c.yaml:1:1: unknown key\n",
       "",
       ""},
      {{"d/e.yaml", Driver::fleet}, Ending::left_out, 0, {}, "d/a.yaml did not pass", "", "", ""}};
  return outcome;
}

}  // namespace

TEST_CASE("a report that was written as JUnit is read as what it was") {
  const auto suite = suite_of_a_run();
  const auto text = report::format_junit(report::JunitSuites{"", "", {suite}});
  const auto read = report::suites_in(text);
  REQUIRE(read.size() == 1);
  CHECK(report::format_junit(report::JunitSuites{"", "", read}) == text);
  CHECK(report::suites_in(report::format_junit(suite)).size() == 1);
  CHECK(report::suites_in("").empty());
  CHECK(report::suites_in("<testsuites").empty());
}

TEST_CASE("a folder's report has each scenario and what came of it") {
  const auto outcome = outcome_of_four();
  CHECK(format_text(outcome) ==
        R"(  scenario  verdict  by        s    why
  --------  -------  --------  ---  -----------------------------------------
  d/b.yaml  pass     run       1.2
  d/a.yaml  fail     run       1.5  connection_refused by http://127.0.0.1:80
  d/c.yaml  refused  forecast  0.0  c.yaml:1:1: unknown key
  d/e.yaml  skipped  fleet          d/a.yaml did not pass

4 scenarios: 1 pass, 1 fail, 1 refused, 1 skipped; 2.3 s; shuffled by --seed 99
)");
  const auto json = nlohmann::json::parse(format_json(outcome));
  CHECK(json.at("verdict") == "refused");
  CHECK(json.at("shuffle_seed") == 99);
  CHECK(json.at("counts").at("pass") == 1);
  CHECK(json.at("counts").at("void") == 0);
  REQUIRE(json.at("scenarios").size() == 4);
  CHECK(json.at("scenarios")[1].at("result").at("verdict") == "fail");
  CHECK_FALSE(json.at("scenarios")[2].contains("result"));
  CHECK_FALSE(json.at("scenarios")[3].contains("exit_status"));
}

TEST_CASE("a folder's JUnit has a suite for each scenario, for those without a report too") {
  const auto suites = report::suites_in(format_junit(outcome_of_four()));
  REQUIRE(suites.size() == 4);
  CHECK(suites[1].name == "d/a.yaml");
  CHECK(suites[1].cases.size() == 3);
  REQUIRE(suites[2].cases.size() == 1);
  CHECK(suites[2].cases[0].status == JunitCase::Status::error);
  CHECK(suites[2].cases[0].message == "c.yaml:1:1: unknown key");
  CHECK(suites[3].cases[0].status == JunitCase::Status::skipped);
}

}  // namespace suite_report_test
