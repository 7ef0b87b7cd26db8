#include "resync/upgrade.hpp"

#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/access.hpp"
#include "resync/load.hpp"

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

UpgradePlan nothing(Reason why) {
  UpgradePlan plan;
  plan.why_not = why;
  return plan;
}

}  // namespace

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
                     login_of(outcome.options)};
  if (const auto why = why_not(fetch, source, last)) {
    plan.why_not = *why;
  } else {
    plan.fetch = std::move(fetch);
  }
  return plan;
}

}  // namespace provphone::resync
