#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"
#include "resync/load.hpp"

#include <algorithm>
#include <utility>

// A load is fetched with all its parts and forgotten; what it is called is what the phone runs.
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
  retrieval.lists_parts = s.device.personality.load_content == LoadContent::checked &&
                          is_list_of_parts(retrieval.request.url.path);
  s.put(UpgradeStarted{upgrade_rule, retrieval.alternative, retrieval.load});
  send(s, Lane::work);
}

namespace {

// Nothing of a load counts that is not all there and a load (R-UPGRADE-05, R-UPGRADE-11).
Result<void> take_in(const Stride& s, Retrieval& retrieval, const Answered& answer) {
  if (answer.body_bytes == 0) return fail(Errc::empty_body, "the load has no octets");
  if (s.device.personality.load_content == LoadContent::any) return {};
  if (!std::exchange(retrieval.lists_parts, false)) return check_load(answer.body);
  retrieval.parts = parts_in(answer.body);
  if (retrieval.parts.empty()) return fail(Errc::not_a_load, "it names no parts of a load");
  std::reverse(retrieval.parts.begin(), retrieval.parts.end());
  return {};
}

// From the folder that the list is in, or where a redirect led for it.
void ask_for_part(const Stride& s) {
  auto& retrieval = s.work();
  auto& path = retrieval.request.url.path;
  path = path.substr(0, path.find('?'));
  path = path.substr(0, path.rfind('/') + 1) + retrieval.parts.back();
  retrieval.parts.pop_back();
  retrieval.hops = 0;
  send(s, Lane::work);
}

// R-UPGRADE-06
void upgrade_succeeded(const Stride& s) {
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

}  // namespace

void load_arrived(const Stride& s, const Answered& answer) {
  auto& retrieval = s.work();
  if (auto taken = take_in(s, retrieval, answer); !taken) return upgrade_failed(s, taken.error());
  if (!retrieval.parts.empty()) return ask_for_part(s);
  upgrade_succeeded(s);
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
