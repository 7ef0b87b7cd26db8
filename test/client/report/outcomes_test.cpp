#include "client/report/outcomes.hpp"

#include "client/figures/verdict_text.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace outcomes_test {

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
  skipped.why = "certificates are not modelled";
  verdicts.expectations = {passed, failed, skipped};
  verdicts.length = std::chrono::milliseconds(1'500);
  const auto failures = [](Errc code, std::uint64_t times) {
    return CountedFailures{{Work::pass, code, "http://127.0.0.1:80", "lab"},
                           {times, 0, 0, 7, MacAddress{0x000e08001007}, "", "not\nthere", ""}};
  };
  verdicts.failures = {failures(Errc::file_not_found, 3), failures(Errc::transfer_timeout, 1)};
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
  verdicts.failures.clear();
  verdicts.void_reasons = {{"processor", "passes were started late: 80 ms at p99.9", "use two"}};
  verdicts.expectations[1].status = Judgement::undecided;
  verdicts.expectations[1].why = "the generator was late";
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
  CHECK(occurrences(text, "tests=\"7\" failures=\"2\" errors=\"0\"") == 2);
  CHECK(occurrences(text, "<testcase ") == 7);
  CHECK(occurrences(text, "time=\"1.500\"") == 9);
  CHECK(occurrences(text, "file=\"ci/lab,night.yaml\"") == 1);
  CHECK(occurrences(text, ">ci/lab,night.yaml:14\n") == 1);
  CHECK(text.find("<property name=\"version\" value=\"&quot;1&quot;\"/>") != std::string::npos);
  CHECK(text.find("<failure type=\"expectation\" message=\"12 of 200 phones: 000e08001000 "
                  "expected a]]&gt;b") != std::string::npos);
  CHECK(text.find("  000e08001000  expected a]]&gt;b\n") != std::string::npos);
  CHECK(text.find("  and 11 more\n") != std::string::npos);
  CHECK(text.find("<failure type=\"file_not_found\" message=\"file_not_found by "
                  "http://127.0.0.1:80 (3 passes); transfer_timeout by http://127.0.0.1:80 (1 "
                  "pass)\">") != std::string::npos);
  CHECK(text.find("<skipped message=\"certificates are not modelled\"/>") != std::string::npos);
  CHECK(text.find('\a') == std::string::npos);
  CHECK(text.find("fine \xc3\xa9") != std::string::npos);
}

TEST_CASE("a void run is an error and leaves what is known") {
  const auto junit = format_junit(void_run());
  INFO(junit);
  CHECK(junit.find("tests=\"7\" failures=\"0\" errors=\"2\"") != std::string::npos);
  CHECK(junit.find("<error type=\"void\" message=\"processor: passes were started late") !=
        std::string::npos);
  CHECK(junit.find("<error type=\"void\" message=\"the generator was late\">") !=
        std::string::npos);
  CHECK(junit.find("name=\"converged: 99%, within: 15m\"") != std::string::npos);
  CHECK(format_tap(void_run()).find("\nBail out! the run is void: the generator could not") !=
        std::string::npos);
  CHECK(format_github(void_run()).starts_with("::error file=ci/lab%2Cnight.yaml,title="));
  CHECK(format_summary(void_run()).find("**void**") != std::string::npos);
}

TEST_CASE("a run as TAP has its plan, a point for each expectation and blocks for failures") {
  CHECK(format_tap(all_well()) ==
        "TAP version 14\n1..4\nok 1 - all of the run is here\nok 2 - the generator kept its "
        "schedule\nok 3 - phones were provisioned\nok 4 - nothing failed unexpectedly");
  const auto text = format_tap(mixed());
  INFO(text);
  CHECK(text.find("\nok 3 - converged: 99%, within: 15m\n") != std::string::npos);
  CHECK(
      text.find("\nnot ok 4 - parameter: GPP_A, equals: a|b \\# <c>\n  ---\n  message: \"12 of") !=
      std::string::npos);
  CHECK(text.find("\n  line: 14\n") != std::string::npos);
  CHECK(text.find("\n  ...\nok 5 - log: resync # SKIP certificates are not modelled\nok 6") !=
        std::string::npos);
  CHECK(text.ends_with("\n  ..."));
}

