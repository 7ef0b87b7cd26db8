#include "client/drive/detail/real_impl.hpp"
#include "client/drive/intake.hpp"
#include "resync/restart.hpp"

// Profile rules in real time.
namespace provphone::client::drive {

using detail::EventKind;
using detail::SteadyClock;

RealDriver::Impl::Answer RealDriver::Impl::evaluate(std::size_t index, std::uint8_t slot) {
  auto& phone = awake(index).phone;
  resync::show_timers(phone.setup.state, resync::timers_of(phone.machine, now()));
  auto plan = resync::plan_profile_rule(phone.rule(slot), phone.macros(), phone.setup.lease);
  if (!plan) {
    awake(index).failure.rule = resync::describe_rule(phone.rule(slot), phone.macros());
    return rule_failed(index, plan.error());
  }
  return follow_plan(index, slot, *std::move(plan));
}

RealDriver::Impl::Answer RealDriver::Impl::follow_plan(std::size_t index, std::uint8_t slot,
                                                       resync::Plan plan) {
  const auto rule = resync::rule_parameter_name(slot);
  if (plan.alternative == 0) {
    auto skipped = rule_event(index, EventKind::rule_skipped, rule);
    skipped.reason = plan.skipped;
    add_rule(skipped, index, slot);
    tell(index, std::move(skipped));
    return resync::RuleSkipped{};
  }
  auto& it = awake(index);
  const auto changed = assign(index, rule, plan.alternative, plan.assignments);
  it.needs_restart |= resync::needs_restart(changed, it.phone.setup.personality);
  if (!plan.retrieval) return rule_done(index);
  Errand errand;
  errand.rule = rule;
  errand.alternative = plan.alternative;
  errand.what = *plan.retrieval;
  if (errand.what.method == resync::Retrieval::Method::post)
    errand.method = transport::Method::post;
  errand.slot = slot;
  errand.plan = std::move(plan);
  const bool knows_server = errand.what.srv_domain.empty();
  it.errand(Lane::work) = std::move(errand);
  knows_server ? start(index, Lane::work) : find_servers(index);
  return std::nullopt;
}

void RealDriver::Impl::find_servers(std::size_t index) {
  auto& errand = *awake(index).errand(Lane::work);
  errand.look_up = ++look_ups_;
  if (!resolver_) resolver_.emplace(loop_, run_.dns);
  resolver_->look_up(resync::srv_name(errand.what),
                     [this, index, number = look_ups_](auto records) {
                       const auto& waiting = awake(index).errand(Lane::work);
                       if (waiting && waiting->look_up == number)
                         servers_found(index, std::move(records));
                     });
}

void RealDriver::Impl::servers_found(std::size_t index,
                                     Result<std::vector<resync::SrvRecord>> records) {
  if (!records) return conclude(index, Lane::work, rule_failed(index, records.error()));
  auto& errand = *awake(index).errand(Lane::work);
  errand.plan = resync::with_srv_records(std::move(errand.plan), *std::move(records));
  errand.what = *errand.plan.retrieval;
  start(index, Lane::work);
}

RealDriver::Impl::Answer RealDriver::Impl::take_in(std::size_t index,
                                                   const transport::Response& response) {
  auto& it = awake(index);
  const auto& errand = *it.errand(Lane::work);
  const auto before = SteadyClock::now();
  const auto intake =
      take_in_file(it.phone, errand.slot, errand.what, {response.body, response.content_encoding},
                   run_.phones->memory());
  const auto took = SteadyClock::now() - before;
  if (!intake) return profile_failed(index, intake.error());
  if (run_.on_document && !intake->unchanged_body)
    run_.on_document(index, intake->unpacked.empty() ? response.body : intake->unpacked,
                     errand.what.url);
  auto applied = rule_event(index, EventKind::applied, errand.rule);
  applied.times.decode = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  applied.unchanged_body = intake->unchanged_body;
  for (const auto layer : intake->layers) applied.layers.emplace_back(name(layer));
  if (explains()) {
    applied.changed = detail::names_of(intake->changed);
    for (const auto& ignored : intake->ignored) applied.ignored.push_back(ignored.name);
    add_restart_facts(applied, it.phone.setup.personality);
  }
  tell(index, std::move(applied));
  it.needs_restart |= intake->needs_restart;
  log(index, resync::LogKind::success);
  return rule_done(index);
}

// One place had no usable file: the next one is tried, or the rule has failed.
RealDriver::Impl::Answer RealDriver::Impl::profile_failed(std::size_t index, const Error& error) {
  auto& errand = *awake(index).errand(Lane::work);
  auto next = resync::next_attempt(errand.plan);
  if (!next) return rule_failed(index, error);
  awake(index).phone.setup.state.err = resync::err_text(error.code);
  log(index, resync::LogKind::failure);
  errand.what = *std::move(next);
  errand.hops = 0;
  errand.logged = false;
  start(index, Lane::work);
  return std::nullopt;
}

resync::Event RealDriver::Impl::rule_done(std::size_t index) {
  return resync::RuleSucceeded{std::exchange(awake(index).needs_restart, false)};
}

resync::Event RealDriver::Impl::rule_failed(std::size_t index, const Error& error) {
  auto& it = awake(index);
  it.failure.detail = error.detail;
  it.phone.setup.state.err = resync::err_text(error.code);
  log(index, resync::LogKind::failure);
  return resync::RuleFailed{error.code, std::exchange(it.needs_restart, false)};
}

}  // namespace provphone::client::drive
