#include "client/report/sarif.hpp"

#include "client/figures/version.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::report {
namespace {

using lint::Severity;
using SarifJson = nlohmann::ordered_json;

// low and info are both notes; the property `severity` of the rule tells them apart.
std::string_view sarif_level(Severity severity) {
  if (severity == Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

SarifJson text_member(std::string_view text) {
  return {{"text", text}};
}

SarifJson rule_member(const SarifRule& rule) {
  return {{"id", rule.id},
          {"shortDescription", text_member(rule.title)},
          {"fullDescription", text_member(rule.description)},
          {"help", text_member(rule.help)},
          {"defaultConfiguration", {{"level", sarif_level(rule.severity)}}},
          {"properties", {{"severity", name(rule.severity)}}}};
}

SarifJson location_of(const SarifResult& result) {
  SarifJson place{{"artifactLocation", {{"uri", result.uri}}}};
  if (result.line) {
    place["region"]["startLine"] = *result.line;
    if (result.column) place["region"]["startColumn"] = *result.column;
  }
  return {{"physicalLocation", place}};
}

}  // namespace

std::string format_sarif(std::string_view tool, const std::vector<SarifRule>& rules,
                         const std::vector<SarifResult>& results) {
  SarifJson described = SarifJson::array();
  for (const auto& rule : rules) described.push_back(rule_member(rule));
  SarifJson found = SarifJson::array();
  for (const auto& result : results) {
    found.push_back({{"ruleId", rules[result.rule].id},
                     {"ruleIndex", result.rule},
                     {"level", sarif_level(result.severity)},
                     {"message", text_member(result.message)},
                     {"locations", SarifJson::array({location_of(result)})}});
  }
  const SarifJson driver{{"name", tool}, {"version", figures::version}, {"rules", described}};
  const SarifJson run{{"tool", {{"driver", driver}}}, {"results", found}};
  const SarifJson log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", SarifJson::array({run})}};
  return log.dump(2, ' ', false, SarifJson::error_handler_t::replace) + '\n';
}

}  // namespace provphone::client::report
