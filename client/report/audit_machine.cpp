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

// In front of what is said of a followed file.
std::string behind(const check::Observations& seen) {
  return seen.led_by.empty() ? std::string{} : fmt::format("behind {}: ", led_by(seen));
}

std::string asked_sentence(const check::Judgement& judgement, const check::Observations& seen) {
  const auto text = grounds_text(judgement, seen);
  return text.empty() ? text : fmt::format(" Asked: {}.", text);
}

// Every file has the judgements in the order of the rules, each once: one number serves for both.
SarifResult sarif_result(const Report& report, std::size_t index) {
  const auto& judgement = report.judgements[index];
  const auto& check = *judgement.check;
  return {
      index, judgement.severity(),
      fmt::format("{}{}: {}.{} To mend: {}", behind(report.seen), check.title,
                  judgement.outcome.evidence, asked_sentence(judgement, report.seen), check.mend),
      macro::hide_query_secrets(format(report.seen.url))};
}

void add_sarif_results(const Report& report, std::vector<SarifResult>& results) {
  for (std::size_t i = 0; i < report.judgements.size(); ++i) {
    if (report.judgements[i].is_finding()) results.push_back(sarif_result(report, i));
  }
  for (const auto& file : report.followed) add_sarif_results(file, results);
}

bool is_failure(const check::Judgement& judgement, check::Severity least) {
  return judgement.is_finding() && judgement.severity() >= least;
}

JunitCase judgement_case(const check::Judgement& judgement, const check::Observations& seen,
                         check::Severity least) {
  const auto& [check, outcome] = judgement;
  JunitCase made;
  made.classname = "provphone.check";
  made.name = check->id;
  const auto severity = name(judgement.severity());
  if (is_failure(judgement, least)) {
    made.status = JunitCase::Status::failure;
    made.type = severity;
    made.message = check->title;
    made.text =
        fmt::format("{}\nAsked: {}\nA phone: {}\nAn attacker: {}\nTo mend: {}", outcome.evidence,
                    grounds_text(judgement, seen), check->phone, check->attacker, check->mend);
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

namespace {

Json question_json(const check::Witness& witness) {
  Json json{{"who", witness.who}, {"method", witness.method}, {"url", witness.url}};
  if (!witness.pretended.empty()) json["with"] = witness.pretended;
  return json;
}

Json answer_json(const check::Witness& witness) {
  Json json = Json::object();
  if (witness.status != 0) json["status"] = witness.status;
  if (!witness.error.empty()) json["error"] = witness.error;
  if (!witness.certificate.empty()) json["certificate"] = witness.certificate;
  if (witness.status != 0) json["octets"] = witness.octets;
  if (!witness.said.empty()) json["said"] = witness.said;
  return json;
}

void add_grounds(const check::Grounds& grounds, Json& entry) {
  entry["asked"] = question_json(grounds.asked);
  entry["came"] = answer_json(grounds.asked);
  if (grounds.counter) {
    entry["counter"] = {{"asked", question_json(*grounds.counter)},
                        {"came", answer_json(*grounds.counter)}};
  } else if (!grounds.counter_missing.empty()) {
    entry["counter"] = {{"not_tried", grounds.counter_missing}};
  }
}

Json file_json(const Report& report) {
  const auto& seen = report.seen;
  Json json{{"target", macro::hide_query_secrets(format(seen.url))},
            {"mac", seen.mac},
            {"personality", name(seen.personality.generation)},
            {"requests", seen.requests},
            {"complete", !seen.ran_out()}};
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
      if (const auto grounds = grounds_of(judgement, seen)) add_grounds(*grounds, entry);
      entry["phone"] = check->phone;
      entry["attacker"] = check->attacker;
      entry["mend"] = check->mend;
    } else if (!outcome.evidence.empty()) {
      // What a program must not take for a finding's evidence has another name.
      entry[outcome.state == check::State::not_made ? "why" : "evidence"] = outcome.evidence;
    }
    json[std::string(judgement.is_finding() ? "findings" : name(outcome.state))].push_back(entry);
  }
  return json;
}

}  // namespace

std::string format_json(const Report& report) {
  auto json = file_json(report);
  auto& followed = json["followed"] = Json::array();
  for (const auto& file : report.followed) {
    auto entry = file_json(file);
    entry["led_by"] = file.seen.led_by;
    entry["kind"] = name(file.seen.kind);
    followed.push_back(std::move(entry));
  }
  json["left_out"] = report.left_out;
  json["requests"] = count_requests(report);
  json["complete"] = ended_by(report).empty();
  json["version"] = figures::version;
  return dump(json);
}

namespace {

void add_cases(const Report& report, check::Severity least, JunitSuite& suite) {
  for (const auto& judgement : report.judgements) {
    // A TFTP server has no TLS to skip: such cases would only hide the others.
    if (judgement.outcome.state == check::State::not_applicable) continue;
    auto& made = suite.cases.emplace_back(judgement_case(judgement, report.seen, least));
    // Names are told apart by those who read such files.
    if (!report.seen.led_by.empty()) made.name += fmt::format(" ({})", led_by(report.seen));
  }
  for (const auto& file : report.followed) add_cases(file, least, suite);
}

}  // namespace

std::string format_sarif(const Report& report) {
  std::vector<SarifRule> rules;
  for (const auto& judgement : report.judgements) rules.push_back(sarif_rule(*judgement.check));
  std::vector<SarifResult> results;
  add_sarif_results(report, results);
  return format_sarif("provphone check", rules, results);
}

std::string format_junit(const Report& report, check::Severity least) {
  JunitSuite suite;
  suite.name =
      fmt::format("provphone check {}", macro::hide_query_secrets(format(report.seen.url)));
  add_cases(report, least, suite);
  return format_junit(suite);
}

}  // namespace provphone::client::report
