#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"
#include "resync/load.hpp"

#include <algorithm>
#include <utility>

// A load is fetched with all its parts and forgotten; what it is called is what the phone runs.
namespace provphone::resync::detail {
namespace {

constexpr std::string_view upgrade_rule = "Upgrade_Rule";
constexpr std::string_view licence_rule = "Trans_Auth_Rule";

// R-UPGRADE-10: what a rule that came with a request led to is not compared with Upgrade_Rule.
void remember_target(const Stride& s, std::string_view rule, UpgradeTarget target) {
  if (rule == upgrade_rule) s.device.tried_upgrade = std::move(target);
}

// R-UPGRADE-07
void remember_outcome(const Stride& s, std::string outcome) {
  s.device.state.err = outcome;
  s.device.state.upgerr = std::move(outcome);
}

// Empty where a licence would be asked for and nothing says where.
std::string url_of_failure(const Stride& s) {
  const auto& retrieval = s.in(Lane::work);
  const bool leads_nowhere = retrieval && retrieval->licensed && !retrieval->errand;
  return leads_nowhere ? std::string() : url_asked(retrieval);
}

void conclude_failed_upgrade(const Stride& s, std::string_view rule, const Error& error) {
  auto url = url_of_failure(s);
  // A rule that could not be evaluated, or whose load was not asked for without its licence, has
  // led nowhere yet, and is looked at again (R-UPGRADE-03).
  if (auto& retrieval = s.in(Lane::work); retrieval && !retrieval->licensed)
    remember_target(s, rule, std::move(retrieval->target));
  remember_outcome(s, std::string(err_text(error)));
  log(s, LogKind::upgrade_failure);
  s.put(UpgradeEnded{rule, {}, error, std::move(url)});
  conclude(s, UpgradeFailed{error.code});
}

// R-UPGRADE-13: it is asked for before each attempt.
void ask_for_licence(const Stride& s) {
  auto& retrieval = s.work();
  retrieval.licensed = {std::move(retrieval.request), retrieval.rule, retrieval.alternative};
  auto request = plan_licence(s.device.macros(), s.device.lease);
  retrieval.request = {};
  if (!request) return licence_failed(s, request.error());
  retrieval.request = *std::move(request);
  retrieval.errand = Errand::licence;
  retrieval.rule = licence_rule;
  retrieval.alternative = 1;
  send(s, Lane::work);
}

}  // namespace

namespace {

// R-HTTP-32
void may_begin_with_head(const Stride& s, Request& request) {
  if (s.device.personality.head_before_load == HeadBeforeLoad::yes &&
      request.url.scheme != macro::Scheme::tftp)
    request.method = Request::Method::head;
}

}  // namespace

void evaluate_upgrade_rule(const Stride& s, const EvaluateUpgrade& wanted) {
  constexpr auto id = profile::parameter_id(upgrade_rule);
  const TimersShown shown(s);
  const bool once = wanted.is_one_time;
  const auto rule = once ? one_time_upgrade_name : upgrade_rule;
  // R-UPGRADE-10: it is not kept.
  const auto own = once ? std::exchange(s.device.one_time_upgrade, {}) : std::string();
  auto plan =
      plan_upgrade(once ? std::string_view(own) : s.device.parameters.get(id), s.device.macros(),
                   once || wanted.is_retry ? std::nullopt : s.device.tried_upgrade);
  if (!plan) return conclude_failed_upgrade(s, rule, plan.error());
  assign(s, rule, plan->alternative, plan->assignments);
  if (!plan->fetch) {
    s.put(RulePassedOver{rule, plan->alternative, plan->why_not, {}});
    return conclude(s, UpgradeSkipped{});
  }
  auto& retrieval = s.in(Lane::work).emplace();
  retrieval.kind = macro::RuleKind::upgrade;
  retrieval.rule = rule;
  retrieval.alternative = plan->alternative;
  retrieval.request.url = plan->fetch->target.url;
  retrieval.request.login = std::move(plan->fetch->login);
  retrieval.request.host_header = s.device.personality.host_of_upgrade;
  may_begin_with_head(s, retrieval.request);
  retrieval.target = std::move(plan->fetch->target);
  retrieval.load = std::move(plan->fetch->load);
  retrieval.lists_parts = s.device.personality.load_content == LoadContent::checked &&
                          is_list_of_parts(retrieval.request.url.path);
  s.put(UpgradeStarted{rule, retrieval.alternative, retrieval.load});
  if (plan->fetch->takes_licence) return ask_for_licence(s);
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
  may_begin_with_head(s, retrieval.request);
  send(s, Lane::work);
}

// R-UPGRADE-06
void upgrade_succeeded(const Stride& s) {
  auto& identity = s.device.identity;
  auto& retrieval = s.work();
  const bool is_migration = retrieval.is_licensed;
  // In this order: software_version() below is that of the new load, for `$ERR` and `$UPGERR`
  // (R-UPGRADE-07).
  identity.firmware = std::move(retrieval.load);
  remember_target(s, retrieval.rule, std::move(retrieval.target));
  remember_outcome(s, software_version(identity, s.device.personality));
  log(s, LogKind::upgrade_success);
  s.put(UpgradeEnded{retrieval.rule, identity.firmware, std::nullopt, {}});
  conclude(s, UpgradeSucceeded{is_migration});
}

}  // namespace

void load_arrived(const Stride& s, const Answered& answer) {
  auto& retrieval = s.work();
  if (auto taken = take_in(s, retrieval, answer); !taken) return upgrade_failed(s, taken.error());
  if (!retrieval.parts.empty()) return ask_for_part(s);
  upgrade_succeeded(s);
}

// What the load's own request does not share with it.
void licence_arrived(const Stride& s, const Answered& answer) {
  if (answer.body_bytes == 0)
    return licence_failed(s, {Errc::not_licensed, "the licence is empty"});
  if (auto licence = check_licence(answer.body); !licence)
    return licence_failed(s, licence.error());
  auto& retrieval = s.work();
  auto licensed = *std::exchange(retrieval.licensed, std::nullopt);
  retrieval.errand.reset();
  retrieval.is_licensed = true;
  retrieval.request = std::move(licensed.request);
  retrieval.rule = licensed.rule;
  retrieval.alternative = licensed.alternative;
  retrieval.hops = 0;
  retrieval.server_talk = {};
  // The answer that it followed from is past.
  retrieval.follows_answer = false;
  send(s, Lane::work);
}

// Why, not_licensed has in words; what was asked is told with it.
void licence_failed(const Stride& s, const Error& error) {
  const bool is_why = error.code == Errc::not_licensed;
  const Error why{Errc::not_licensed, is_why ? error.detail : format(error), error.number};
  conclude_failed_upgrade(s, s.work().licensed->rule, why);
}

void upgrade_failed(const Stride& s, const Error& error) {
  conclude_failed_upgrade(s, s.work().rule, error);
}

}  // namespace provphone::resync::detail