TEST_CASE(
    "each cause and each failed expectation is one annotation, and nobody else can make one") {
  CHECK(format_github(all_well()).empty());
  const auto text = format_github(mixed());
  INFO(text);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
  CHECK(text.find("\n::error::x") == std::string::npos);
  CHECK(text.starts_with(
      "::error file=ci/lab%2Cnight.yaml,title=file_not_found by http%3A//127.0.0.1%3A80::failed: "
      "file_not_found by http://127.0.0.1:80 (3 passes)%0A  000e08001007: not there%0A"));
  CHECK(text.find(
            "\n::error file=ci/lab%2Cnight.yaml,line=14,title=parameter%3A GPP_A%2C equals%3A "
            "a|b # <c>::12 of 200 phones: 000e08001000 expected a]]>b, got ") != std::string::npos);
  CHECK(text.find("%0A1.000 s held%0A") != std::string::npos);
  CHECK(text.find("%0Aand 11 more\n") != std::string::npos);
  CHECK(text.find("100%25 \"quoted\"") != std::string::npos);
  CHECK(text.find("::warning file=ci/lab%2Cnight.yaml,title=log%3A resync::certificates") !=
        std::string::npos);
}

TEST_CASE("an expectation that fails by a cause that is told has no annotation of its own") {
  auto verdicts = mixed();
  verdicts.expectations[1].failures[0].cause = "file_not_found by http://127.0.0.1:80";
  const auto text = format_github(verdicts);
  INFO(text);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.find("%0Aso that this failed: parameter: GPP_A, equals: a|b # <c> (12 of 200") !=
        std::string::npos);
  CHECK(format_junit(verdicts).find("::error::x (file_not_found by http") != std::string::npos);
}

TEST_CASE("the summary of a run is a table, and what failed is behind it") {
  const auto text = format_summary(mixed());
  INFO(text);
  CHECK(text.starts_with(
      "## lab &amp; &lt;night>.yaml: fail\n\n3 passes failed: file\\_not\\_found by "));
  CHECK(text.find("\n\nseed 7 · version \"1\"\n\n| outcome |") != std::string::npos);
  CHECK(text.find("| **failed** | parameter: GPP\\_A, equals: a\\|b # &lt;c> | 12 of 200") !=
        std::string::npos);
  CHECK(occurrences(text, "<details>") == 2);
  CHECK(format_summary(all_well()).find("| passed | nothing failed unexpectedly |") !=
        std::string::npos);
}

TEST_CASE("a person is told of three phones of an expectation, and of those alike once") {
  Verdicts verdicts;
  verdicts.verdict = Verdict::fail;
  ExpectationResult failed;
  failed.title = "parameter";
  failed.status = Judgement::failed;
  failed.phones = failed.failed = 100;
  for (std::uint64_t phone = 0; phone < max_failures; ++phone)
    failed.failures.push_back(
        {MacAddress{phone}, "a", std::to_string(phone / 2), {"1", "2", "3", "4"}, ""});
  verdicts.expectations.push_back(failed);
  const auto text = format_failures(verdicts);
  INFO(text);
  CHECK(occurrences(text, "failed: parameter") == 1);
  CHECK(occurrences(text, "  expected a\n") == 3);
  CHECK(text.find("000000000002  expected a") != std::string::npos);
  CHECK(text.ends_with("  and 97 more phones\n"));
  verdicts.expectations.push_back(verdicts.expectations.front());
  CHECK(occurrences(format_failures(verdicts), "as above") == 3);
  CHECK(format_failures(all_well()).empty());
  CHECK(format_failures(mixed()).ends_with(
      "not judged: log: resync: certificates are not modelled\n"));
}

}  // namespace outcomes_test
