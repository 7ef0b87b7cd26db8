#include "resync/report_plan.hpp"

#include "macro/enum_array.hpp"
#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/access.hpp"

namespace provphone::resync {
namespace {

using macro::Scheme;
using profile::parameter_id;

ReportKind report_kind_of(const macro::RuleOptions& options) {
  if (options.status) return ReportKind::status;
  return options.delta ? ReportKind::delta : ReportKind::full;
}

// R-REPORT-02: legacy phones post; over TFTP there is one way to write.
Upload::Method method_of(Scheme scheme, const MacroSource& source) {
  if (scheme == Scheme::tftp) return Upload::Method::put;
  const bool chooses = source.personality.generation != profile::Generation::spa;
  return chooses && source.parameters.get(parameter_id("HTTP_Report_Method")) == "PUT"
             ? Upload::Method::put
             : Upload::Method::post;
}

// R-REPORT-03: the rule's key wins. RFC 8188 needs an HTTP header, and firmware that knows it.
std::optional<ReportKey> key_of(const macro::RuleOutcome& outcome, const MacroSource& source) {
  if (outcome.options.key) return ReportKey{ReportKey::Method::aes, *outcome.options.key};
  const auto ikm = source.parameters.get(parameter_id("IKM_HTTP_Encrypt_Content"));
  const bool knows = source.personality.rfc8188 == Rfc8188::read;
  if (!knows || ikm.empty() || outcome.url->scheme == Scheme::tftp) return std::nullopt;
  return ReportKey{ReportKey::Method::rfc8188, std::string(ikm)};
}

Result<ReportPlan> plan_report(std::string_view expanded, const macro::RuleContext& context,
                               const MacroSource& source) {
  TRY(auto outcome, macro::evaluate_rule(expanded, context));
  ReportPlan plan;
  plan.alternative = outcome.alternative;
  plan.skipped =
      macro::is_blank(expanded, context.dialect) ? Reason::rule_empty : Reason::no_guard_held;
  if (outcome.url) {
    TRY(check_access(*outcome.url, source));
    plan.upload = Upload{report_kind_of(outcome.options), method_of(outcome.url->scheme, source),
                         *outcome.url, key_of(outcome, source), login_of(outcome.options)};
  }
  plan.assignments = std::move(outcome.assignments);
  return plan;
}

}  // namespace

std::string_view name(ReportKind kind) {
  constexpr EnumArray<ReportKind, std::string_view> names{{"full", "delta", "status"}};
  return names[kind];
}

std::vector<Result<ReportPlan>> plan_reports(
    std::string_view rule, const MacroSource& source,
    const std::optional<macro::DefaultServer>& default_server) {
  constexpr std::size_t most = 2;  // R-REPORT-01
  const auto expanded = expand_rule(rule, source);
  const macro::RuleContext context{dialect_of(source.personality), macro::RuleKind::report,
                                   source.identity.firmware, default_server};
  std::vector<Result<ReportPlan>> plans;
  for (const auto each : macro::split_report_rule(expanded)) {
    if (plans.size() == most) break;
    const auto at = static_cast<std::size_t>(each.data() - expanded.data());
    plans.push_back(plan_report(each, context, source).map_error([&](const Error& error) {
      return as_typed(error, rule, source, at);
    }));
  }
  return plans;
}

}  // namespace provphone::resync
