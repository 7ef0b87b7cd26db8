#include "client/drive/detail/real_impl.hpp"

// Upgrade_Rule in real time: the load is fetched and forgotten, its name is what counts.
namespace provphone::client::drive {

using detail::EventKind;

namespace {

constexpr std::string_view upgrade_rule = "Upgrade_Rule";

}  // namespace

RealDriver::Impl::Answer RealDriver::Impl::upgrade(std::size_t index, bool is_retry) {
  static const auto id = *profile::find_parameter(upgrade_rule);
  auto& it = awake(index);
  auto& phone = it.phone;
  resync::show_timers(phone.setup.state, resync::timers_of(phone.machine, now()));
  auto plan = resync::plan_upgrade(phone.setup.parameters.get(id), phone.macros(),
                                   is_retry ? std::nullopt : it.phone.tried_upgrade);
  if (!plan) return upgrade_failed(index, plan.error());
  assign(index, upgrade_rule, plan->alternative, plan->assignments);
  if (!plan->fetch) {
    auto skipped = rule_event(index, EventKind::rule_skipped, upgrade_rule);
    skipped.reason = plan->why_not;
    skipped.alternative = plan->alternative;
    tell(index, std::move(skipped));
    return resync::UpgradeSkipped{};
  }
  Errand errand;
  errand.kind = macro::RuleKind::upgrade;
  errand.rule = upgrade_rule;
  errand.alternative = plan->alternative;
  errand.what.url = plan->fetch->target.url;
  errand.what.login = plan->fetch->login;
  errand.target = std::move(plan->fetch->target);
  errand.load = std::move(plan->fetch->load);
  auto started = rule_event(index, EventKind::upgrade_started, upgrade_rule);
  started.alternative = errand.alternative;
  started.text = errand.load;
  tell(index, std::move(started));
  it.errand(Lane::work) = std::move(errand);
  start(index, Lane::work);
  return std::nullopt;
}

// R-UPGRADE-06, R-UPGRADE-07
resync::Event RealDriver::Impl::upgrade_done(std::size_t index) {
  auto& it = awake(index);
  auto& setup = it.phone.setup;
  auto& errand = *it.errand(Lane::work);
  setup.identity.firmware = errand.load;
  it.phone.tried_upgrade = std::move(errand.target);
  setup.state.err = resync::software_version(setup.identity, setup.personality);
  setup.state.upgerr = setup.state.err;
  log(index, resync::LogKind::upgrade_success);
  auto done = rule_event(index, EventKind::upgrade_done, upgrade_rule);
  done.text = setup.identity.firmware;
  tell(index, std::move(done));
  return resync::UpgradeSucceeded{};
}

resync::Event RealDriver::Impl::upgrade_failed(std::size_t index, const Error& error) {
  auto& it = awake(index);
  auto& state = it.phone.setup.state;
  if (auto& errand = it.errand(Lane::work)) it.phone.tried_upgrade = std::move(errand->target);
  state.err = resync::err_text(error.code);
  state.upgerr = state.err;
  log(index, resync::LogKind::upgrade_failure);
  auto done = rule_event(index, EventKind::upgrade_done, upgrade_rule);
  done.error = error.code;
  done.detail = error.detail;
  tell(index, std::move(done));
  return resync::UpgradeFailed{error.code};
}

}  // namespace provphone::client::drive
