#include "client/figures/version.hpp"
#include "client/report/audit.hpp"
#include "client/report/junit.hpp"
#include "client/report/sarif.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace provphone::client::report {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

SarifRule sarif_rule(const check::Check& check) {
  return {check.id, check.title, check.phone,
          fmt::format("A phone: {} An attacker: {} To mend: {}", check.phone, check.attacker,
                      check.mend),
          check.severity};
}

SarifResult sarif_result(const Report& report, std::size_t index) {
  const auto& judgement = report.judgements[index];
  const auto& check = *judgement.check;
  // The rules are in the order of the judgements, each once: one number serves for both.
  return {index, judgement.severity(),
          fmt::format("{}: {}. To mend: {}", check.title, judgement.outcome.evidence, check.mend),
          macro::hide_query_secrets(format(report.seen.url))};
}

bool is_failure(const check::Judgement& judgement, check::Severity least) {
  return judgement.is_finding() && judgement.severity() >= least;
}

JunitCase judgement_case(const check::Judgement& judgement, check::Severity least) {
  const auto& [check, outcome] = judgement;
  JunitCase made;
  made.classname = "provphone.check";
  made.name = check->id;
  const auto severity = name(judgement.severity());
  if (is_failure(judgement, least)) {
    made.status = JunitCase::Status::failure;
    made.type = severity;
    made.message = check->title;
    made.text = fmt::format("{}\nA phone: {}\nAn attacker: {}\nTo mend: {}", outcome.evidence,
                            check->phone, check->attacker, check->mend);
  } else if (judgement.is_finding()) {
    // Below the limit: passed, and yet to be read.
    made.system_out = fmt::format("{}: {}: {}", severity, check->title, outcome.evidence);
  } else if (outcome.state == check::State::not_made) {
    made.status = JunitCase::Status::skipped;
    made.message = outcome.evidence;
  }
  return made;
}

}  // namespace

std::string format_json(const Report& report) {
  const auto& seen = report.seen;
  Json json{{"target", macro::hide_query_secrets(format(seen.url))},
            {"mac", seen.mac},
            {"personality", name(seen.personality.generation)},
            {"requests", seen.requests},
            {"complete", !seen.ran_out}};
  if (const auto file = check::file_content(seen))
    json["file"] = {{"parameters", file->parameters}, {"acting", file->acting}};
  // There even where empty, so that programs need not ask.
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
      // What a program must not take for a finding's evidence has another name.
      entry[outcome.state == check::State::not_made ? "why" : "evidence"] = outcome.evidence;
    }
    json[std::string(judgement.is_finding() ? "findings" : name(outcome.state))].push_back(entry);
  }
  json["version"] = figures::version;
  return dump(json);
}

std::string format_sarif(const Report& report) {
  std::vector<SarifRule> rules;
  std::vector<SarifResult> results;
  for (std::size_t i = 0; i < report.judgements.size(); ++i) {
    rules.push_back(sarif_rule(*report.judgements[i].check));
    if (report.judgements[i].is_finding()) results.push_back(sarif_result(report, i));
  }
  return format_sarif("provphone check", rules, results);
}

std::string format_junit(const Report& report, check::Severity least) {
  JunitSuite suite;
  suite.name =
      fmt::format("provphone check {}", macro::hide_query_secrets(format(report.seen.url)));
  for (const auto& judgement : report.judgements) {
    // A TFTP server has no TLS to skip: such cases would only hide the others.
    if (judgement.outcome.state != check::State::not_applicable)
      suite.cases.push_back(judgement_case(judgement, least));
  }
  return format_junit(suite);
}

}  // namespace provphone::client::report
