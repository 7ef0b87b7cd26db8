#include "client/figures/version.hpp"
#include "client/report/audit.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace provphone::client::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string_view sarif_level(check::Severity severity) {
  if (severity == check::Severity::high) return "error";
  return severity == check::Severity::medium ? "warning" : "note";
}

Json text_member(std::string_view text) {
  return {{"text", text}};
}

Json sarif_rule(const check::Check& check) {
  const auto help = fmt::format("A phone: {} An attacker: {} To mend: {}", check.phone,
                                check.attacker, check.mend);
  return {{"id", check.id},
          {"shortDescription", text_member(check.title)},
          {"fullDescription", text_member(check.phone)},
          {"help", text_member(help)},
          {"defaultConfiguration", {{"level", sarif_level(check.severity)}}},
          {"properties", {{"severity", name(check.severity)}}}};
}

Json sarif_result(const Report& report, std::size_t index) {
  const auto& judgement = report.judgements[index];
  const auto& check = *judgement.check;
  const Json location{
      {"physicalLocation", {{"artifactLocation", {{"uri", format(report.seen.url)}}}}}};
  return {{"ruleId", check.id},
          {"ruleIndex", index},
          {"level", sarif_level(judgement.severity())},
          {"message", text_member(fmt::format("{}: {}. To mend: {}", check.title,
                                              judgement.outcome.evidence, check.mend))},
          {"locations", Json::array({location})}};
}

// XML 1.0 has no control characters, not even escaped ones.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out +=
            static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e ? '?' : c;
    }
  }
  return out;
}

bool is_failure(const check::Judgement& judgement, check::Severity least) {
  return judgement.is_finding() && judgement.severity() >= least;
}

std::string junit_case(const check::Judgement& judgement, check::Severity least) {
  const auto& [check, outcome] = judgement;
  const auto head = fmt::format("  <testcase classname=\"provphone.check\" name=\"{}\"", check->id);
  const auto evidence = escaped(outcome.evidence);
  if (is_failure(judgement, least)) {
    return fmt::format(
        "{}>\n    <failure type=\"{}\" message=\"{}\">{}\nA phone: {}\nAn attacker: {}\nTo mend: "
        "{}</failure>\n  </testcase>\n",
        head, name(judgement.severity()), escaped(check->title), evidence, escaped(check->phone),
        escaped(check->attacker), escaped(check->mend));
  }
  if (judgement.is_finding()) {
    return fmt::format("{}>\n    <system-out>{}: {}: {}</system-out>\n  </testcase>\n", head,
                       name(judgement.severity()), escaped(check->title), evidence);
  }
  if (outcome.state == check::State::not_made)
    return fmt::format("{}>\n    <skipped message=\"{}\"/>\n  </testcase>\n", head, evidence);
  return head + "/>\n";
}

}  // namespace

std::string format_json(const Report& report) {
  const auto& seen = report.seen;
  Json json{{"target", format(seen.url)},
            {"mac", seen.mac},
            {"personality", name(seen.personality.generation)},
            {"requests", seen.requests},
            {"complete", !seen.ran_out}};
  json["findings"] = json["passed"] = json["not_made"] = Json::array();
  json["not_applicable"] = Json::array();
  for (const auto& judgement : report.judgements) {
    const auto& [check, outcome] = judgement;
    Json entry{{"id", check->id}};
    if (judgement.is_finding()) {
      entry["severity"] = name(judgement.severity());
      entry["title"] = check->title;
      entry["evidence"] = outcome.evidence;
      entry["phone"] = check->phone;
      entry["attacker"] = check->attacker;
      entry["mend"] = check->mend;
    } else if (!outcome.evidence.empty()) {
      entry[outcome.state == check::State::not_made ? "why" : "evidence"] = outcome.evidence;
    }
    json[std::string(judgement.is_finding() ? "findings" : name(outcome.state))].push_back(entry);
  }
  json["version"] = figures::version;
  return dump(json);
}

std::string format_sarif(const Report& report) {
  Json rules = Json::array();
  Json results = Json::array();
  for (std::size_t i = 0; i < report.judgements.size(); ++i) {
    rules.push_back(sarif_rule(*report.judgements[i].check));
    if (report.judgements[i].is_finding()) results.push_back(sarif_result(report, i));
  }
  const Json driver{{"name", "provphone check"}, {"version", figures::version}, {"rules", rules}};
  const Json run{{"tool", {{"driver", driver}}}, {"results", results}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({run})}});
}

std::string format_junit(const Report& report, check::Severity least) {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  for (const auto& judgement : report.judgements) {
    if (judgement.outcome.state == check::State::not_applicable) continue;
    ++tests;
    failures += is_failure(judgement, least) ? 1U : 0U;
    skipped += judgement.outcome.state == check::State::not_made ? 1U : 0U;
    cases += junit_case(judgement, least);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"provphone check {}\" "
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}</testsuite>\n",
      escaped(format(report.seen.url)), tests, failures, skipped, cases);
}

}  // namespace provphone::client::report
