#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"

#include <utility>

// The load is fetched and forgotten; its name is what counts.
namespace provphone::resync::detail {
namespace {

constexpr std::string_view upgrade_rule = "Upgrade_Rule";

// R-UPGRADE-07
void remember_attempt(const Stride& s, UpgradeTarget target, std::string outcome) {
  s.device.tried_upgrade = std::move(target);
  s.device.state.err = outcome;
  s.device.state.upgerr = std::move(outcome);
}

}  // namespace

void evaluate_upgrade_rule(const Stride& s, bool is_retry) {
  constexpr auto id = profile::parameter_id(upgrade_rule);
  const TimersShown shown(s);
  auto plan = plan_upgrade(s.device.parameters.get(id), s.device.macros(),
                           is_retry ? std::nullopt : s.device.tried_upgrade);
  if (!plan) return upgrade_failed(s, plan.error());
  assign(s, upgrade_rule, plan->alternative, plan->assignments);
  if (!plan->fetch) {
    s.put(RulePassedOver{upgrade_rule, plan->alternative, plan->why_not, {}});
    return conclude(s, UpgradeSkipped{});
  }
  auto& retrieval = s.in(Lane::work).emplace();
  retrieval.kind = macro::RuleKind::upgrade;
  retrieval.rule = upgrade_rule;
  retrieval.alternative = plan->alternative;
  retrieval.request.url = plan->fetch->target.url;
  retrieval.request.login = std::move(plan->fetch->login);
  retrieval.target = std::move(plan->fetch->target);
  retrieval.load = std::move(plan->fetch->load);
  s.put(UpgradeStarted{upgrade_rule, retrieval.alternative, retrieval.load});
  send(s, Lane::work);
}

// R-UPGRADE-06
void load_arrived(const Stride& s, std::size_t bytes) {
  if (bytes == 0) return upgrade_failed(s, {Errc::empty_body, "the load has no octets"});
  auto& identity = s.device.identity;
  auto& retrieval = s.work();
  // In this order: software_version() below is that of the new load, for `$ERR` and `$UPGERR`
  // (R-UPGRADE-07).
  identity.firmware = std::move(retrieval.load);
  remember_attempt(s, std::move(retrieval.target),
                   software_version(identity, s.device.personality));
  log(s, LogKind::upgrade_success);
  s.put(UpgradeEnded{upgrade_rule, identity.firmware, std::nullopt, {}});
  conclude(s, UpgradeSucceeded{});
}

void upgrade_failed(const Stride& s, const Error& error) {
  auto& state = s.device.state;
  auto url = url_asked(s.in(Lane::work));
  // A rule that could not be evaluated has led nowhere yet, and is looked at again (R-UPGRADE-03).
  if (auto& retrieval = s.in(Lane::work)) s.device.tried_upgrade = std::move(retrieval->target);
  state.err = err_text(error);
  state.upgerr = state.err;
  log(s, LogKind::upgrade_failure);
  s.put(UpgradeEnded{upgrade_rule, {}, error, std::move(url)});
  conclude(s, UpgradeFailed{error.code});
}

}  // namespace provphone::resync::detail
