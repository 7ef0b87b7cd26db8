#include "resync/plan.hpp"

namespace provphone::resync {
namespace {

bool says_nothing(std::string_view rule) {
  const auto first = rule.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos || rule[first] == '#';
}

Result<Retrieval> retrieval_of(const macro::RuleOutcome& outcome, const MacroSource& source) {
  const auto& options = outcome.options;
  Retrieval retrieval;
  retrieval.url = *outcome.url;
  if (retrieval.url.scheme == macro::Scheme::gds) {
    return fail(Errc::unsupported_scheme,
                "gds:// starts activation-code onboarding, which is not emulated");
  }
  if (options.srv && retrieval.url.scheme == macro::Scheme::tftp) {
    return fail(Errc::unsupported_scheme, "Error - TFTP Scheme not supported in SRV lookups");
  }
  if (options.srv) return fail(Errc::name_not_resolved, "SRV look-up (--srv) is not emulated yet");
  // R-RULE-41: --post is for HTTP and HTTPS; over TFTP the file is read as without it.
  if (options.post && retrieval.url.scheme != macro::Scheme::tftp) {
    retrieval.method = Retrieval::Method::post;
    retrieval.body =
        macro::expand(register_value(source.parameters, *options.post), lookup_of(source));
  }
  retrieval.key = options.key;
  if (options.uid || options.pwd)
    retrieval.login = Login{options.uid.value_or(""), options.pwd.value_or("")};
  if (options.alias) retrieval.alias_map = register_value(source.parameters, *options.alias);
  return retrieval;
}

}  // namespace

Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::optional<macro::DefaultServer>& default_server) {
  const auto expanded = macro::expand(rule, lookup_of(source), secret_scope_of(source.personality));
  const macro::RuleContext context{dialect_of(source.personality), macro::RuleKind::profile,
                                   source.identity.firmware, default_server};
  auto outcome = macro::evaluate_rule(expanded, context);
  if (!outcome) return tl::unexpected(outcome.error());
  Plan plan{outcome->alternative,
            says_nothing(rule) ? Reason::rule_empty : Reason::no_guard_held,
            {},
            {}};
  if (outcome->url) {
    auto retrieval = retrieval_of(*outcome, source);
    if (!retrieval) return tl::unexpected(retrieval.error());
    plan.retrieval = *std::move(retrieval);
  }
  plan.assignments = std::move(outcome->assignments);
  return plan;
}

Retrieval redirected(Retrieval retrieval, macro::Url location) {
  if (location.host != retrieval.url.host) retrieval.login.reset();
  retrieval.url = std::move(location);
  return retrieval;
}

}  // namespace provphone::resync
