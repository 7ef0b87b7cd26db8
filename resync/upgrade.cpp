#include "resync/upgrade.hpp"

#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/access.hpp"
#include "resync/load.hpp"

#include <fmt/format.h>

#include <utility>

namespace provphone::resync {
namespace {

using profile::parameter_id;

bool is_enabled(const MacroSource& source) {
  return source.parameters.get(parameter_id("Upgrade_Enable")) != "No";
}

// How one load's version stands to another's; nothing where either is no version of the family.
std::optional<std::strong_ordering> order_of(std::string_view left, std::string_view right,
                                             const MacroSource& source) {
  const auto order = macro::compare_versions(left, right, dialect_of(source.personality).versions);
  return order ? std::optional(*order) : std::nullopt;
}

// R-UPGRADE-02: another load is another load, older ones too.
bool is_running(std::string_view load, const MacroSource& source) {
  const auto running = firmware_of(source.identity.firmware, source.personality);
  return load == running || order_of(load, running, source) == std::strong_ordering::equal;
}

// R-UPGRADE-04
bool is_too_old(std::string_view load, const MacroSource& source) {
  const auto limit = source.parameters.get(parameter_id("Downgrade_Rev_Limit"));
  return !limit.empty() && order_of(load, firmware_of(limit, source.personality), source) ==
                               std::strong_ordering::less;
}

// In this order: an attempt that succeeded was tried as well, and that it runs says more.
std::optional<Reason> why_not(const UpgradeFetch& fetch, const MacroSource& source,
                              const std::optional<UpgradeTarget>& last) {
  if (is_running(fetch.load, source)) return Reason::already_running;
  if (last == fetch.target) return Reason::already_tried;
  if (is_too_old(fetch.load, source)) return Reason::downgrade_refused;
  return std::nullopt;
}

// R-UPGRADE-09
Result<void> check_scheme(const macro::Url& url, const Personality& personality) {
  if (url.scheme != macro::Scheme::https ||
      personality.firmware_over_https == FirmwareOverHttps::yes)
    return {};
  return fail(Errc::unsupported_scheme,
              "phones of this family take loads over tftp and http alone; the knob "
              "firmware_over_https changes that");
}

// R-UPGRADE-13
bool takes_licence(std::string_view load, const Personality& personality) {
  return personality.migration_licence == MigrationLicence::required && is_enterprise_load(load);
}

UpgradePlan nothing(Reason why) {
  UpgradePlan plan;
  plan.why_not = why;
  return plan;
}

}  // namespace

Result<Request> plan_licence(const MacroSource& source, const std::vector<DhcpOption>& lease) {
  constexpr auto rule_id = parameter_id("Trans_Auth_Rule"),
                 type_id = parameter_id("Trans_Auth_Type");
  const auto rule = source.parameters.get(rule_id);
  if (source.parameters.get(type_id) != "Classic")
    return fail(Errc::not_licensed, "Trans_Auth_Type is not Classic, and nothing else is emulated");
  if (macro::is_blank(rule, dialect_of(source.personality)))
    return fail(Errc::not_licensed, "Trans_Auth_Rule is empty");
  auto plan = plan_profile_rule(rule, source, lease);
  if (!plan)
    return fail(Errc::not_licensed, fmt::format("Trans_Auth_Rule: {}", format(plan.error())));
  if (!plan->request) return fail(Errc::not_licensed, "Trans_Auth_Rule names no file");
  // A URL and perhaps a login: what else a rule may say is about profiles.
  Request request;
  request.url = std::move(plan->request->url);
  request.login = std::move(plan->request->login);
  return request;
}

Result<UpgradePlan> plan_upgrade(std::string_view rule, const MacroSource& source,
                                 const std::optional<UpgradeTarget>& last) {
  if (!is_enabled(source)) return nothing(Reason::upgrade_disabled);
  const auto dialect = dialect_of(source.personality);
  if (macro::is_blank(rule, dialect)) return nothing(Reason::rule_empty);
  auto evaluated = macro::evaluate_rule(
      expand_rule(rule, source),
      {dialect, macro::RuleKind::upgrade, source.identity.firmware, std::nullopt});
  if (!evaluated) return tl::unexpected(as_typed(evaluated.error(), rule, source));
  auto& outcome = *evaluated;
  auto plan = nothing(outcome.alternative == 0 ? Reason::no_guard_held : Reason::no_url);
  plan.alternative = outcome.alternative;
  plan.assignments = std::move(outcome.assignments);
  if (!outcome.url) return plan;
  TRY(check_access(*outcome.url, source));
  TRY(check_scheme(*outcome.url, source.personality));
  UpgradeFetch fetch{{std::string(rule), *outcome.url},
                     firmware_of(outcome.url->path, source.personality),
                     login_of(outcome.options),
                     takes_licence(load_name(outcome.url->path), source.personality)};
  if (const auto why = why_not(fetch, source, last)) {
    plan.why_not = *why;
  } else {
    plan.fetch = std::move(fetch);
  }
  return plan;
}

}  // namespace provphone::resync
