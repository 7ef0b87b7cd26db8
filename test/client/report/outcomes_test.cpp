#include "client/report/outcomes.hpp"

#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace provphone;
using namespace provphone::client::figures;
using namespace provphone::client::report;

namespace {

// A run in which each kind of outcome occurs once, in words that every format has to escape.
Verdicts mixed() {
  Verdicts verdicts;
  verdicts.title = "lab & <night>.yaml";
  verdicts.file = "ci/lab,night.yaml";
  verdicts.verdict = Verdict::fail;
  verdicts.properties = {{"seed", "7"}, {"version", "\"1\""}};
  ExpectationResult passed;
  passed.title = "converged: 99%, within: 15m";
  ExpectationResult failed;
  failed.title = "parameter: GPP_A, equals: a|b # <c>";
  failed.line = 14;
  failed.status = Judgement::failed;
  failed.phones = 200;
  failed.failed = 12;
  failed.failures.push_back({MacAddress{0x000e08001000},
                             "a]]>b",
                             "bell\a, broken \xc3\x28, fine \xc3\xa9\n::error::x",
                             {"1.000 s held", "to mend it: 100% \"quoted\""}});
  ExpectationResult skipped;
  skipped.title = "log: resync";
  skipped.status = Judgement::not_judged;
  skipped.why_not_judged = "certificates are not modelled";
  verdicts.expectations = {passed, failed, skipped};
  verdicts.failed_passes = {{Errc::file_not_found, 3}, {Errc::transfer_timeout, 1}};
  return verdicts;
}

Verdicts all_well() {
  Verdicts verdicts;
  verdicts.title = "lab.yaml";
  return verdicts;
}

Verdicts void_run() {
  auto verdicts = mixed();
  verdicts.verdict = Verdict::void_run;
  verdicts.void_reasons = {"passes were started late: 80 ms at p99.9"};
  return verdicts;
}

bool has_xmllint() {
  static const bool has = std::system("xmllint --version >/dev/null 2>&1") == 0;
  return has;
}

// What xmllint says of a text by the schema of the readers, or `valid`.
std::string judged_by_schema(const std::string& text) {
  std::string folder = (std::filesystem::temp_directory_path() / "provphone-test-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  std::ofstream(folder + "/junit.xml") << text;
  const auto command = "xmllint --nonet --noout --schema '" JUNIT_SCHEMA "' " + folder +
                       "/junit.xml > " + folder + "/said 2>&1";
  const int status = std::system(command.c_str());
  std::ostringstream said;
  said << std::ifstream(folder + "/said").rdbuf();
  std::filesystem::remove_all(folder);
  return status == 0 ? "valid" : said.str();
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a run is JUnit XML that the readers of Jenkins and GitLab take, whatever phones got") {
  if (!has_xmllint()) test::not_run("xmllint is not installed");
  CHECK(judged_by_schema(format_junit(mixed())) == "valid");
  CHECK(judged_by_schema(format_junit(all_well())) == "valid");
  CHECK(judged_by_schema(format_junit(void_run())) == "valid");
  CHECK(judged_by_schema("<testsuites/>") != "valid");
}

TEST_CASE("a run's JUnit XML counts its cases and says of each how it came out") {
  const auto text = format_junit(mixed());
  INFO(text);
  CHECK(occurrences(text, "tests=\"4\" failures=\"2\" errors=\"0\"") == 2);
  CHECK(occurrences(text, "<testcase ") == 4);
  CHECK(text.find("<property name=\"version\" value=\"&quot;1&quot;\"/>") != std::string::npos);
  CHECK(text.find("<failure type=\"expectation\" message=\"12 of 200 phones: 000e08001000 "
                  "expected a]]&gt;b") != std::string::npos);
  CHECK(text.find("  000e08001000  expected a]]&gt;b\n") != std::string::npos);
  CHECK(text.find("  and 11 more\n") != std::string::npos);
  CHECK(
      text.find("<failure type=\"file_not_found\" message=\"passes failed: file_not_found 3 times, "
                "transfer_timeout once\">") != std::string::npos);
  CHECK(text.find("<skipped message=\"certificates are not modelled\"/>") != std::string::npos);
  CHECK(text.find('\a') == std::string::npos);
  CHECK(text.find("fine \xc3\xa9") != std::string::npos);
}

TEST_CASE("a void run is one error and tells of no expectation") {
  const auto junit = format_junit(void_run());
  CHECK(junit.find("tests=\"1\" failures=\"0\" errors=\"1\"") != std::string::npos);
  CHECK(junit.find("<error type=\"void\" message=\"passes were started late") != std::string::npos);
  CHECK(junit.find("converged") == std::string::npos);
  CHECK(format_tap(void_run()).ends_with("\nBail out! the run is void"));
  CHECK(format_github(void_run()).starts_with("::error file=ci/lab%2Cnight.yaml,title="));
  CHECK(format_summary(void_run()).find("**void**") != std::string::npos);
}

TEST_CASE("a run as TAP has its plan, a point for each expectation and blocks for failures") {
  CHECK(format_tap(all_well()) == "TAP version 14\n1..1\nok 1 - no pass failed unexpectedly");
  const auto text = format_tap(mixed());
  INFO(text);
  CHECK(text.starts_with("TAP version 14\n1..4\nok 1 - converged: 99%, within: 15m\n"));
  CHECK(
      text.find("\nnot ok 2 - parameter: GPP_A, equals: a|b \\# <c>\n  ---\n  message: \"12 of") !=
      std::string::npos);
  CHECK(text.find("\n  line: 14\n") != std::string::npos);
  CHECK(text.find("\n  ...\nok 3 - log: resync # SKIP certificates are not modelled\nnot ok 4") !=
        std::string::npos);
  CHECK(text.ends_with("\n  ..."));
}

TEST_CASE("each failed expectation is one annotation at its line, and nobody else can make one") {
  CHECK(format_github(all_well()).empty());
  const auto text = format_github(mixed());
  INFO(text);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.find("\n::error::x") == std::string::npos);
  CHECK(
      text.starts_with("::error file=ci/lab%2Cnight.yaml,line=14,title=parameter%3A GPP_A%2C "
                       "equals%3A a|b # <c>::12 of 200 phones: 000e08001000 expected a]]>b, got "));
  CHECK(text.find("%0A1.000 s held%0A") != std::string::npos);
  CHECK(text.find("%0Aand 11 more\n") != std::string::npos);
  CHECK(occurrences(text.substr(0, text.find('\n')), "%0A") <= 5);
  CHECK(text.find("100%25 \"quoted\"") != std::string::npos);
  CHECK(text.find("::warning file=ci/lab%2Cnight.yaml,title=log%3A resync::certificates") !=
        std::string::npos);
}

TEST_CASE("the summary of a run is a table, and what failed is behind it") {
  const auto text = format_summary(mixed());
  INFO(text);
  CHECK(text.starts_with(
      "## lab &amp; &lt;night>.yaml: fail\n\nseed 7 · version \"1\"\n\n| outcome |"));
  CHECK(text.find("| **failed** | parameter: GPP\\_A, equals: a\\|b # &lt;c> | 12 of 200") !=
        std::string::npos);
  CHECK(occurrences(text, "<details>") == 2);
  CHECK(format_summary(all_well()).find("| passed | no pass failed unexpectedly |") !=
        std::string::npos);
}

TEST_CASE("a person is told of the first ten failures, and of each expectation first") {
  Verdicts verdicts;
  for (int i = 0; i < 4; ++i) {
    ExpectationResult failed;
    failed.title = "expectation " + std::to_string(i);
    failed.status = Judgement::failed;
    failed.phones = failed.failed = 100;
    for (std::uint64_t phone = 0; phone < max_failures; ++phone)
      failed.failures.push_back(
          {MacAddress{phone + 100U * static_cast<unsigned>(i)}, "a", "b", {"1", "2", "3", "4"}});
    verdicts.expectations.push_back(failed);
  }
  const auto text = format_failures(verdicts);
  CHECK(occurrences(text, "failed: ") == 10);
  CHECK(occurrences(text, "failed: expectation 0") == 3);
  CHECK(occurrences(text, "failed: expectation 3") == 2);
  CHECK(text.ends_with("and 390 more\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 10 * 6 + 1);
  CHECK(format_failures(all_well()).empty());
  CHECK(format_failures(mixed()).ends_with(
      "not judged: log: resync: certificates are not modelled\n"));
}

TEST_CASE("what a phone did last is told once, however many expectations it fails") {
  Verdicts verdicts;
  for (const auto* title : {"converged", "parameter"}) {
    ExpectationResult failed;
    failed.title = title;
    failed.status = Judgement::failed;
    failed.phones = failed.failed = 2;
    for (const std::uint64_t phone : {1U, 2U})
      failed.failures.push_back({MacAddress{phone}, "a", "b", {"held", "to mend it: let go"}});
    verdicts.expectations.push_back(failed);
  }
  const auto text = format_failures(verdicts);
  INFO(text);
  CHECK(occurrences(text, "held") == 2);  // of either phone
  CHECK(occurrences(text, "as above") == 1);
  CHECK(occurrences(text, "failed: parameter") == 1);
  CHECK(text.ends_with("and 1 more\n"));
  CHECK(text.find("to mend it: let go\nfailed: parameter") != std::string::npos);
}
