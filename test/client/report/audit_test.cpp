#include "client/report/audit.hpp"

#include "test/client/check/seen.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

// The reports of an audit.
namespace provphone::test::audit_test {
namespace {

using client::check::Severity;
using client::report::has_finding;
using Json = nlohmann::json;

struct Case {
  Observations seen;
  std::vector<Judgement> judgements;

  explicit Case(Observations observations)
      : seen(std::move(observations)), judgements(findings_of(seen)) {}

  client::report::Report report() const { return {seen, judgements}; }
};

Case bad_case() {
  auto seen = good_https();
  answer_to(seen, ProbeTarget::own_file, ClientRole::other_device) =
      answer_to(seen, ProbeTarget::own_file, ClientRole::own);
  seen.tls->certificate->names.common_name = "<&\"\x01\xc3\xa9\xe9";
  return Case(seen);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST_CASE("the text groups findings by severity and says what was not made") {
  const auto text = format_text(bad_case().report());
  const auto high = text.find("\nhigh\n  CHK-CERT-BOUND");
  const auto info = text.find("\ninfo\n  CHK-TLS-CN");
  const auto not_made = text.find("\nnot made\n");
  REQUIRE(high != std::string::npos);
  REQUIRE(info != std::string::npos);
  CHECK(high < info);
  CHECK(info < not_made);
  CHECK(text.find("\n  CHK-ENUM-TELL", not_made) != std::string::npos);
  CHECK(text.find("2 findings: 1 high, 1 info\n") != std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
}

TEST_CASE("a server without fault has a short text") {
  const auto text = format_text(Case(good_https()).report());
  CHECK(text.find("no findings\n") != std::string::npos);
  CHECK(text.find("\nhigh\n") == std::string::npos);
}

TEST_CASE("severities are told apart for the exit status") {
  const auto bad = bad_case();
  CHECK(has_finding(bad.report(), Severity::high));
  const Case good(good_https());
  CHECK_FALSE(has_finding(good.report(), Severity::info));
  const Case plain(good_http());
  CHECK(has_finding(plain.report(), Severity::low));
  for (const std::string text : {"info", "low", "medium", "high"})
    CHECK(client::lint::name(*client::check::parse_severity(text)) == text);
  CHECK_FALSE(client::check::parse_severity("worse"));
}

TEST_CASE("the JSON has each check in one of four lists") {
  const auto json = Json::parse(format_json(bad_case().report()));
  std::size_t checks = 0;
  for (const auto* list : {"findings", "passed", "not_made", "not_applicable"})
    checks += json.at(list).size();
  CHECK(checks == client::check::all_checks().size());
  CHECK(json.at("findings").at(0).at("severity").is_string());
  for (const auto* member : {"target", "mac", "personality", "requests", "complete", "version"})
    CHECK(json.contains(member));
}

// A bad file behind a good one.
struct Trail {
  Case first{good_https()};
  Case behind;

  Trail() : behind(behind_rule_c()) {}

  static Case behind_rule_c() {
    auto seen = bad_case().seen;
    seen.led_by = {"Profile_Rule_C"};
    seen.same_server = true;
    return Case(seen);
  }
  client::report::Report report() const {
    return {first.seen, first.judgements, {behind.report()}, 2};
  }
};

TEST_CASE("what was found behind a rule is told with the rule, in each format") {
  const Trail trail;
  const auto report = trail.report();
  // The server's certificate was judged with the first file.
  CHECK(count_findings(report)[Severity::info] == 0);
  CHECK(has_finding(report, Severity::high));
  const auto text = format_text(report);
  const auto heading = text.find("\nProfile_Rule_C leads to https://");
  REQUIRE(heading != std::string::npos);
  CHECK(text.find("CHK-CERT-BOUND", heading) < text.find("\nnot made\n"));
  CHECK(text.find("\n2 more places that files lead to were not asked\n") != std::string::npos);
  CHECK(text.find("\n1 finding: 1 high\n") != std::string::npos);

  const auto json = Json::parse(format_json(report));
  CHECK(json.at("findings").empty());
  CHECK(json.at("left_out") == 2);
  const auto& followed = json.at("followed").at(0);
  CHECK(followed.at("led_by") == Json::array({"Profile_Rule_C"}));
  CHECK(followed.at("kind") == "profile");
  CHECK(followed.at("findings").at(0).at("id") == "CHK-CERT-BOUND");

  const auto run = Json::parse(format_sarif(report)).at("runs").at(0);
  const auto& result = run.at("results").at(0);
  const auto& rules = run.at("tool").at("driver").at("rules");
  CHECK(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
  CHECK(result.at("message").at("text").get<std::string>().starts_with("behind Profile_Rule_C: "));
  CHECK(format_junit(report, Severity::high).find("name=\"CHK-CERT-BOUND (Profile_Rule_C)\"") !=
        std::string::npos);
}

// The parts of the SARIF 2.1.0 schema that are required, and what code scanning services ask for.
TEST_CASE("an audit that ends while it tries how often one may ask is not complete") {
  Trail trail;
  trail.first.seen.rate = {10, std::nullopt, {}};
  CHECK(Json::parse(format_json(trail.report())).at("complete") == true);
  trail.first.seen.rate->ended_by = "--requests";
  CHECK(Json::parse(format_json(trail.report())).at("complete") == false);
}

TEST_CASE("the SARIF has the shape that its readers ask for") {
  const auto bad = bad_case();
  const auto json = Json::parse(format_sarif(bad.report()));
  CHECK(json.at("version") == "2.1.0");
  CHECK(json.at("$schema").get<std::string>().find("sarif-2.1.0") != std::string::npos);
  REQUIRE(json.at("runs").size() == 1);
  const auto& run = json.at("runs").at(0);
  const auto& rules = run.at("tool").at("driver").at("rules");
  CHECK(run.at("tool").at("driver").at("name") == "provphone check");
  for (const auto& rule : rules) {
    for (const auto* text : {"shortDescription", "fullDescription", "help"})
      CHECK_FALSE(rule.at(text).at("text").get<std::string>().empty());
  }
  REQUIRE(run.at("results").size() == 2);
  for (const auto& result : run.at("results")) {
    const auto level = result.at("level").get<std::string>();
    CHECK((level == "error" || level == "warning" || level == "note"));
    CHECK(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
    CHECK_FALSE(result.at("message").at("text").get<std::string>().empty());
    const auto& location = result.at("locations").at(0).at("physicalLocation");
    CHECK(location.at("artifactLocation").at("uri").get<std::string>().find("https://") == 0);
  }
}

TEST_CASE("the JUnit counts what it holds, and escapes it") {
  auto bad = bad_case();
  const auto high = format_junit(bad.report(), Severity::high);
  CHECK(count(high, "<failure ") == 1);
  CHECK(high.find("failures=\"1\"") != std::string::npos);
  CHECK(high.find("tests=\"" + std::to_string(count(high, "<testcase ")) + "\"") !=
        std::string::npos);
  CHECK(high.find("skipped=\"" + std::to_string(count(high, "<skipped ")) + "\"") !=
        std::string::npos);
  CHECK(high.find("&lt;&amp;&quot;") != std::string::npos);
  CHECK(high.find("\xc3\xa9\xef\xbf\xbd") != std::string::npos);  // what is no UTF-8 is replaced
  CHECK(high.find('\x01') == std::string::npos);
  CHECK(count(format_junit(bad.report(), Severity::info), "<failure ") == 2);
}

}  // namespace
}  // namespace provphone::test::audit_test
