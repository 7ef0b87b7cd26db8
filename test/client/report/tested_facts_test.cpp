#include "client/report/tested_facts.hpp"

#include "client/report/fleet_page.hpp"
#include "client/report/fleet_text.hpp"
#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>

namespace tested_facts_test {

using namespace provphone;
using namespace provphone::client::figures;
using namespace provphone::client::report;
using test::sample_run;

namespace {

Tested known() {
  return {{"http://192.0.2.1:8080"},  {"http"},        {"CP-8841-3PCC"}, {"phones.a.count=5"},
          {"provphone fleet a.yaml"}, {{"load-1", 1}}, {"0.9.0 (abc)"}};
}

std::string page_of(const Tested& tested) {
  auto result = sample_run(14);
  result.tested = tested;
  return format_html(result, judge(result));
}

std::string text_of(const Tested& tested) {
  auto result = sample_run(14);
  result.tested = tested;
  return format_text(result, judge(result));
}

std::string pages_beside(const Tested& before, const Tested& after) {
  auto first = sample_run(14);
  auto second = sample_run(14);
  first.tested = before;
  second.tested = after;
  return format_html_comparison(first, second, {});
}

}  // namespace

TEST_CASE("facts of what was tested are those that are known") {
  CHECK(tested_facts({}).empty());
  auto tested = known();
  tested.overrides.clear();
  tested.generators.push_back({"load-2", 8});
  std::string told;
  for (const auto& [term, values] : tested_facts(tested)) {
    told += std::string(term) + ":";
    for (const auto& value : values) told += " [" + value + "]";
    told += '\n';
  }
  CHECK(told ==
        "servers: [http://192.0.2.1:8080]\n"
        "transports: [http]\n"
        "models: [CP-8841-3PCC]\n"
        "driven from: [load-1 (1 processor)] [load-2 (8 processors)]\n"
        "with provphone: [0.9.0 (abc)]\n"
        "command: [provphone fleet a.yaml]\n");
}

TEST_CASE("of many servers the first ten are told") {
  Tested tested;
  for (int i = 0; i < 13; ++i) tested.targets.push_back("http://192.0.2." + std::to_string(i));
  const auto values = tested_facts(tested).at(0).values;
  REQUIRE(values.size() == 11);
  CHECK(values.back() == "and 3 more");
}

TEST_CASE("the page and the text say what was tested") {
  const auto page = page_of(known());
  CHECK_THAT(page, Catch::Contains("<h2>What was tested</h2>\n<dl class=\"tested\">\n<dt>servers</"
                                   "dt><dd>http://192.0.2.1:8080</dd>\n"));
  CHECK_THAT(page_of({}), !Catch::Contains("What was tested"));
  CHECK_THAT(
      text_of(known()),
      Catch::Contains(
          "\n  against http://192.0.2.1:8080 with CP-8841-3PCC, overrides phones.a.count=5\n"));
  CHECK_THAT(text_of({}), !Catch::Contains("against"));
}

TEST_CASE("whatever an override holds, it is text in the page") {
  auto tested = known();
  tested.overrides = {"a=<script>alert(1)</script>"};
  CHECK_THAT(page_of(tested), !Catch::Contains("<script>alert"));
  CHECK_THAT(pages_beside(known(), tested), !Catch::Contains("<script>alert"));
}

TEST_CASE("two runs side by side say what was tested where they differ") {
  auto after = known();
  after.targets = {"http://192.0.2.2:8080"};
  after.overrides.clear();
  const auto page = pages_beside(known(), after);
  CHECK_THAT(page, Catch::Contains("<td>servers</td><td class=\"wrap\">http://192.0.2.1:8080</td>"
                                   "<td class=\"wrap\">http://192.0.2.2:8080</td>"));
  CHECK_THAT(page, Catch::Contains("<td>overrides</td><td class=\"wrap\">phones.a.count=5</td>"
                                   "<td class=\"wrap\">-</td>"));
  CHECK_THAT(page, !Catch::Contains("<td>models</td>"));
  CHECK_THAT(pages_beside(known(), known()), !Catch::Contains("What was tested"));
}

}  // namespace tested_facts_test
